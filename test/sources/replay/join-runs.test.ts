import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { createSample } from "../../../src/model/create-sample.ts";
import { COUNTERS } from "../../../src/model/counters.ts";
import {
  Row,
  addDeltas,
  sumDeltas,
  unknownDelta,
} from "../../../src/model/delta.ts";
import { EndedTally } from "../../../src/model/tasks/ended-tally.ts";
import { mergeSamples } from "../../../src/model/merge/merge.ts";
import {
  encodeRecord,
  fromRecord,
  toRecord,
} from "../../../src/model/record/record.ts";
import type {
  EndedThreads,
  IoDelta,
  Sample,
  TaskDelta,
} from "../../../src/model/sample.ts";
import {
  DEFAULT_VIEW,
  isWatched,
  type View,
} from "../../../src/model/view/view.ts";
import { RunJoiner } from "../../../src/sources/replay/join-runs.ts";
import {
  IDLE,
  SAMPLE_TIME_MS,
  background,
  fileDelta,
  makeSample,
  row,
} from "../../support/samples.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";
import { addMoved, type Moved } from "../../support/runs/watched-sums.ts";

setDefaultTimeout(120_000);

const view = (fields: Partial<View> = {}): View => ({
  ...DEFAULT_VIEW,
  ...fields,
});

const encode = (sample: Sample, fields: Partial<View> = {}, all = true) =>
  encodeRecord(toRecord(sample, { all, view: view(fields) }));

const replay = (lines: readonly string[]): Sample[] => {
  const joiner = new RunJoiner();
  return lines.map((line) => joiner.add(fromRecord(JSON.parse(line))));
};

const minus = (a: IoDelta, b: IoDelta | undefined): IoDelta => {
  const left = unknownDelta();
  for (const counter of COUNTERS)
    left[counter] =
      a[counter] === null ? null : a[counter]! - (b?.[counter] ?? 0);
  return left;
};

const timeMsOf = (sample: Sample | undefined): number =>
  sample?.timeMs ?? SAMPLE_TIME_MS;

/** What somebody records who begins to watch after `before` samples, by a clock that is wrong by so much. */
function recordFrom(
  run: readonly Sample[],
  before: number,
  to: number,
  shiftMs: number,
): Sample[] {
  const base = new Map<string, IoDelta>();
  for (const { threads } of run.slice(0, before))
    for (const { task, since } of threads) base.set(task.key, since);
  const shifted = (key: string) => (shiftMs === 0 ? key : `${key} shifted`);
  const shift = (each: TaskDelta): TaskDelta =>
    new Row({
      ...each,
      task: {
        ...each.task,
        key: shifted(each.task.key),
        processKey: shifted(each.task.processKey),
        startMs: each.task.startMs + shiftMs,
      },
      io: each,
      since: minus(each.since, base.get(each.task.key)),
    });
  const past = new Map<string, EndedThreads>();
  let since: IoDelta = unknownDelta();
  return run.slice(before, to).map((sample, n) => {
    since = addDeltas(since, sample.host);
    const threads = sample.threads.map(shift);
    const endedThreads = new Map(past);
    for (const { task, exit, ...ended } of threads) {
      if (exit === null) continue;
      const known = past.get(task.processKey) ?? background(IDLE, 0);
      past.set(
        task.processKey,
        background(addDeltas(known.since, ended.since), known.count + 1),
      );
    }
    return createSample({
      ...sample,
      seq: n + 1,
      timeMs: sample.timeMs + shiftMs,
      // As long as the run says: by it, a replay knows who began in it.
      intervalNs: (sample.timeMs - timeMsOf(run[before + n - 1])) * 1e6,
      uptimeS: (sample.timeMs - SAMPLE_TIME_MS) / 1000 + 1000,
      host: { ...sample.host, since },
      threads,
      endedThreads,
    });
  });
}

const bytes = ({ readBytes, writeBytes, cancelledBytes }: IoDelta) => ({
  readBytes: readBytes ?? 0,
  writeBytes: writeBytes ?? 0,
  cancelledBytes: cancelledBytes ?? 0,
});

const sums = (parts: readonly IoDelta[]) => bytes(sumDeltas(parts));

describe("two recordings one after the other: rows, totals and what both files hold are the same sum", () => {
  const cases = fc.record({
    run: simulatedRun(9),
    first: fc.integer({ min: 1, max: 4 }),
    gap: fc.nat({ max: 3 }),
    shiftMs: fc.constantFrom(0, 1, -9 * 3_600_000, 4 * 365 * 86_400_000),
    isMerged: fc.boolean(),
    recorded: fc.constantFrom<Partial<View>>({}, { processes: true }),
    shown: fc.record({
      processes: fc.boolean(),
      pids: fc.constantFrom([], [], [1, 3]),
    }),
  });

  test("whatever is shown, whatever happened in between, and however slow the output is", () => {
    fc.assert(
      fc.property(
        cases,
        ({ run, first, gap, shiftMs, isMerged, recorded, shown }) => {
          const samples = [
            ...recordFrom(run, 0, first, 0),
            ...recordFrom(run, first + gap, run.length, shiftMs),
          ];
          const lines = samples.map((sample) => encode(sample, recorded));
          const replayed = replay(lines);
          // Of recorded processes a merge cannot know who names them next.
          const parts =
            isMerged && recorded.processes !== true
              ? [
                  replayed.slice(0, first + 1).reduce(mergeSamples),
                  ...replayed.slice(first + 1),
                ]
              : replayed;
          const chosen = view(shown);
          const tally = new EndedTally(chosen);
          let moved: Moved | null = null;
          for (const sample of parts) {
            const { groups } = tally.add(sample);
            moved = addMoved(moved, sample, chosen);
            const rows = chosen.processes ? sample.processes : sample.threads;
            const living = rows.filter(
              (each) => each.exit === null && isWatched(each, chosen),
            );
            const shownSum = sums(
              [...living, ...groups].map(({ since }) => since),
            );
            expect(shownSum.readBytes).toBe(moved.readBytes!);
            expect(shownSum.writeBytes).toBe(moved.writeBytes!);
            if (chosen.pids.length === 0)
              expect(shownSum).toEqual(bytes(sample.host.since));
          }
          if (chosen.pids.length === 0) {
            const told = lines.map((line) => fromRecord(JSON.parse(line)).host);
            expect(bytes(parts.at(-1)!.host.since)).toEqual(sums(told));
          }
          // And yet the lines come back as they were.
          expect(replayed.map((sample) => encode(sample, recorded))).toEqual(
            lines,
          );
        },
      ),
      { numRuns: 500, includeErrorInReport: true },
    );
  });
});

describe("a recording without its first lines", () => {
  test("has sums that start where it begins, and its lines come back as they were", () => {
    fc.assert(
      fc.property(
        simulatedRun(8),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (run, missing, isTwice) => {
          const whole = recordFrom(run, 0, run.length, 0).map((sample) =>
            encode(sample),
          );
          const lines = [
            ...whole.slice(missing),
            ...(isTwice ? whole.slice(0, 2) : []),
          ];
          const replayed = replay(lines);
          let host: IoDelta = unknownDelta();
          const tasks = new Map<string, IoDelta>();
          for (const sample of replayed) {
            host = addDeltas(host, sample.host);
            expect(bytes(sample.host.since)).toEqual(bytes(host));
            // The next run of the same has other tasks by the same keys.
            if (isTwice) continue;
            for (const each of sample.threads) {
              const { key } = each.task;
              const moved = addDeltas(tasks.get(key) ?? IDLE, each);
              tasks.set(key, moved);
              expect(bytes(each.since)).toEqual(bytes(moved));
            }
          }
          expect(replayed.map((sample) => encode(sample))).toEqual(lines);
        },
      ),
      { numRuns: 200, includeErrorInReport: true },
    );
  });
});

describe("what goes on", () => {
  const exit = { code: 0, signal: 0 };
  const BOOT_MS = SAMPLE_TIME_MS - 3_600_000;
  const KIB = 1024;
  interface Moment {
    readonly seq: number;
    /** Since boot. */
    readonly atS: number;
    readonly threads: readonly TaskDelta[];
    /** Sum of the host, this run. */
    readonly sinceBytes: number;
    readonly clockMs?: number;
    readonly bootId?: string;
    /** Living tasks that are not listed. */
    readonly unlisted?: number;
  }
  const moment = ({
    seq,
    atS,
    threads,
    sinceBytes,
    ...more
  }: Moment): string => {
    const { clockMs = 0, bootId = "a", unlisted = 0 } = more;
    const sample = makeSample({
      seq,
      timeMs: BOOT_MS + clockMs + atS * 1000,
      uptimeS: atS,
      threads,
      origin: { bootId },
    });
    const { host } = sample;
    return encode(
      createSample({
        ...sample,
        host: {
          ...host,
          tasks: host.tasks + unlisted,
          since: { ...host.since, writeBytes: sinceBytes },
        },
        endedThreads: new Map(),
        unlisted: { tasks: unlisted, io: IDLE },
      }),
    );
  };
  /** One that writes a KiB a sample and has written some. */
  const writer = (tid: number, sinceKib: number, more: object = {}) =>
    row({
      tid,
      comm: "w",
      writeBytes: KIB,
      since: { writeBytes: sinceKib * KIB },
      startMs: BOOT_MS + 60_000,
      ...more,
    });
  const written = (samples: readonly Sample[]) =>
    samples.map(({ host, threads }) => [
      host.since.writeBytes! / KIB,
      ...threads.map(
        ({ task, since, exit: end }) =>
          `${task.tid} ${since.writeBytes! / KIB}${end === null ? "" : " ended"}`,
      ),
    ]);

  test("a task that lived on, by the same key, and one that was not seen at once", () => {
    const unlisted = 50;
    const samples = replay([
      moment({
        seq: 1,
        atS: 100,
        threads: [writer(5, 1)],
        sinceBytes: KIB,
        unlisted,
      }),
      moment({
        seq: 2,
        atS: 101,
        threads: [writer(5, 2), writer(6, 1)],
        sinceBytes: 3 * KIB,
        unlisted,
      }),
      moment({
        seq: 1,
        atS: 200,
        threads: [writer(5, 1)],
        sinceBytes: KIB,
        unlisted,
      }),
      moment({
        seq: 2,
        atS: 201,
        threads: [writer(6, 1, { exit })],
        sinceBytes: 2 * KIB,
        unlisted,
      }),
    ]);
    expect(written(samples)).toEqual([
      [1, "5 1"],
      [3, "5 2", "6 1"],
      [4, "5 3"],
      [5, "6 2 ended"],
    ]);
  });

  test("a key is computed anew by each run, also after the clock was set: it stays the first one", () => {
    for (const shiftMs of [1, -9 * 3_600_000, 126_230_400_000]) {
      const again = { startMs: BOOT_MS + 60_000 + shiftMs };
      const samples = replay([
        moment({ seq: 1, atS: 100, threads: [writer(5, 1)], sinceBytes: KIB }),
        moment({
          seq: 1,
          atS: 200,
          clockMs: shiftMs,
          threads: [writer(5, 1, again)],
          sinceBytes: KIB,
        }),
        moment({
          seq: 2,
          atS: 201,
          clockMs: shiftMs,
          threads: [writer(5, 2, { ...again, exit })],
          sinceBytes: 2 * KIB,
        }),
      ]);
      expect(written(samples)).toEqual([
        [1, "5 1"],
        [2, "5 2"],
        [3, "5 3 ended"],
      ]);
      const keys = samples.map(({ threads }) => threads[0]!.task.key);
      expect(new Set(keys).size).toBe(1);
    }
  });

  test("its files are of the process by its first key", () => {
    const at = (seq: number, shiftMs: number) => {
      const startMs = SAMPLE_TIME_MS - 60_000 + shiftMs;
      const processKey = `7.${startMs}`;
      return makeSample({
        ...{
          seq,
          timeMs: SAMPLE_TIME_MS + 1000 * seq + shiftMs,
          uptimeS: 100 + seq,
        },
        threads: [row({ tid: 7, startMs, processKey, readBytes: 1 })],
        files: [
          fileDelta({ processKey, readBytes: 1 }),
          fileDelta({ processKey: null }),
        ],
      });
    };
    const joined = replay([at(1, 0), at(1, 5)].map((each) => encode(each)));
    for (const { threads, files } of joined)
      expect(files!.map(({ processKey }) => processKey)).toEqual([
        threads[0]!.task.processKey,
        null,
      ]);
    expect(joined[1]!.threads[0]!.task.processKey).toBe(
      joined[0]!.threads[0]!.task.processKey,
    );
  });

  test("an id that somebody else has by then: the end of the first is told", () => {
    const other = writer(5, 1, {
      comm: "x",
      startMs: BOOT_MS + 150_000,
      processKey: "x",
    });
    const samples = replay([
      moment({
        seq: 1,
        atS: 100,
        threads: [writer(5, 1)],
        sinceBytes: KIB,
        unlisted: 9,
      }),
      moment({
        seq: 1,
        atS: 200,
        threads: [other],
        sinceBytes: KIB,
        unlisted: 9,
      }),
    ]);
    expect(written(samples)[1]).toEqual([2, "5 1", "5 1 ended"]);
    expect(samples[1]!.threads[1]).toMatchObject({
      task: { comm: "w" },
      writeBytes: null,
      exit: { code: null, signal: null },
    });
  });

  test("whoever is not in a list of all tasks, or lived before the machine was started anew, has ended", () => {
    const first = moment({
      seq: 1,
      atS: 100,
      threads: [writer(5, 1), writer(6, 0, { writeBytes: 0 })],
      sinceBytes: KIB,
    });
    for (const then of [
      { atS: 200, unlisted: 0 },
      { atS: 20, bootId: "b", unlisted: 9 },
    ]) {
      const samples = replay([
        first,
        moment({ seq: 1, threads: [], sinceBytes: 0, ...then }),
        moment({ seq: 2, threads: [], sinceBytes: 0, ...then }),
      ]);
      expect(written(samples)).toEqual([
        [1, "5 1", "6 0"],
        [1, "5 1 ended"],
        [1],
      ]);
    }
  });

  describe("a thread ended idle between two runs, and its process moved bytes and ended later", () => {
    const thread = (tid: number, more: object = {}) =>
      row({ tid, pid: 5, startMs: BOOT_MS + 60_000, ...more });
    const last = (tid: number) => thread(tid, { writeBytes: KIB, exit });

    for (const [what, ended] of [
      ["the main thread", 6],
      ["another thread, and the main thread went on", 5],
    ] as const)
      for (const after of [0, 1])
        test(`${what}: a merge of ${2 + after} samples counts each byte`, () => {
          const samples = replay([
            moment({
              seq: 1,
              atS: 100,
              threads: [thread(5), thread(6)],
              sinceBytes: 0,
            }),
            ...[thread(ended), last(ended)].slice(1 - after).map((each, n) =>
              moment({
                seq: n + 1,
                atS: 200 + n,
                threads: [each],
                sinceBytes: each.writeBytes!,
              }),
            ),
            moment({
              seq: 2 + after,
              atS: 203,
              threads: [],
              sinceBytes: KIB,
            }),
          ]);
          const merged = samples.slice(0, -1).reduce(mergeSamples);
          expect(
            merged.threads
              .filter((each) => each.exit === null)
              .map(({ task }) => task.tid),
          ).toEqual([]);
          const tally = new EndedTally(view({ processes: true }));
          for (const sample of [merged, samples.at(-1)!])
            expect(
              sums(tally.add(sample).groups.map(({ since }) => since)),
            ).toEqual({ readBytes: 0, writeBytes: KIB, cancelledBytes: 0 });
        });
  });

  test("three runs, the second of one sample, the third merged from its beginning", () => {
    const samples = replay([
      moment({ seq: 1, atS: 100, threads: [writer(5, 1)], sinceBytes: KIB }),
      moment({ seq: 1, atS: 200, threads: [writer(5, 1)], sinceBytes: KIB }),
      moment({
        seq: 2,
        atS: 300,
        threads: [writer(5, 3, { writeBytes: 3 * KIB })],
        sinceBytes: 3 * KIB,
      }),
    ]);
    expect(written(samples)).toEqual([
      [1, "5 1"],
      [2, "5 2"],
      [5, "5 5"],
    ]);
  });

  test("lines that are missing begin nothing anew", () => {
    const lines = [
      moment({ seq: 1, atS: 100, threads: [writer(5, 1)], sinceBytes: KIB }),
      moment({
        seq: 7,
        atS: 107,
        threads: [writer(5, 7)],
        sinceBytes: 7 * KIB,
      }),
    ];
    expect(written(replay(lines))).toEqual([
      [1, "5 1"],
      [7, "5 7"],
    ]);
    // But a run whose beginning is missing is another one.
    const cut = moment({
      seq: 4,
      atS: 204,
      threads: [writer(5, 4)],
      sinceBytes: 4 * KIB,
    });
    expect(written(replay([...lines, cut])).at(-1)).toEqual([11, "5 11"]);
  });
});
