import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { COUNTERS } from "../../../src/model/counters.ts";
import { createSample } from "../../../src/model/create-sample.ts";
import { sumDeltas } from "../../../src/model/delta.ts";
import { fromRecord } from "../../../src/model/record/parse-record.ts";
import { toRecord } from "../../../src/model/record/record.ts";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { mergeSamples } from "../../../src/model/merge/merge.ts";
import type { Sample, TaskDelta } from "../../../src/model/sample.ts";
import { arbitraryHistory } from "../../support/fake-linux/arbitrary-history.ts";
import { Play } from "../../support/fake-linux/fake-history.ts";
import type { History, Op } from "../../support/fake-linux/history.ts";
import {
  FAKE_COUNTERS,
  noCounters,
  type FakeCounters,
  type FakeTask,
} from "../../support/fake-linux/fake-linux-tasks.ts";
import {
  addTo,
  expectSound,
  expectSum,
  expectSumsSince,
} from "../../support/fake-linux/history-books.ts";
import {
  IDLE,
  background,
  makeSample,
  makeTask,
  row,
} from "../../support/samples.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";
import { KNOWN_HISTORIES } from "../../sampler/known-histories.ts";

setDefaultTimeout(120_000);

/** Everything that an output can see, the lazy parts computed; ratios to a billionth, as their means are rounded. */
function visible(sample: Sample): unknown {
  const { processes, threads, host, ...rest } = sample;
  const plain = (rows: readonly TaskDelta[]) => rows.map((r) => ({ ...r }));
  const { pressure } = host;
  return {
    ...rest,
    host: {
      ...host,
      pressure: pressure && Math.round(pressure.someRatio * 1e9),
    },
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

describe("random histories of a machine", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 });
  const RUN = { numRuns: 500, includeErrorInReport: true };
  const examples = KNOWN_HISTORIES.map((history) => [history] as [History]);
  const told = (play: Play, check: () => void): void => {
    try {
      check();
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`${message}\n${play.script.join("\n")}`);
    }
  };

  /** So that who calls execve, and the main thread that it replaces, have something to tell. */
  const busy = ({ before, atBaseline, ops }: History): History => {
    const io = Array.from({ length: 6 }, (_, on) => ({
      ...{ op: "io" as const, on, unaccounted: false },
      did: { writeBytes: 4096 * (on + 1) },
    }));
    const isGrave = ({ op }: Op) => op === "exec" || op === "exit";
    return {
      before,
      atBaseline,
      ops: ops.flatMap((op) => (isGrave(op) ? [...io, op, ...io] : [op])),
    };
  };
  const anyHistory = fc.oneof(arbitraryHistory, arbitraryHistory.map(busy));

  /** In each of the merged samples. */
  const expectExact = (merged: Sample, parts: number, play: Play): void => {
    expectSound(merged);
    expectSumsSince(merged, play, parts);
    const { taskOfComm } = play.linux;
    const did = new Map<FakeTask, FakeCounters>();
    for (const each of play.samples.slice(-parts).flatMap((s) => s.threads)) {
      const task = taskOfComm.get(each.task.comm)!;
      if (!did.has(task)) did.set(task, noCounters());
      addTo(did.get(task)!, each);
    }
    for (const each of merged.threads) {
      const task = taskOfComm.get(each.task.comm)!;
      const sum = did.get(task);
      if (sum === undefined) throw new Error(`${task.comm} has two rows`);
      expectSum(task.comm, each, sum);
      did.delete(task);
    }
    for (const { comm } of did.keys()) throw new Error(`${comm} has no row`);
  };

  test("one row a life, with the sums of its parts, and what was done since watching began", () => {
    fc.assert(
      fc.property(anyHistory, sizes, (history, groupings) => {
        const play = new Play();
        const wanted = [...groupings];
        let size = wanted.shift() ?? 2;
        let parts = 0;
        let merged: Sample | undefined;
        // While it is the newest, the names in it are those that tasks have now.
        play.onSample = (sample) => {
          merged = parts++ === 0 ? sample : mergeSamples(merged!, sample);
          told(play, () => expectExact(merged!, parts, play));
          if (parts < size) return;
          size = wanted.shift() ?? 2;
          parts = 0;
        };
        play.run(history);
      }),
      {
        ...RUN,
        examples: examples.flatMap(([history]) => [
          [history, []],
          [history, [4, 4, 4]],
        ]),
      },
    );
  });

  const samplesOf = (history: History): readonly Sample[] => {
    const play = new Play();
    play.run(history);
    return play.samples;
  };

  test("in another grouping, the same down to processes", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const samples = samplesOf(history);
        const right = samples.reduceRight((b, a) => mergeSamples(a, b));
        expect(visible(mergeAll(samples))).toEqual(visible(right));
      }),
      { ...RUN, examples },
    );
  });

  test("recorded, which leaves out who is idle: not a byte is lost or doubled", () => {
    const options = { all: false, view: DEFAULT_VIEW };
    fc.assert(
      fc.property(anyHistory, (history) => {
        const samples = samplesOf(history).map((sample) =>
          fromRecord(JSON.parse(JSON.stringify(toRecord(sample, options)))),
        );
        for (const whole of [
          mergeAll(samples),
          samples.reduceRight((b, a) => mergeSamples(a, b)),
        ])
          for (const rows of [whole.threads, whole.processes])
            for (const name of FAKE_COUNTERS)
              expect(sumDeltas(rows)[name] ?? 0).toBe(
                samples.reduce(
                  (sum, { threads }) => sum + (sumDeltas(threads)[name] ?? 0),
                  0,
                ),
              );
      }),
      { ...RUN, examples },
    );
  });
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

  test.each([0, 4096])(
    "in a recording, a task that seems born as it ends goes on if its sums do (%d bytes)",
    (bytes) => {
      // Whether a task that ended was born in the interval is known by its start alone, and a scan may be later.
      const exit = { code: 0, signal: 0 };
      const alive = [5, 6].map((tid) =>
        row({ tid, pid: 5, writeBytes: bytes, born: true }),
      );
      const ended = [5, 6].map((tid) =>
        row({ tid, pid: 5, born: true, exit, since: { writeBytes: bytes } }),
      );
      const merged = mergeSamples(sample(...alive), sample(...ended));
      expect(merged.threads.map((r) => [r.task.tid, r.exit])).toEqual([
        [5, exit],
        [6, exit],
      ]);
      expect(merged.processes).toHaveLength(1);
      const [process] = merged.processes;
      expect(process).toMatchObject({
        born: true,
        exit,
        writeBytes: 2 * bytes,
      });
      // It had begun before the first.
      const older = alive.map((each) => ({ ...each, born: false }));
      const { threads } = mergeSamples(sample(...older), sample(...ended));
      if (bytes > 0) expect(threads.map((r) => r.born)).toEqual([false, false]);
    },
  );

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
      processKey: "5.again",
      readBytes: 2048,
      born: true,
    });
    const merged = mergeSamples(sample(old), sample(again));
    expect(merged.processes.map((r) => r.readBytes).sort()).toEqual([
      1024, 2048,
    ]);
  });

  test("what an ended task did on its way out, told later, is added to what it had done", () => {
    const exit = { code: 0, signal: 0 };
    const since = { writeBytes: 9216 };
    const ended = row({ tid: 5, task, writeBytes: 1024, since, exit });
    // Its end was told: this row is of what came after it alone.
    const late = row({ tid: 5, task, writeBytes: 2048, exit });
    const merged = mergeSamples(sample(ended), sample(late));
    expect(merged.threads).toHaveLength(1);
    expect(merged.threads[0]).toMatchObject({ exit, writeBytes: 3072 });
    for (const rows of [merged.threads, merged.processes])
      expect(rows[0]!.since.writeBytes).toBe(11_264);
  });

  describe("a thread that calls execve goes on as the main thread", () => {
    const exit = { code: 0, signal: 0 };
    const main = makeTask({ tid: 5 });
    const thread = makeTask({ tid: 6, pid: 5 });
    const other = makeTask({ tid: 7, pid: 5 });
    const next = makeTask({ tid: 5, key: `${main.key}+1`, comm: "new" });
    const first = sample(
      row({ tid: 8, pid: 5, exit }),
      row({ tid: 5, task: main }),
      row({ tid: 7, task: other, writeBytes: 512 }),
      row({ tid: 6, task: thread, writeBytes: 1024, born: true }),
    );
    const second = sample(
      row({
        tid: 5,
        task: next,
        writeBytes: 4096,
        since: { writeBytes: 5120 },
      }),
      row({ tid: 5, task: main, exit }),
      row({ tid: 7, task: other, since: { writeBytes: 512 }, exit }),
    );

    test("one row for all that it did", () => {
      const { threads, processes } = mergeSamples(first, second);
      expect(threads.map((r) => r.task.key)).toEqual([
        next.key,
        main.key,
        other.key,
        first.threads[0]!.task.key,
      ]);
      expect(threads[0]).toMatchObject({
        task: next,
        writeBytes: 5120,
        since: { writeBytes: 5120 },
        elapsedNs: 2e9,
        count: 1,
        born: true,
        exit: null,
      });
      expect(processes).toHaveLength(1);
      expect(processes[0]).toMatchObject({
        writeBytes: 5632,
        since: { writeBytes: 5632 },
        count: 4,
        exit: null,
      });
    });

    test("and ends, all in the second sample", () => {
      const over = sample(
        row({ tid: 5, task: next, since: { writeBytes: 1024 }, exit }),
        ...second.threads.slice(1),
      );
      const { threads } = mergeSamples(first, over);
      expect(threads).toHaveLength(4);
      expect(threads[0]).toMatchObject({
        task: next,
        writeBytes: 1024,
        since: { writeBytes: 1024 },
        exit,
      });
    });

    test("one that began in the same sample has nothing to do with the threads before it", () => {
      const born = row({ tid: 5, task: next, writeBytes: 4096, born: true });
      const { threads } = mergeSamples(first, sample(born));
      expect(threads.map((r) => r.writeBytes)).toEqual([4096, 0, 0, 512, 1024]);
    });

    test("not as one that did the same before it", () => {
      const last = makeTask({ tid: 5, key: `${main.key}+2` });
      const late = row({ tid: 5, task: next, writeBytes: 256, exit });
      const since = { writeBytes: 1024 };
      const { threads } = mergeSamples(
        sample(first.threads[3]!),
        sample(late, row({ tid: 5, task: last, since })),
      );
      expect(threads.map((r) => [r.task, r.writeBytes])).toEqual([
        [next, 256],
        [last, 1024],
      ]);
    });
  });

  test("in a recording, who is idle has no row: the main thread is no successor of another", () => {
    const thread = row({ tid: 6, pid: 5, writeBytes: 1024 });
    const main = row({ tid: 5, writeBytes: 2048 });
    const { threads } = mergeSamples(sample(thread), sample(main));
    expect(threads.map((r) => [r.task.tid, r.since.writeBytes])).toEqual([
      [5, 2048],
      [6, 1024],
    ]);
  });

  test("in a recording, lives of one tid can have the same key: none is lost", () => {
    const exit = { code: 0, signal: 0 };
    const wrote = (writeBytes: number, fields: object = {}) =>
      row({ tid: 5, task, writeBytes, ...fields });
    const lives = sample(wrote(1024), wrote(2048, { exit }));
    const again = sample(wrote(4096, { since: { writeBytes: 5120 } }));
    const { threads } = mergeSamples(lives, again);
    expect(
      threads.map((r) => [r.writeBytes, r.since.writeBytes, r.exit]),
    ).toEqual([
      [5120, 5120, null],
      [2048, 2048, exit],
    ]);
    const next = sample(row({ tid: 5, task }));
    const old = sample(wrote(1024, { exit }));
    expect(mergeSamples(old, next).threads.map((r) => r.exit)).toEqual([
      null,
      exit,
    ]);
    const reborn = sample(wrote(4096, { born: true, exit }));
    expect(
      mergeSamples(lives, reborn).threads.map((r) => r.writeBytes),
    ).toEqual([4096, 1024, 2048]);
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
  const hidden = makeSample({ health: { denied: null } });
  expect(mergeSamples(a, hidden).health.denied).toBeNull();
  expect(mergeSamples(hidden, a).health.denied).toBeNull();
  for (const counter of COUNTERS.slice(0, 5))
    expect(merged.host[counter]).toBe(0);
});

describe("what stands beside the rows", () => {
  const beside = (fields: Partial<Sample>): Sample =>
    createSample({ ...makeSample(), ...fields });
  const processes = (
    ...entries: readonly (readonly [string, number, boolean])[]
  ): Sample["endedThreads"] =>
    new Map(
      entries.map(([key, count, hasUnseenThread]) => [
        key,
        {
          ...background({ ...IDLE, readBytes: 512 * count }, count),
          hasUnseenThread,
        },
      ]),
    );

  test("ended threads are those before the first, processes that go on those of the later", () => {
    const a = beside({
      endedThreads: processes(["p", 2, false], ["q", 1, true], ["r", 0, true]),
    });
    const b = beside({
      endedThreads: processes(["p", 5, true], ["s", 3, false]),
    });
    const merged = mergeSamples(a, b).endedThreads;
    expect(merged).toEqual(processes(["p", 2, true], ["q", 1, false]));
  });

  test("unlisted tasks: as many as in the later, and what they did in both", () => {
    const some = (tasks: number | null, readBytes: number | null) =>
      beside({ unlisted: { tasks, io: { ...IDLE, readBytes } } });
    const merged = mergeSamples(some(3, 512), some(null, 1024));
    expect(merged.unlisted).toEqual(some(null, 1536).unlisted);
    expect(mergeSamples(some(3, null), some(4, null)).unlisted).toEqual(
      some(4, null).unlisted,
    );
  });

  test("as recorded: what stands for both in the file, if for one of them it is another", () => {
    const plain = beside({ seq: 1 });
    const carried = beside({ seq: 2, recorded: makeSample({ seq: 7 }) });
    expect(mergeSamples(plain, plain).recorded).toBeNull();
    const { recorded } = mergeSamples(plain, carried);
    expect([recorded?.seq, recorded?.intervalNs]).toEqual([7, 2e9]);
    expect(mergeSamples(carried, plain).recorded?.seq).toBe(1);
  });
});
