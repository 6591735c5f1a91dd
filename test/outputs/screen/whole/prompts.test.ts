import { expect, setDefaultTimeout, test } from "bun:test";
import { eventually } from "../../../support/eventually.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { FakeTasks } from "../../../support/fake-tasks.ts";
import { poolDetails } from "../../../support/screen/pool-details.ts";
import { busySample, text } from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

test("a prompt takes the hint line and every key, until it is closed", async () => {
  await using screen = await ScreenHarness.open({ columns: 100, rows: 24 });
  await screen.show(busySample());
  await screen.type("/qo");
  expect(text(screen.lines())).toContain("no such task now");
  expect(screen.stops).toBe(0);
  expect(screen.lines()[23]).toStartWith(" / qo");
  expect(screen.lines()[23]).toContain("⏎ keep  esc drop");
  await screen.type("\x15fio\r");
  expect(screen.lines()[23]).not.toContain("keep");
  expect(text(screen.lines())).not.toContain("postgres");
  // It is there to be changed, and Esc drops it.
  expect((await screen.type("/"))[23]).toStartWith(" / fio");
  await screen.type("\x1b");
  await eventually(
    () => text(screen.lines()),
    (shown) => shown.includes("postgres"),
  );
});

test("a window too low for hints has room for a prompt", async () => {
  await using screen = await ScreenHarness.open({ columns: 40, rows: 8 });
  await screen.show(busySample());
  expect((await screen.type("/fio"))[7]).toStartWith(" / fio");
});

test.each(["/", "f", "i", "K", "\r"])(
  "%j closes the help, which would cover what it is about",
  async (key) => {
    const tasks = new FakeTasks();
    tasks.details = poolDetails(1);
    await using screen = await ScreenHarness.open({
      columns: 100,
      rows: 30,
      controls: {
        tasks,
        pace: null,
        settings: null,
        replay: null,
        files: null,
      },
    });
    await screen.show(busySample());
    expect(text(await screen.type("jh"))).toContain("─ help ─");
    expect(text(await screen.type(key))).not.toContain("─ help ─");
  },
);
