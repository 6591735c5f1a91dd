import { describe, expect, test } from "bun:test";
import type { Exit } from "../../../../src/model/sample.ts";
import { makeSample, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

describe("how a task ended", () => {
  test.each<[Exit, string]>([
    [{ code: 0, signal: 0 }, "cp (ended)"],
    [{ code: 1, signal: 0 }, "cp (exit 1)"],
    [{ code: 0, signal: 9 }, "cp (signal 9)"],
    [{ code: null, signal: 15 }, "cp (signal 15)"],
    [{ code: 3, signal: null }, "cp (exit 3)"],
    [{ code: null, signal: 0 }, "cp (exit ?)"],
    [{ code: null, signal: null }, "cp (exit ?)"],
  ])("%j", async (exit, text) => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    const threads = [row({ tid: 70, comm: "cp", readBytes: 1024, exit })];
    const shown = await screen.show(makeSample({ threads }));
    expect(shown[4]?.trimEnd()).toEndWith(text);
  });
});

test("a text that is longer than its column loses its end", async () => {
  await using screen = await ScreenHarness.open({ columns: 140, rows: 24 });
  const cgroup = "/system.slice/systemd-networkd-wait-online.service";
  const user = "systemd-resolve";
  const threads = [row({ tid: 70, readBytes: 1024, user, cgroup })];
  const shown = await screen.show(makeSample({ threads }));
  expect(shown[4]).toContain(" systemd… ");
  expect(shown[4]).toContain(" systemd-networ… ");
});
