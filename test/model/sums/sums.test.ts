import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { createSample } from "../../../src/model/create-sample.ts";
import { ACTIVITIES } from "../../../src/model/counters.ts";
import {
  addDeltas,
  isIdle,
  remainderOf,
  sumDeltas,
} from "../../../src/model/delta.ts";
import { groupEnded, taskCountOf } from "../../../src/model/tasks/ended.ts";
import { EndedTally } from "../../../src/model/tasks/ended-tally.ts";
import type { IoDelta, Sample } from "../../../src/model/sample.ts";
import { SumsFromHere } from "../../../src/model/sums/sums-from-here.ts";
import {
  SUMS_MODES,
  lifetimeRow,
  meanRow,
  remakeRows,
  rowsOf,
  sumsModeOf,
  withSums,
} from "../../../src/model/sums/sums.ts";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { makeSample, past, row } from "../../support/samples.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";

setDefaultTimeout(120_000);

test("a view tells one of four things", () => {
  for (const mode of SUMS_MODES)
    expect(sumsModeOf(withSums(DEFAULT_VIEW, mode))).toBe(mode);
  const again = withSums(withSums(DEFAULT_VIEW, "lifetime"), "rates");
  expect(again).toEqual(DEFAULT_VIEW);
});

describe("means", () => {
  test("are what was done since watching began, by that time, also of a task that began later", () => {
    const young = row({
      tid: 5,
      readBytes: 1,
      elapsedNs: 1e9,
      since: { readBytes: 4096, writeBytes: 2048, cancelledBytes: 1024 },
      born: true,
    });
    const mean = meanRow(young, 4e9);
    expect(mean).toMatchObject({ readRate: 1024, writeRate: 256, born: true });
    expect(mean.task).toBe(young.task);
    expect(mean.since).toBe(young.since);
  });

  test("a row that never did anything is the same object", () => {
    const idle = row({ tid: 5 });
    expect(meanRow(idle, 1e9)).toBe(idle);
  });

  test("a group of ended tasks stays one", () => {
    const exit = { code: 0, signal: 0 };
    const both = [5, 6].map((tid) =>
      row({ tid, comm: "dd", readBytes: 1024, exit }),
    );
    const [group] = groupEnded(both, 1);
    const mean = meanRow(group!, 2e9);
    expect(taskCountOf(mean)).toBe(2);
    expect(mean.readRate).toBe(1024);
  });
});

describe("lifetimes", () => {
  const lifetime = { readBytes: 9, writeBytes: 8, cancelledBytes: 1 };
  const old = row({ tid: 5, since: { readBytes: 4, ioWaitNs: 7 }, lifetime });

  test("take the place of sums; what is not kept for so long is unknown", () => {
    const { since } = lifetimeRow(old);
    expect(since).toMatchObject(lifetime);
    expect(since.ioWaitNs).toBeNull();
    expect(lifetimeRow(row({ tid: 6, lifetime: null })).since.readBytes).toBe(
      null,
    );
  });

  test("a row that is kept from sample to sample stays one object", () => {
    const make = rowsOf("lifetime", 1);
    expect(make(old)).toBe(rowsOf("lifetime", 2)(old));
  });
});

test("rows are remade in both lists, and totals stay", () => {
  const sample = makeSample({
    threads: [
      row({ tid: 5, since: { readBytes: 1024 } }),
      row({ tid: 6, pid: 5, since: { readBytes: 1024 } }),
    ],
    endedThreads: past(5, { readBytes: 2048 }),
  });
  const means = remakeRows(sample, rowsOf("means", 2e9));
  expect(means.threads.map((each) => each.readRate)).toEqual([512, 512]);
  expect(means.processes.map((each) => each.readRate)).toEqual([2048]);
  expect(means.host).toBe(sample.host);
});

/** The simulated host forgets what ended tasks did; a real one does not. */
const wholeRun = simulatedRun(8).map((run) => {
  let since: IoDelta = run[0]!.host;
  return run.map((sample, at) => {
    if (at > 0) since = addDeltas(since, sample.host);
    return createSample({ ...sample, host: { ...sample.host, since } });
  });
});

describe("sums from a sample on", () => {
  /** Ended tasks are kept for these alone. */
  const known = (io: IoDelta) =>
    Object.fromEntries(ACTIVITIES.map((name) => [name, io[name] ?? 0]));

  test("are 0 in it", () => {
    fc.assert(
      fc.property(wholeRun, (run) => {
        for (const sample of run) {
          const zero = new SumsFromHere(sample).apply(sample);
          expect(isIdle(zero.host.since)).toBe(true);
          for (const each of [...zero.threads, ...zero.processes])
            expect(isIdle(each.since)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each(["threads", "processes"] as const)(
    "of living and ended %s make up what the host has done since",
    (kind) => {
      const cuts = fc.nat({ max: 7 });
      fc.assert(
        fc.property(wholeRun, cuts, (run, cut) => {
          const here = new SumsFromHere(run[cut]!);
          const tally = new EndedTally({
            ...DEFAULT_VIEW,
            processes: kind === "processes",
          });
          for (const sample of run.slice(cut)) {
            const counted = here.apply(sample);
            const { groups } = tally.add(counted);
            const living = counted[kind].filter(({ exit }) => exit === null);
            const rows = [...living, ...groups];
            const sum = sumDeltas(rows.map(({ since }) => since));
            const done = remainderOf(sample.host.since, run[cut]!.host.since);
            expect(known(sum)).toEqual(known(done));
            expect(known(counted.host.since)).toEqual(known(done));
          }
        }),
        { numRuns: 400 },
      );
    },
  );

  test("leave the interval, and rows that had done nothing, as they are", () => {
    const idle = row({ tid: 5 });
    const busy = row({ tid: 6, readBytes: 5, since: { readBytes: 9 } });
    const sample: Sample = makeSample({ threads: [idle, busy] });
    const here = new SumsFromHere(sample);
    const first = here.apply(sample);
    expect(first.threads[0]).toBe(idle);
    expect(first.threads[1]).toMatchObject({ readBytes: 5, elapsedNs: 1e9 });
    expect(here.apply(sample).threads[1]).toBe(first.threads[1]!);
  });
});
