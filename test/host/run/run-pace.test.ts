import { expect, test } from "bun:test";
import { paceOf } from "../../../src/host/run/run-pace.ts";
import { FakeSource } from "../../support/fake-source.ts";
import { resolved } from "../../support/run-world.ts";

const SCREEN = resolved({ write() {} }, { owns: "terminal" });
const OTHER = resolved({ write() {} }, { owns: "stdout" });
const LIVE = new FakeSource();
const FREE = { intervalMs: 1000, count: null, durationMs: null };

test("a screen that is alone has its first figures soon", () => {
  expect(paceOf(FREE, LIVE, [SCREEN]).firstIntervalMs).toBe(150);
});

test.each([
  ["text", FREE, [OTHER]],
  ["a screen with another output beside it", FREE, [SCREEN, OTHER]],
  ["a count", { ...FREE, count: 3 }, [SCREEN]],
  ["a duration", { ...FREE, durationMs: 5000 }, [SCREEN]],
])("with %s all intervals are as asked for", (_, asked, outputs) => {
  const { control, ...pace } = paceOf(asked, LIVE, outputs);
  expect(pace).toEqual(asked);
  expect(control!.intervalMs).toBe(1000);
});

test("the pace of a recording is its own", () => {
  const source = new FakeSource({ name: "replay" });
  expect(paceOf(FREE, source, [SCREEN]).control).toBeNull();
});
