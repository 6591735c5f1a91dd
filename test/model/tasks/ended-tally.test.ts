import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { addInto, unknownDelta } from "../../../src/model/delta.ts";
import { taskCountOf } from "../../../src/model/tasks/ended.ts";
import {
  EndedTally,
  type EndedRows,
} from "../../../src/model/tasks/ended-tally.ts";
import { mergeSamples } from "../../../src/model/merge/merge.ts";
import type { IoDelta, Sample, TaskDelta } from "../../../src/model/sample.ts";
import { parseFilter } from "../../../src/model/view/task-filter.ts";
import { DEFAULT_VIEW, type View } from "../../../src/model/view/view.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import { arbitraryHistory } from "../../support/fake-linux/arbitrary-history.ts";
import { Play } from "../../support/fake-linux/fake-history.ts";
import type { History } from "../../support/fake-linux/history.ts";
import {
  IDLE,
  background,
  makeSample,
  makeTask,
  past,
  row,
} from "../../support/samples.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";
import { KNOWN_HISTORIES } from "../../sampler/known-histories.ts";

setDefaultTimeout(120_000);

type Mode = "threads" | "processes";
const MODES = ["threads", "processes"] as const;
const tallyOf = (mode: Mode, view: Partial<View> = {}): EndedTally =>
  new EndedTally({
    ...DEFAULT_VIEW,
    ...view,
    processes: mode === "processes",
  });

const sum = (rows: readonly IoDelta[]): IoDelta => {
  const total = unknownDelta();
  for (const io of rows) addInto(total, io);
  return total;
};
const moved = ({ readBytes, writeBytes }: IoDelta) => ({
  readBytes: readBytes ?? 0,
  writeBytes: writeBytes ?? 0,
});

/** In both ways to list them, the living and the ended make up what the host did since watching began. */
function expectWhole(
  mode: Mode,
  sample: Sample,
  { groups, earlier, latest }: EndedRows,
  since: IoDelta,
): void {
  const living = sample[mode].filter(({ exit }) => exit === null);
  for (const ended of [groups, [...earlier, ...latest]]) {
    const rows = [...living, ...ended];
    expect(moved(sum(rows.map((each) => each.since)))).toEqual(moved(since));
  }
}

describe("the living and the ended make up the host's sums", () => {
  test.each(MODES)("%s of simulated runs, merged or not", (mode) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(simulatedRun(8), sizes, (run, groupings) => {
        const tally = tallyOf(mode);
        const rest = [...run];
        const since = unknownDelta();
        const wanted = [...groupings];
        while (rest.length > 0) {
          const parts = rest.splice(0, wanted.shift() ?? 1);
          const sample = parts.reduce((a, b) => mergeSamples(a, b));
          addInto(since, sample.host);
          expectWhole(mode, sample, tally.add(sample), since);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each(MODES)(
    "%s of random histories of a machine, merged or not",
    (mode) => {
      const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 });
      fc.assert(
        fc.property(arbitraryHistory, sizes, (history, groupings) => {
          const play = new Play();
          const tally = tallyOf(mode);
          const wanted = [...groupings];
          let waiting: Sample[] = [];
          play.onSample = (sample) => {
            waiting.push(sample);
            if (waiting.length < (wanted[0] ?? 1)) return;
            wanted.shift();
            const merged = waiting.reduce((a, b) => mergeSamples(a, b));
            waiting = [];
            expectWhole(mode, merged, tally.add(merged), sample.host.since);
          };
          play.run(history);
        }),
        {
          numRuns: 600,
          includeErrorInReport: true,
          examples: KNOWN_HISTORIES.flatMap((history) => [
            [history, []] as [History, number[]],
            [history, [2, 2, 2]] as [History, number[]],
          ]),
        },
      );
    },
  );

  test("whatever the tasks are called, and whatever is unknown of them", () => {
    fc.assert(
      fc.property(samplesArbitrary, (samples) => {
        const tally = tallyOf("threads");
        const ended: TaskDelta[] = [];
        for (const sample of samples) {
          ended.push(...sample.threads.filter(({ exit }) => exit !== null));
          const { groups } = tally.add(sample);
          expect(moved(sum(groups.map(({ since }) => since)))).toEqual(
            moved(sum(ended.map(({ since }) => since))),
          );
          for (const { exit } of groups) expect(exit).not.toBeNull();
        }
      }),
      { numRuns: 200 },
    );
  });
});

const exit = { code: 0, signal: 0 };
const dd = (tid: number, fields: object = {}) =>
  row({ tid, comm: "dd", writeBytes: 1024, born: true, exit, ...fields });
let clockMs = 0;
const sampleOf = (...threads: TaskDelta[]): Sample =>
  makeSample({ threads, timeMs: (clockMs += 1000) });
const describeRows = (rows: readonly TaskDelta[]) =>
  rows.map((each) => [
    each.task.key,
    taskCountOf(each),
    each.writeBytes,
    each.since.writeBytes,
  ]);

describe("what is kept", () => {
  test("one task is its own row, more are a group, whose figures of the interval are of those that ended in it", () => {
    const tally = tallyOf("threads");
    const first = dd(5, { exit: { code: 0, signal: 9 } });
    const one = tally.add(sampleOf(first));
    expect(one.groups).toEqual([first]);
    expect(one.earlier).toEqual([]);
    const rests = tally.add(sampleOf());
    expect(describeRows(rests.groups)).toEqual([[first.task.key, 1, 0, 1024]]);
    expect(rests.groups[0]).toMatchObject({
      task: first.task,
      exit: { signal: 9 },
    });
    const two = tally.add(sampleOf(dd(6), dd(7), row({ tid: 8, comm: "cp" })));
    expect(describeRows(two.groups)).toEqual([["ended.0.dd", 3, 2048, 3072]]);
    expect(describeRows(two.earlier)).toEqual([[first.task.key, 1, 0, 1024]]);
    expect(two.latest.map(({ task }) => task.tid)).toEqual([6, 7]);
    expect(two.groups[0]!.task).toMatchObject({ comm: "dd", cmdline: null });
  });

  test("groups tell users and names apart", () => {
    const tally = tallyOf("threads");
    const { groups } = tally.add(
      sampleOf(
        ...[dd(1), dd(2, { uid: 7, user: "www" }), dd(3, { comm: "cp" })],
        ...[dd(4), dd(5, { uid: 7, user: "www" })],
      ),
    );
    expect(groups.map(({ task }) => [task.user, task.comm])).toEqual([
      ["root", "dd"],
      ["www", "dd"],
      ["root", "cp"],
    ]);
  });

  test("nothing of tasks that did nothing", () => {
    const tally = tallyOf("threads");
    const { groups } = tally.add(
      sampleOf(
        dd(1, { writeBytes: 0 }),
        dd(2, { writeBytes: null }),
        dd(3, { writeBytes: 0, ioWaitNs: 5 }),
        dd(4, { writeBytes: 0, since: { readBytes: 1024 } }),
      ),
    );
    expect(describeRows(groups)).toEqual([["ended.0.dd", 2, 0, 0]]);
    expect(groups[0]!.since.readBytes).toBe(1024);
  });

  test("rows that have not changed are the same objects, and all of it is when nobody ends", () => {
    const tally = tallyOf("threads");
    tally.add(sampleOf(dd(1), dd(2), dd(3, { comm: "cp" })));
    const [ddRow, cpRow] = tally.add(sampleOf()).groups;
    const idle = tally.add(sampleOf(row({ tid: 9, readBytes: 4096 })));
    expect(idle.groups[0]).toBe(ddRow!);
    expect(tally.add(sampleOf())).toBe(idle);
    const more = tally.add(sampleOf(dd(4)));
    expect(more.groups[0]).not.toBe(ddRow!);
    expect(more.groups[1]).toBe(cpRow!);
  });

  test("what was unknown of a task stays unknown", () => {
    const tally = tallyOf("threads");
    tally.add(sampleOf(dd(1, { ioWaitNs: null, readBytes: null })));
    const [kept] = tally.add(sampleOf()).groups;
    expect(kept).toMatchObject({
      writeBytes: 0,
      readBytes: null,
      ioPercent: null,
      swapPercent: 0,
      since: { readBytes: null, writeBytes: 1024 },
    });
  });

  test("what a task does on its way out is added, and the task counts once", () => {
    const tally = tallyOf("threads");
    const task = makeTask({ tid: 5, comm: "dd" });
    const row5 = (writeBytes: number) =>
      row({ tid: 5, task, writeBytes, exit });
    tally.add(sampleOf(row5(4096)));
    expect(describeRows(tally.add(sampleOf(row5(1024))).groups)).toEqual([
      [task.key, 1, 1024, 5120],
    ]);
    tally.add(sampleOf(dd(6)));
    expect(describeRows(tally.add(sampleOf(row5(512))).groups)).toEqual([
      ["ended.0.dd", 2, 512, 6656],
    ]);
  });

  test("-p and -u: tasks that they let through, whenever they ended", () => {
    const threads = [
      dd(5),
      dd(6, { pid: 5 }),
      dd(7),
      dd(8, { uid: 33, user: "www" }),
    ];
    const kept = (view: Partial<View>, mode: Mode) => {
      const tally = tallyOf(mode, view);
      tally.add(sampleOf(...threads));
      return describeRows(tally.add(sampleOf()).groups);
    };
    expect(kept({ pids: [5] }, "threads")).toEqual([
      ["ended.0.dd", 2, 0, 2048],
    ]);
    expect(kept({ pids: [5] }, "processes")).toEqual([
      [threads[0]!.task.key, 1, 0, 2048],
    ]);
    expect(kept({ uids: [33] }, "processes")).toEqual([
      [threads[3]!.task.key, 1, 0, 1024],
    ]);
  });

  test("a process is found by one of its threads, as in the table", () => {
    const filter = parseFilter("^pool");
    if (typeof filter === "string") throw new Error(filter);
    for (const view of [{ filter }, { pids: [6] }, { names: ["pool"] }]) {
      const tally = tallyOf("processes", view);
      const threads = [
        row({ tid: 5, pid: 5, comm: "java", readBytes: 1024, exit }),
        row({ tid: 6, pid: 5, comm: "pool", readBytes: 4096, exit }),
        row({ tid: 9, pid: 9, comm: "other", readBytes: 4096, exit }),
      ];
      tally.add(sampleOf(...threads));
      const { groups } = tally.add(sampleOf());
      expect(
        groups.map(({ task, since }) => [task.pid, since.readBytes]),
      ).toEqual([[5, 5120]]);
    }
  });

  test("an ended thread's row has its own name alone in the samples to come: its process may be gone", () => {
    const tally = tallyOf("threads");
    const task = makeTask({ tid: 6, pid: 5, comm: "pool", cmdline: ["java"] });
    const threads = [row({ tid: 6, task, readBytes: 1024, exit })];
    expect(tally.add(sampleOf(...threads)).groups[0]!.task).toBe(task);
    expect(tally.add(sampleOf()).groups[0]!.task).toMatchObject({
      key: task.key,
      comm: "pool",
      cmdline: null,
    });
  });
});

describe("processes", () => {
  const main = row({ tid: 5, comm: "java" });
  const thread = dd(6, { pid: 5, comm: "pool" });
  const endedThreads = past(5, thread.since);

  test("a thread of a process that lives is in the row of the process", () => {
    const [threads, processes] = [tallyOf("threads"), tallyOf("processes")];
    const sample = sampleOf(main, thread);
    expect(threads.add(sample).groups).toHaveLength(1);
    expect(processes.add(sample).groups).toEqual([]);
  });

  test("one that ends has what its threads did that ended before, though it did nothing since", () => {
    const tally = tallyOf("processes");
    tally.add(sampleOf(main, thread));
    const last = row({ tid: 5, task: main.task, exit });
    const { groups } = tally.add(
      makeSample({ threads: [last], endedThreads, timeMs: (clockMs += 1000) }),
    );
    expect(describeRows(groups)).toEqual([[main.task.key, 1, 0, 1024]]);
  });

  test("one between two of its threads has not ended, and is not kept if it seemed to have", () => {
    const tally = tallyOf("processes");
    const before = dd(7, { comm: "pool" });
    tally.add(sampleOf(before));
    expect(tally.add(sampleOf(thread)).groups[0]!.since.writeBytes).toBe(2048);
    const next = row({ tid: 8, pid: 5, comm: "pool" });
    const sample = makeSample({
      threads: [next],
      endedThreads,
      timeMs: (clockMs += 1000),
    });
    expect(describeRows(tally.add(sample).groups)).toEqual([
      [before.task.key, 1, 0, 1024],
    ]);
    expect(sample.processes[0]!.since.writeBytes).toBe(1024);
  });
});

describe("a process that goes on though all its threads that are known have ended", () => {
  const thread = dd(6, { pid: 5, comm: "pool" });
  const unseen = new Map([
    [thread.task.processKey, { ...background(IDLE, 0), hasUnseenThread: true }],
  ]);
  const begin = () => {
    const tally = tallyOf("processes");
    const sample = makeSample({
      threads: [thread],
      endedThreads: unseen,
      timeMs: (clockMs += 1000),
    });
    expect(sample.processes[0]!.exit).toBeNull();
    expect(tally.add(sample).groups).toEqual([]);
    return tally;
  };

  test("is not kept if another one follows", () => {
    const tally = begin();
    const next = row({ tid: 7, pid: 5, comm: "pool" });
    const sample = makeSample({
      threads: [next],
      endedThreads: past(5, thread.since),
      timeMs: (clockMs += 1000),
    });
    expect(tally.add(sample).groups).toEqual([]);
    expect(sample.processes[0]!.since.writeBytes).toBe(1024);
    expect(tally.add(sampleOf()).groups).toEqual([]);
  });

  test("has ended after all if none follows", () => {
    const tally = begin();
    for (let i = 0; i < 2; i++) {
      const { groups, latest } = tally.add(sampleOf());
      expect(describeRows(groups)).toEqual([[thread.task.key, 1, 0, 1024]]);
      expect(groups[0]!.exit).toEqual({ code: null, signal: null });
      expect(latest).toEqual([]);
    }
  });
});

test("of thousands of names the smallest share a row, and the sum stays exact", () => {
  const tally = tallyOf("threads");
  let written = 0;
  let count = 0;
  for (let i = 0; i < 5; i++) {
    const threads = Array.from({ length: 1500 }, (_, n) => {
      const writeBytes = 1024 * (1 + ((n * 7919) % 1009));
      written += writeBytes;
      count++;
      return dd(1 + n, { comm: `job-${i}-${n}`, startMs: i, writeBytes });
    });
    tally.add(sampleOf(...threads));
  }
  const { groups } = tally.add(sampleOf());
  expect(groups.length).toBeLessThanOrEqual(2000);
  expect(sum(groups.map(({ since }) => since)).writeBytes).toBe(written);
  expect(groups.reduce((n, group) => n + taskCountOf(group), 0)).toBe(count);
  const others = groups.find(({ task }) => task.uid === -1)!;
  expect(others.task).toMatchObject({ comm: "others", user: "-" });
  expect(taskCountOf(others)).toBe(count - groups.length + 1);
  const least = Math.min(...groups.map(({ since }) => since.writeBytes!));
  expect(least).toBeGreaterThan(1024);
});
