import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { COUNTERS, sumDeltas } from "../../src/model/delta.ts";
import { mergeSamples } from "../../src/model/merge.ts";
import type { Sample, TaskDelta } from "../../src/model/sample.ts";
import { makeSample, makeTask, row } from "../support/samples.ts";
import { simulatedRun } from "../support/simulated-run.ts";

/** Everything that an output can see, the lazy parts computed; ratios to a billionth, as their means are rounded. */
function visible(sample: Sample): unknown {
  const { processes, threads, host, ...rest } = sample;
  const plain = (rows: readonly TaskDelta[]) => rows.map((r) => ({ ...r }));
  const { someRatio } = host.pressure!;
  return {
    ...rest,
    host: { ...host, pressure: Math.round(someRatio * 1e9) },
    threads: plain(threads),
    processes: plain(processes),
  };
}

const mergeAll = (samples: readonly Sample[]) =>
  samples.reduce((a, b) => mergeSamples(a, b));

test("merging is associative, down to processes", () => {
  fc.assert(
    fc.property(simulatedRun(3), (run) => {
      const [a, b, c] = run as [Sample, Sample, Sample];
      const left = mergeSamples(mergeSamples(a, b), c);
      const right = mergeSamples(a, mergeSamples(b, c));
      expect(visible(left)).toEqual(visible(right));
    }),
    { numRuns: 300 },
  );
});

test("in any grouping, every life's and the host's sums are the sums of the parts", () => {
  const groupings = fc.array(fc.integer({ min: 1, max: 3 }), {
    minLength: 8,
    maxLength: 8,
  });
  const sums = (samples: readonly Sample[]) => {
    const rows = new Map<string, TaskDelta[]>();
    for (const each of samples.flatMap((sample) => sample.threads))
      rows.set(each.task.key, [...(rows.get(each.task.key) ?? []), each]);
    return {
      host: sumDeltas(samples.map(({ host }) => host)),
      threads: sumDeltas(samples.flatMap((sample) => sample.threads)),
      processes: sumDeltas(samples.flatMap((sample) => sample.processes)),
      lives: new Map(
        [...rows]
          .map(([key, list]) => [key, sumDeltas(list)] as const)
          .sort(([x], [y]) => (x < y ? -1 : 1)),
      ),
      born: samples.flatMap(({ threads }) => threads.filter((r) => r.born))
        .length,
      ended: samples.flatMap(({ threads }) => threads.filter((r) => r.exit))
        .length,
      ns: samples.reduce((ns, sample) => ns + sample.intervalNs, 0),
    };
  };
  fc.assert(
    fc.property(simulatedRun(4), groupings, (run, sizes) => {
      const merged: Sample[] = [];
      const rest = [...run];
      for (const size of sizes) {
        if (rest.length > 0) merged.push(mergeAll(rest.splice(0, size)));
      }
      if (rest.length > 0) merged.push(mergeAll(rest));
      expect(sums(merged)).toEqual(sums(run));
    }),
    { numRuns: 300 },
  );
});

test("processes of a merged sample count every thread that was watched once", () => {
  fc.assert(
    fc.property(simulatedRun(2), (run) => {
      const whole = mergeAll(run);
      // Nothing had ended before the run began: all that was ever done is in its rows.
      expect(sumDeltas(whole.processes.map((r) => r.since))).toEqual(
        sumDeltas(whole.threads.map((r) => r.since)),
      );
      expect(sumDeltas(whole.processes)).toEqual(sumDeltas(whole.threads));
      const count = whole.processes.reduce((sum, r) => sum + r.count, 0);
      expect(count).toBe(whole.threads.length);

      const [last, before] = [run.at(-1)!, run.slice(0, -1)];
      const tail = mergeSamples(mergeAll(before), last);
      // A process whose main thread has ended is named by another thread from then on: compare what it did.
      const summary = (r: TaskDelta) => [r.task.pid, r.count, r.since];
      for (const process of last.processes)
        expect(tail.processes.map(summary)).toContainEqual(summary(process));
    }),
    { numRuns: 300 },
  );
});

describe("rows", () => {
  const task = makeTask({ tid: 5 });
  const sample = (...threads: TaskDelta[]) => makeSample({ threads });

  test("idle in both: the later row itself", () => {
    const [a, b] = [row({ tid: 5, task }), row({ tid: 5, task })];
    expect(mergeSamples(sample(a), sample(b)).threads[0]).toBe(b);
  });

  test("rates are over both intervals, whichever of them the task worked or lived in", () => {
    const worked = row({ tid: 5, task, readBytes: 4096 });
    const idle = row({ tid: 5, task, elapsedNs: 77e9 });
    const rate = (a: TaskDelta[], b: TaskDelta[]) =>
      mergeSamples(sample(...a), sample(...b)).threads[0]!.readRate;
    expect(rate([worked], [idle])).toBe(2048);
    expect(rate([idle], [worked])).toBe(2048);
    expect(rate([worked], [worked])).toBe(4096);
    expect(rate([worked], [])).toBe(2048);
    expect(rate([], [worked])).toBe(2048);
  });

  test("born in the first and ended in the second is both", () => {
    const born = row({ tid: 5, task, born: true });
    const exit = { code: 3, signal: 0 };
    const merged = mergeSamples(
      sample(born),
      sample(row({ tid: 5, task, exit })),
    );
    expect(merged.threads).toHaveLength(1);
    expect(merged.threads[0]).toMatchObject({ born: true, exit });
  });

  test("an end once told stays, should the task still be listed", () => {
    const exit = { code: 3, signal: 0 };
    const ended = row({ tid: 5, task, exit });
    const ghost = row({ tid: 5, task });
    const merged = mergeSamples(sample(ended), sample(ghost));
    expect(merged.threads[0]!.exit).toEqual(exit);
  });

  test("a pid that is used again stays two processes", () => {
    const old = row({
      tid: 5,
      task,
      readBytes: 1024,
      exit: { code: 0, signal: 9 },
    });
    const again = row({
      tid: 5,
      startMs: task.startMs + 9,
      readBytes: 2048,
      born: true,
    });
    const merged = mergeSamples(sample(old), sample(again));
    expect(merged.processes.map((r) => r.readBytes).sort()).toEqual([
      1024, 2048,
    ]);
  });

  test("the names are the later ones", () => {
    const renamed = row({
      tid: 5,
      task: { ...task, comm: "new" },
      readBytes: 1024,
    });
    const merged = mergeSamples(sample(row({ tid: 5, task })), sample(renamed));
    expect(merged.threads[0]!.task.comm).toBe("new");
  });
});

test("the sample: moments from the later, health of both, pressure by time, unknown stays unknown", () => {
  const a = makeSample({
    seq: 4,
    timeMs: 1000,
    intervalNs: 3e9,
    host: {
      diskReadBytes: 1024,
      diskWriteBytes: null,
      pressure: { someRatio: 0.8, fullRatio: 0.4 },
      swapWaitNs: null,
    },
    health: { denied: 4, vanished: 1, lostExits: 1, exitEvents: false },
  });
  const b = makeSample({
    seq: 5,
    timeMs: 2000,
    uptimeS: 9,
    intervalNs: 1e9,
    origin: { delayAccounting: false },
    host: {
      tasks: 12,
      diskReadBytes: 512,
      diskWriteBytes: null,
      swapWaitNs: null,
    },
    health: { denied: 4, vanished: 2, lostExits: 3 },
  });
  const merged = mergeSamples(a, b);
  expect(merged).toMatchObject({
    seq: 5,
    timeMs: 2000,
    uptimeS: 9,
    intervalNs: 4e9,
    origin: { delayAccounting: false },
    health: {
      denied: 4,
      vanished: 3,
      lostExits: 4,
      exitEvents: false,
      scanNs: 3_000_000,
    },
  });
  expect(merged.host).toMatchObject({
    tasks: 12,
    diskReadBytes: 1536,
    diskWriteBytes: null,
    swapWaitNs: null,
  });
  expect(merged.host.pressure!.someRatio).toBeCloseTo(0.6, 12);
  expect(merged.host.pressure!.fullRatio).toBeCloseTo(0.3, 12);
  const blind = makeSample({ host: { pressure: null } });
  expect(mergeSamples(a, blind).host.pressure).toBeNull();
  for (const counter of COUNTERS.slice(0, 5))
    expect(merged.host[counter]).toBe(0);
});
