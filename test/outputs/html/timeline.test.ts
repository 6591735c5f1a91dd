import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { beginMsOf, type Bin } from "../../../outputs/html/bin.ts";
import { Timeline } from "../../../outputs/html/timeline.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { DEFAULT_VIEW, type View } from "../../../src/model/view/view.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../../src/model/view/task-filter.ts";
import { makeSample, row, type SampleFields } from "../../support/samples.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";

setDefaultTimeout(120_000);

const ENDED = { code: 0, signal: 0 };
const SHOWN = { kind: "comm", points: 8, cells: 1000 } as const;

const timelineOf = (
  samples: readonly Sample[],
  options: Partial<ConstructorParameters<typeof Timeline>[0]> = {},
  view: Partial<View> = {},
): Timeline => {
  const timeline = new Timeline({ ...SHOWN, ...options });
  for (const sample of samples)
    timeline.add(sample, { ...DEFAULT_VIEW, ...view });
  return timeline;
};

/** Of a second that ends at this one, in which dd read so many bytes. */
const second = (endS: number, readBytes = 1024, more: SampleFields = {}) =>
  makeSample({
    seq: endS,
    timeMs: endS * 1000,
    threads: [row({ tid: 5, comm: "dd", readBytes })],
    ...more,
  });

const seconds = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => second(from + 1 + n));

/** From and to, s, and bytes read. */
const shape = ({ bins }: Timeline) =>
  bins.map((bin: Bin) => [
    beginMsOf(bin) / 1000,
    bin.endMs / 1000,
    bin.total.readBytes,
  ]);

describe("bins", () => {
  test("are samples, as long as there are few", () => {
    expect(shape(timelineOf(seconds(0, 3)))).toEqual([
      [0, 1, 1024],
      [1, 2, 1024],
      [2, 3, 1024],
    ]);
  });

  test("are merged in pairs when there are too many, and later ones are as long", () => {
    expect(shape(timelineOf(seconds(0, 12)))).toEqual(
      [0, 2, 4, 6, 8, 10].map((from) => [from, from + 2, 2048]),
    );
    const long = timelineOf(seconds(0, 1000));
    expect(long.bins.length).toBeLessThanOrEqual(8);
    expect(long.bins.length).toBeGreaterThanOrEqual(4);
    expect(
      new Set(long.bins.slice(0, -1).map(({ samples }) => samples)),
    ).toEqual(new Set([128]));
  });

  test("end where a pause begins", () => {
    const samples = [...seconds(0, 7), ...seconds(100, 105)];
    expect(shape(timelineOf(samples))).toEqual([
      [0, 2, 2048],
      [2, 4, 2048],
      [4, 6, 2048],
      [6, 7, 1024],
      [100, 102, 2048],
      [102, 104, 2048],
      [104, 105, 1024],
    ]);
  });

  test("span pauses where there are more of these than bins", () => {
    const samples = Array.from({ length: 100 }, (_, n) => second(n * 50));
    const { bins } = timelineOf(samples);
    expect(bins.length).toBeLessThanOrEqual(8);
    expect(bins.reduce((sum, { watchedNs }) => sum + watchedNs, 0)).toBe(100e9);
  });

  test("stay in order when a clock is set back, with every byte", () => {
    const samples = [...seconds(0, 5), ...seconds(2, 6)];
    expect(shape(timelineOf(samples))).toEqual([
      [0, 1, 1024],
      [1, 2, 1024],
      // Watched twice.
      [1, 3, 2048],
      [2, 4, 2048],
      [3, 5, 2048],
      [5, 6, 1024],
    ]);
  });

  test("are shared by machines that were watched at the same time", () => {
    const other = { origin: { hostname: "db2" } };
    const both = [...seconds(0, 3), second(2, 512, other), second(9, 1, other)];
    expect(shape(timelineOf(both))).toEqual([
      [0, 1, 1024],
      [1, 2, 1536],
      [2, 3, 1024],
      [8, 9, 1],
    ]);
  });

  test("of an earlier time come first", () => {
    expect(shape(timelineOf([...seconds(50, 52), second(3)]))).toEqual([
      [2, 3, 1024],
      [50, 51, 1024],
      [51, 52, 1024],
    ]);
  });
});

describe("what a bin knows", () => {
  test("stalls are times; one that was not seen is not estimated", () => {
    const pressures = [{ someRatio: 0.5, fullRatio: 0.25 }, null];
    const samples = pressures.map((pressure, n) =>
      second(n + 1, 0, { host: { pressure } }),
    );
    const bins = timelineOf(samples).bins;
    expect(bins.map(({ stalledSomeNs }) => stalledSomeNs)).toEqual([5e8, null]);
    const merged = timelineOf(samples, { points: 1 }).bins;
    expect(merged.map(({ stalledSomeNs }) => stalledSomeNs)).toEqual([null]);
  });

  test("of machines side by side, the one that was stalled most counts", () => {
    const samples = [0.5, 0.75].map((someRatio, n) =>
      second(1, 0, {
        origin: { hostname: `db${n}` },
        host: { pressure: { someRatio, fullRatio: 0 } },
      }),
    );
    const [bin, ...others] = timelineOf(samples).bins;
    expect([bin!.watchedNs, bin!.stalledSomeNs, others]).toEqual([
      ...[1e9, 0.75e9, []],
    ]);
  });

  test.each([
    ["-p", { pids: [6] }],
    ["a filter", { filter: parseFilter("^task6$") as TaskFilter }],
  ])("with %s, the total is of the tasks that are watched", (_, view) => {
    const threads = [
      row({ tid: 5, readBytes: 1024 }),
      row({ tid: 6, readBytes: 4096 }),
    ];
    const sample = makeSample({ threads });
    const [bin] = timelineOf([sample], {}, view).bins;
    expect(bin!.total.readBytes).toBe(4096);
    expect([...bin!.cells.keys()]).toEqual(["task6"]);
  });

  test("processes are counted where they begin, and where they did something last", () => {
    const dd = (tid: number, more: object = {}) =>
      row({ tid, comm: "dd", readBytes: 1024, ...more });
    const rows = [
      [dd(5), dd(6, { exit: ENDED })],
      [dd(5)],
      [dd(5, { readBytes: 0, exit: ENDED }), dd(7)],
      [dd(7, { comm: "sh" })],
    ];
    const timeline = timelineOf(
      rows.map((threads, n) => second(n + 1, 0, { threads })),
    );
    const lastOfCurrent = timeline.lastOfCurrent();
    const counts = timeline.bins.map(({ cells }) =>
      [...cells].map(([name, cell]) => [
        ...[name, cell.first, cell.last, cell.ended],
        lastOfCurrent.get(cell) ?? 0,
      ]),
    );
    expect(counts).toEqual([
      [["dd", 2, 1, 1, 0]],
      [["dd", 0, 1, 1, 0]],
      [["dd", 1, 1, 0, 0]],
      [["sh", 1, 0, 0, 1]],
    ]);
  });
});

describe("groups", () => {
  const busy = (name: string, readBytes: number) =>
    row({ tid: name.charCodeAt(0), comm: name, readBytes });

  test("are ranked by what they moved over all bins", () => {
    const samples = [
      [busy("a", 1), busy("b", 5)],
      [busy("a", 7), busy("c", 2)],
    ].map((threads, n) => second(n + 1, 0, { threads }));
    expect(timelineOf(samples).rank()).toEqual(["a", "b", "c"]);
  });

  test("lose their names when there are too many, the smallest first; no byte is lost", () => {
    const samples = Array.from({ length: 60 }, (_, n) =>
      second(n + 1, 0, {
        threads: [
          row({ tid: 1, comm: "big", readBytes: 1 << 20 }),
          row({ tid: 100 + n, comm: `small-${n}`, readBytes: n }),
        ],
      }),
    );
    const timeline = timelineOf(samples, { points: 100, cells: 80 });
    expect(timeline.smallNames).toBeGreaterThan(0);
    expect(timeline.rank()[0]).toBe("big");
    let bytes = 0;
    for (const { cells, small } of timeline.bins) {
      bytes += small.amounts.readBytes ?? 0;
      for (const { amounts } of cells.values()) bytes += amounts.readBytes ?? 0;
    }
    expect(bytes).toBe(60 * (1 << 20) + (59 * 60) / 2);
  });
});

test("however time is divided, each group adds up to the same", () => {
  const sumsOf = (timeline: Timeline) => {
    const sums = new Map<string, number>();
    for (const { cells } of timeline.bins)
      for (const [name, { amounts, first, last, ended }] of cells)
        for (const [what, value] of Object.entries({
          ...{ ...amounts, first, last, ended },
        }))
          sums.set(
            `${name} ${what}`,
            (sums.get(`${name} ${what}`) ?? 0) + (value ?? 0),
          );
    return new Map([...sums].filter(([, value]) => value !== 0));
  };
  fc.assert(
    fc.property(
      simulatedRun(6),
      fc.integer({ min: 1, max: 5 }),
      (samples, points) => {
        const few = timelineOf(samples, { points });
        expect(few.bins.length).toBeLessThanOrEqual(points);
        expect(sumsOf(few)).toEqual(sumsOf(timelineOf(samples)));
      },
    ),
    { numRuns: 60 },
  );
});
