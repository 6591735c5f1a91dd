/** Keys that change how things are said, on the screen. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

const SAMPLE = culprits().at(-1)!;
const rowOf = (lines: readonly string[], name: string): string =>
  lines.find((line) => line.includes(name))!;

test.each(["b", "\x02"])(
  "%j counts K in thousands, and then in 1,024 again",
  async (key) => {
    await using screen = await ScreenHarness.open({ columns: 100, rows: 30 });
    await screen.show(SAMPLE);
    const binary = rowOf(screen.lines(), "--name=wal");
    const [, amount] = / (\d+)K /.exec(binary)!;
    const decimal = rowOf(await screen.type(key), "--name=wal");
    const [, more] = / (\d+)K /.exec(decimal)!;
    expect(Number(more) / Number(amount)).toBeCloseTo(1.024, 2);
    expect(rowOf(await screen.type(key), "--name=wal")).toBe(binary);
  },
);

test("T takes the clock away and brings it back", async () => {
  await using screen = await ScreenHarness.open({ columns: 100, rows: 30 });
  await screen.show(SAMPLE);
  const clock = /\d\d:\d\d:\d\d$/m;
  expect(screen.lines().join("\n")).toMatch(clock);
  expect((await screen.type("T")).join("\n")).not.toMatch(clock);
  expect((await screen.type("T")).join("\n")).toMatch(clock);
});

test("D brings back the pace and the mouse of the start, and leaves -p alone", async () => {
  const pace = {
    intervalMs: 30_000,
    setIntervalMs: (ms: number) => void (pace.intervalMs = ms),
    sampleNow() {},
  };
  await using screen = await ScreenHarness.open({
    columns: 100,
    rows: 30,
    view: { pids: [18710] },
    controls: { pace, tasks: null, settings: null, replay: null, files: null },
  });
  await screen.show(SAMPLE);
  await screen.type("mD");
  expect(pace.intervalMs).toBe(1000);
  expect(screen.mouse).toBe(false);
  expect(rowOf(screen.lines(), "--name=archive")).toBeDefined();
  expect(rowOf(screen.lines(), "--name=wal")).toBeUndefined();
});
