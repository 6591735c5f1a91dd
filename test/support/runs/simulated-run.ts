/** Consecutive samples of a small machine on which processes start, grow threads, do I/O, end and reuse pids. */
import fc from "fast-check";
import { Row, addDeltas } from "../../../src/model/delta.ts";
import type {
  IoDelta,
  Sample,
  TaskDelta,
  TaskInfo,
} from "../../../src/model/sample.ts";
import {
  IDLE,
  SAMPLE_TIME_MS,
  background,
  makeSample,
  makeTask,
} from "../samples.ts";

type Action =
  | { readonly kind: "spawn" }
  | { readonly kind: "thread" | "end" | "finish"; readonly at: number }
  | {
      readonly kind: "work";
      readonly at: number;
      readonly io: Partial<IoDelta>;
    };

interface Step {
  readonly intervalNs: number;
  readonly someRatio: number;
  readonly actions: readonly Action[];
}

interface Thread {
  readonly task: TaskInfo;
  since: IoDelta;
  row: TaskDelta;
}

interface Process {
  readonly pid: number;
  readonly key: string;
  readonly threads: Thread[];
  past: { readonly since: IoDelta; readonly count: number } | null;
}

/** Few, so that they are used again. */
const PIDS = [1, 2, 3, 4, 5, 6];

const amount = fc.constantFrom(0, 1024, 4096, 1_000_448);
const at = fc.nat({ max: 50 });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant("spawn" as const) }),
  fc.record({ kind: fc.constantFrom("thread", "end", "finish"), at }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("work" as const),
      at,
      io: fc.record({
        readBytes: amount,
        writeBytes: amount,
        cancelledBytes: amount,
        ioWaitNs: amount,
        readCalls: fc.constantFrom(null, 1, 7),
      }),
    }),
  },
);
const step: fc.Arbitrary<Step> = fc.record({
  intervalNs: fc.constantFrom(1e9, 5e8, 1_000_123_457),
  someRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  actions: fc.array(action, { maxLength: 12 }),
});

/** At least `minLength` samples in a row. */
export function simulatedRun(minLength: number): fc.Arbitrary<Sample[]> {
  return fc.array(step, { minLength, maxLength: minLength + 4 }).map(simulate);
}

function simulate(steps: readonly Step[]): Sample[] {
  let processes: Process[] = [];
  let nextPid = 0;
  let clockMs = SAMPLE_TIME_MS;

  return steps.map((step, index) => {
    const endedThreads: Sample["endedThreads"] = new Map(
      processes.flatMap(({ key, past }) =>
        past === null ? [] : [[key, background(past.since, past.count)]],
      ),
    );
    const begun = new Set<Thread>();
    const done = new Map<Thread, IoDelta>();
    const ended = new Set<Thread>();
    const alive = () =>
      processes.flatMap((owner) =>
        owner.threads
          .filter((thread) => !ended.has(thread))
          .map((thread) => ({ owner, thread })),
      );
    const start = (owner: Process, tid: number) => {
      const task = makeTask({
        tid,
        pid: owner.pid,
        processKey: owner.key,
        startMs: ++clockMs,
      });
      const thread = { task, since: IDLE, row: null as unknown as TaskDelta };
      owner.threads.push(thread);
      begun.add(thread);
    };

    for (const each of step.actions) {
      const living = alive();
      if (each.kind === "spawn") {
        // A pid is taken while any thread of the process lives.
        const taken = new Set(living.map(({ owner }) => owner.pid));
        const free = PIDS.filter((pid) => !taken.has(pid));
        if (free.length === 0) continue;
        const pid = free[nextPid++ % free.length]!;
        const owner: Process = {
          pid,
          key: `${pid}.${clockMs}`,
          threads: [],
          past: null,
        };
        processes.push(owner);
        start(owner, owner.pid);
        continue;
      }
      const chosen = living[each.at % Math.max(1, living.length)];
      if (chosen === undefined) continue;
      const { owner, thread } = chosen;
      if (each.kind === "thread") start(owner, 100 + clockMs - SAMPLE_TIME_MS);
      if (each.kind === "end") ended.add(thread);
      if (each.kind === "finish") owner.threads.forEach((t) => ended.add(t));
      if (each.kind === "work")
        done.set(
          thread,
          addDeltas(done.get(thread) ?? IDLE, {
            ...IDLE,
            ...each.io,
          }),
        );
    }

    const threads = processes.flatMap((owner) => owner.threads);
    for (const thread of threads) {
      const io = done.get(thread);
      const born = begun.has(thread);
      const kept = thread.row as TaskDelta | null;
      if (io === undefined && !born && !ended.has(thread) && isStill(kept))
        continue;
      thread.since = addDeltas(thread.since, io ?? IDLE);
      thread.row = new Row({
        task: thread.task,
        io: io ?? IDLE,
        elapsedNs: step.intervalNs,
        since: thread.since,
        count: 1,
        born,
        exit: ended.has(thread) ? { code: 0, signal: 0 } : null,
        blockedNs: 0,
      });
    }

    const sample = makeSample({
      seq: index + 1,
      timeMs: ++clockMs,
      intervalNs: step.intervalNs,
      threads: threads.map((thread) => thread.row),
      endedThreads,
      host: {
        diskReadBytes: 1024 * index,
        pressure: { someRatio: step.someRatio, fullRatio: 0 },
      },
      health: { vanished: index, denied: index % 3, exitEvents: index !== 3 },
    });

    for (const owner of processes) {
      for (const thread of owner.threads) {
        if (!ended.has(thread)) continue;
        owner.past = {
          since: addDeltas(owner.past?.since ?? IDLE, thread.since),
          count: (owner.past?.count ?? 0) + 1,
        };
      }
      const left = owner.threads.filter((thread) => !ended.has(thread));
      owner.threads.splice(0, Infinity, ...left);
    }
    processes = processes.filter((owner) => owner.threads.length > 0);
    return sample;
  });
}

/** The row of a thread that did nothing in the sample before either: kept as it is. */
function isStill(row: TaskDelta | null): row is TaskDelta {
  return (
    row !== null &&
    !row.born &&
    Object.entries(IDLE).every(
      ([name, value]) => row[name as keyof IoDelta] === value,
    )
  );
}
