import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Sample } from "../../../../src/model/sample.ts";
import { makeSample, row } from "../../../support/samples.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

const SIZE = { columns: 120, rows: 30 } as const;

async function play(samples: readonly Sample[]): Promise<{
  readonly screen: ScreenHarness;
  readonly frames: readonly (readonly string[])[];
}> {
  const screen = await ScreenHarness.open(SIZE);
  const frames = [];
  for (const sample of samples) frames.push(await screen.show(sample));
  return { screen, frames };
}

/** The rows of the table as text, idle ones left out: a long list has a scroll bar that takes the ends of commands. */
const busyRows = (lines: readonly string[]): readonly string[] =>
  lines
    .filter((line) => /fio|dd \(/.test(line))
    .map((line) => line.slice(0, 100).trimEnd());
const clockOf = (lines: readonly string[]): string =>
  /\d\d:\d\d:\d\d/.exec(lines.join("\n"))![0];

describe("looking back", () => {
  test("three samples show the numbers of the ninth, in its order and with its graphs", async () => {
    const { screen, frames } = await play(culprits());
    await using _ = screen;
    await screen.type("s");
    const shown = await screen.type("[[[");
    expect(shown.at(-1)).toContain("frozen 3 s ago, 23:04:09, 9 of 12 kept");
    expect(busyRows(shown)).toEqual(busyRows(frames[8]!));
    expect(shown.slice(0, 2)).toEqual(frames[8]!.slice(0, 2));
    const back = await screen.type("]");
    expect(back.at(-1)).toContain("frozen 2 s ago, 23:04:10, 10 of 12 kept");
    expect(busyRows(back)).toEqual(busyRows(frames[9]!));
    expect((await screen.type("{")).at(-1)).toContain("1 of 12 kept");
    expect(busyRows(await screen.type("}"))).toEqual(busyRows(frames[10]!));
    const newest = await screen.type("s");
    expect(busyRows(newest)).toEqual(busyRows(frames[11]!));
    expect(newest.join("\n")).not.toContain("kept");
  });

  test("sorts, folds and finds there", async () => {
    const { screen, frames } = await play(culprits());
    await using _ = screen;
    const all = await screen.type("[[[");
    expect(all.join("\n")).toContain("frozen 3 s ago");
    expect(all.some((line) => line.includes("kthreadd"))).toBe(true);
    const active = await screen.type("o");
    expect(active.some((line) => line.includes("kthreadd"))).toBe(false);
    expect(busyRows(active)).toEqual(busyRows(frames[8]!));
    const processes = await screen.type("p");
    expect(processes.filter((line) => /[├└]/.test(line))).toEqual([]);
    const threads = await screen.type("p");
    expect(threads.filter((line) => /1861\d|18620/.test(line)).length).toBe(4);
    await screen.type("p/archive");
    const found = await screen.type("\r");
    expect(busyRows(found)).toHaveLength(1);
    expect(found.at(-1)).toContain("frozen 3 s ago");
  });

  test("goes on while samples come: what is shown stays, and is longer ago", async () => {
    const samples = culprits({ samples: 20 });
    const { screen, frames } = await play(samples.slice(0, 12));
    await using _ = screen;
    await screen.type("[");
    for (const sample of samples.slice(12)) await screen.show(sample);
    const shown = screen.lines();
    expect(shown.at(-1)).toContain("frozen 9 s ago, 23:04:11, 11 of 20 kept");
    expect(busyRows(shown)).toEqual(busyRows(frames[10]!));
    const on = await screen.type("]]");
    expect(clockOf(on)).toBe("23:04:13");
    expect((await screen.type("}")).at(-1)).toContain("20 of 20 kept");
    expect((await screen.type("]")).join("\n")).toContain("newest sample");
    expect(clockOf(await screen.type(" "))).toBe("23:04:20");
  });

  test("300 samples are kept; the oldest moves on when it is kept no longer", async () => {
    await using screen = await ScreenHarness.open(SIZE);
    const sample = (seq: number): Sample =>
      makeSample({
        seq,
        timeMs: 1000 * seq,
        threads: [row({ tid: 7, readBytes: 1024 * seq })],
      });
    for (let seq = 1; seq <= 310; seq++) await screen.show(sample(seq));
    const oldest = await screen.type("[" + "{".repeat(30));
    expect(oldest.at(-1)).toContain("frozen 4 min 59 s ago, 00:00:11");
    expect(oldest.at(-1)).toContain("1 of 300 kept");
    const later = await screen.show(sample(311));
    expect(later.at(-1)).toContain("00:00:12, 1 of 300 kept");
    expect((await screen.type("[")).join("\n")).toContain("nothing older");
  });
});

test("a recording steps in the same way", async () => {
  // Other objects for the same tasks in each sample, as a replay has them.
  const samples = culprits().map((sample) =>
    makeSample({
      seq: sample.seq,
      timeMs: sample.timeMs,
      host: sample.host,
      threads: sample.threads.map((each) => {
        const { task, elapsedNs, since, count, born, exit, blockedNs } = each;
        return row({
          ...each,
          ...{ tid: task.tid, task: { ...task }, since },
          ...{ elapsedNs, count, born, exit, blockedNs },
        });
      }),
    }),
  );
  const { screen, frames } = await play(samples);
  await using _ = screen;
  for (const at of [10, 9, 8]) {
    const shown = await screen.type("[");
    expect(busyRows(shown)).toEqual(busyRows(frames[at]!));
  }
  expect(busyRows(await screen.type("]"))).toEqual(busyRows(frames[9]!));
});
