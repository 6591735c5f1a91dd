import { expect, setDefaultTimeout, test } from "bun:test";
import type { PaceControl } from "../../../../src/model/controls.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

/** Notes what it is asked for. */
class FakePace implements PaceControl {
  intervalMs = 1000;
  samples = 0;
  setIntervalMs(intervalMs: number): void {
    this.intervalMs = intervalMs;
  }
  sampleNow(): void {
    this.samples++;
  }
}

const F5 = "\x1b[15~";

test("19: + and - go through the delays, F5 takes a sample now", async () => {
  const pace = new FakePace();
  const controls = {
    pace,
    tasks: null,
    settings: null,
    replay: null,
    files: null,
  };
  await using screen = await ScreenHarness.open({
    ...{ columns: 120, rows: 24, controls },
  });
  const [sample] = culprits();
  await screen.show(sample!);
  await screen.type("+++");
  expect(pace.intervalMs).toBe(10_000);
  expect(screen.lines().join("\n")).toContain("every 10s");
  expect(screen.lines()[23]).toContain("a sample every 10 s");
  await screen.type(F5);
  expect(pace.samples).toBe(1);
  await screen.type("+++++");
  expect(pace.intervalMs).toBe(60_000);
  expect(screen.lines()[23]).toContain("every 60 s is the longest delay");
  await screen.type("-".repeat(12));
  expect(pace.intervalMs).toBe(100);
  expect(screen.lines()[23]).toContain("every 0.1 s is the shortest delay");
  // From a delay between two steps.
  pace.intervalMs = 1500;
  await screen.type("-");
  expect(pace.intervalMs).toBe(1000);
});

test("a recording has its own pace", async () => {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
  await screen.show(culprits()[0]!);
  await screen.type("+");
  expect(screen.lines()[23]).toContain("a recording has its own pace");
});
