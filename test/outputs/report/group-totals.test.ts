import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  GroupTotals,
  sumTotals,
} from "../../../outputs/report/group-totals.ts";
import { addInto, unknownDelta } from "../../../src/model/delta.ts";
import type { GroupKind } from "../../../src/model/groups/group-name.ts";
import type { Sample, TaskDelta } from "../../../src/model/sample.ts";
import { isActive } from "../../../src/model/view/activity.ts";
import { DEFAULT_VIEW, type View } from "../../../src/model/view/view.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../../src/model/view/task-filter.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import { makeSample, row, type RowFields } from "../../support/samples.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";

setDefaultTimeout(120_000);

const ENDED = { code: 0, signal: 0 };

function watch(
  samples: readonly (readonly TaskDelta[])[],
  kind: GroupKind = "comm",
  view: Partial<View> = {},
): GroupTotals {
  const totals = new GroupTotals(kind);
  for (const [seq, threads] of samples.entries())
    totals.add(makeSample({ seq, threads }), { ...DEFAULT_VIEW, ...view });
  return totals;
}

const filterOf = (text: string) => parseFilter(text) as TaskFilter;

/** name: processes, ended, read bytes */
const counts = (totals: GroupTotals, limit = 100) =>
  totals
    .rank(limit)
    .top.map(({ name, processes, ended, io }) => [
      name,
      processes,
      ended,
      io.readBytes,
    ]);

describe("counts", () => {
  test("a process once, in however many samples it is seen", () => {
    const busy = row({ tid: 5, comm: "db", readBytes: 1024 });
    const totals = watch([[busy], [busy], [busy]]);
    expect(counts(totals)).toEqual([["db", 1, 0, 3072]]);
    expect([totals.processes, totals.ended]).toEqual([1, 0]);
  });

  test("what came and went, what ended, what ended without doing more; not what did nothing", () => {
    const dd = (tid: number, more: Partial<RowFields> = {}) =>
      row({ tid, comm: "dd", readBytes: 1024, ...more });
    const totals = watch([
      [dd(5), dd(6, { born: true, exit: ENDED }), row({ tid: 9, comm: "dd" })],
      [
        dd(5, { readBytes: 0, exit: ENDED }),
        dd(7, { born: true }),
        row({ tid: 9, comm: "dd", exit: ENDED }),
      ],
    ]);
    expect(counts(totals)).toEqual([["dd", 3, 2, 3072]]);
  });

  test("both lives of a pid, in one sample and in two", () => {
    const life = (startMs: number, more: Partial<RowFields> = {}) =>
      row({
        ...{ tid: 5, comm: "sh", readBytes: 1, startMs },
        ...{ processKey: `5.${startMs}`, ...more },
      });
    const both = [life(1000, { exit: ENDED }), life(2000, { born: true })];
    expect(counts(watch([both]))).toEqual([["sh", 2, 1, 2]]);
    // A sample lists who lives first.
    const overlap = [[life(1000)], both.toReversed(), [life(2000)]];
    expect(counts(watch(overlap))).toEqual([["sh", 2, 1, 4]]);
    const idle = [
      life(2000, { born: true }),
      life(1000, { readBytes: 0, exit: ENDED }),
    ];
    expect(counts(watch([[life(1000)], idle]))).toEqual([["sh", 2, 1, 2]]);
    // The end of the first was not seen.
    expect(counts(watch([[life(1000)], [life(2000)]]))).toEqual([
      ["sh", 2, 0, 2],
    ]);
  });

  test("a process that changed its name under both, once in all", () => {
    const shell = row({ tid: 5, comm: "sh", readBytes: 1 });
    const program = row({ tid: 5, comm: "dd", readBytes: 2, exit: ENDED });
    const totals = watch([[shell], [program]]);
    expect(counts(totals)).toEqual([
      ["dd", 1, 1, 2],
      ["sh", 1, 0, 1],
    ]);
    expect([totals.processes, totals.ended]).toEqual([1, 1]);
  });

  test("threads as their process, also where a recording lists some of them alone", () => {
    const main = row({ tid: 5, comm: "db", readBytes: 1 });
    const pool = (more: Partial<RowFields> = {}) =>
      row({ tid: 6, pid: 5, comm: "pool", readBytes: 1, ...more });
    expect(counts(watch([[main, pool()], [pool()], [main]]))).toEqual([
      ["db", 1, 0, 4],
    ]);
    // The end of one thread is not that of its process.
    const totals = watch([[pool({ exit: ENDED })], [main]]);
    expect(totals.processes).toBe(1);
    expect(totals.ended).toBe(0);
  });

  test("kernel threads without their instance", () => {
    const worker = (tid: number, comm: string) =>
      row({ tid, comm, isKernelThread: true, readBytes: 1 });
    expect(
      counts(watch([[worker(5, "kworker/0:1"), worker(6, "kworker/u8:2")]])),
    ).toEqual([["kworker", 2, 0, 2]]);
  });

  test("by user and cgroup, one that nobody could read as ?", () => {
    const tasks = [
      row({ tid: 5, user: "ann", cgroup: "/a.slice", readBytes: 2 }),
      row({ tid: 6, user: "bob", cgroup: null, readBytes: 1 }),
    ];
    const names = (kind: GroupKind) =>
      counts(watch([tasks], kind)).map(([name]) => name);
    expect(names("user")).toEqual(["ann", "bob"]);
    expect(names("cgroup")).toEqual(["/a.slice", "?"]);
  });

  test("only what -p and -u let through, threads too", () => {
    const tasks = [
      row({ tid: 5, uid: 1, comm: "a", readBytes: 1 }),
      row({ tid: 6, uid: 2, comm: "b", readBytes: 1 }),
      row({ tid: 7, pid: 6, uid: 2, comm: "b7", readBytes: 4 }),
    ];
    const names = (view: Partial<View>) => counts(watch([tasks], "comm", view));
    expect(names({ uids: [1] })).toEqual([["a", 1, 0, 1]]);
    expect(names({ pids: [6] })).toEqual([["b", 1, 0, 5]]);
    expect(names({ pids: [7] })).toEqual([["b7", 1, 0, 4]]);
    expect(names({ pids: [6], uids: [1] })).toEqual([]);
  });

  test("only what a filter lets through: processes, found by their threads too", () => {
    const tasks = [
      row({ tid: 5, comm: "a", readBytes: 1 }),
      row({ tid: 6, comm: "b", readBytes: 1 }),
      row({ tid: 7, pid: 6, comm: "worker", readBytes: 4 }),
    ];
    const found = (filter: string, view: Partial<View> = {}) =>
      counts(watch([tasks], "comm", { filter: filterOf(filter), ...view }));
    expect(found("^a$")).toEqual([["a", 1, 0, 1]]);
    expect(found("^work")).toEqual([["b", 1, 0, 5]]);
    expect(found("^work", { pids: [7] })).toEqual([["worker", 1, 0, 4]]);
    expect(found("^a$", { pids: [6] })).toEqual([]);
  });

  test("every process of a random run once", () => {
    fc.assert(
      fc.property(simulatedRun(4), (samples) => {
        const totals = new GroupTotals("comm");
        for (const sample of samples) totals.add(sample, DEFAULT_VIEW);
        expect(totals.processes).toBe(countOwners(samples));
        const { top } = totals.rank(1000);
        const sum = sumTotals(top);
        expect(sum.processes).toBe(totals.processes);
        expect(sum.ended).toBe(totals.ended);
        expect(totals.ended).toBeLessThanOrEqual(totals.processes);
      }),
    );
  });
});

/** Processes with a thread that ever was active. */
function countOwners(samples: readonly Sample[]): number {
  const owners = samples
    .flatMap((sample) => sample.threads)
    .filter((thread) => isActive(thread))
    .map(({ task }) => task.processKey);
  return new Set(owners).size;
}

describe("ranks", () => {
  const totals = watch([
    [
      row({ tid: 1, comm: "reader", readBytes: 500 }),
      row({ tid: 2, comm: "writer", writeBytes: 700 }),
      row({ tid: 3, comm: "undone", writeBytes: 900, cancelledBytes: 900 }),
      row({ tid: 4, comm: "waiter", ioWaitNs: 5 }),
      row({ tid: 5, comm: "blind", readBytes: null, writeBytes: 1 }),
    ],
  ]);

  test("by bytes read and written less cancelled, then by wait", () => {
    expect(counts(totals).map(([name]) => name)).toEqual([
      "writer",
      "reader",
      "blind",
      "waiter",
      "undone",
    ]);
  });

  test("what has no row of its own is one sum", () => {
    const { top, others } = totals.rank(2);
    expect(top.map(({ name }) => name)).toEqual(["writer", "reader"]);
    expect(others).toMatchObject({
      names: 3,
      sum: { netBytes: 1, processes: 3, io: { writeBytes: 901 } },
    });
    expect(totals.rank(5).others).toBeNull();
  });

  test("beyond a number of names the smaller half is one, and nothing is lost", () => {
    fc.assert(
      fc.property(
        samplesArbitrary,
        fc.integer({ min: 1, max: 4 }),
        (samples, maxGroups) => {
          const few = new GroupTotals("comm", maxGroups);
          const expected = unknownDelta();
          for (const sample of samples) {
            few.add(sample, DEFAULT_VIEW);
            for (const process of sample.processes)
              if (isActive(process)) addInto(expected, process);
          }
          const { top, others } = few.rank(1000);
          expect(top.length).toBeLessThanOrEqual(maxGroups);
          const parts = others === null ? top : [...top, others.sum];
          expect(sumTotals(parts).io).toEqual(expected);
        },
      ),
    );
  });
});
