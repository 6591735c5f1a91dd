/** Random histories of a fake Linux under a sampler, and what must be true of the samples. */
import fc from "fast-check";
import type { Sample } from "../../src/model/sample.ts";
import {
  FAKE_COUNTERS,
  FakeLinux,
  noCounters,
  type FakeCounters,
  type FakeProcess,
  type FakeTask,
  type Halt,
} from "./fake-linux.ts";
import { FakeSampler, type FakeSamplerOptions } from "./fake-sampler.ts";

/** `on` chooses among what there is at that moment; an operation for which there is nothing does nothing. */
export type Op =
  | {
      readonly op: "fork" | "clone";
      readonly on: number;
      readonly again: boolean;
    }
  | {
      readonly op: "io";
      readonly on: number;
      readonly did: Partial<FakeCounters>;
      readonly unaccounted: boolean;
    }
  | { readonly op: "exit"; readonly on: number; readonly halt: Halt }
  | {
      readonly op: "kill";
      readonly on: number;
      readonly mainFirst: boolean;
      readonly reaped: boolean;
    }
  | {
      readonly op: "late";
      readonly on: number;
      readonly did: Partial<FakeCounters>;
    }
  | { readonly op: "reap" | "exec" | "leave"; readonly on: number }
  | {
      readonly op: "flood";
      readonly on: number;
      readonly lives: readonly ShortLife[];
      readonly stays: boolean;
    }
  | { readonly op: "sleep"; readonly ms: number }
  | { readonly op: "drain" }
  | { readonly op: "sample"; readonly races: readonly Race[] };

/** One of those that have a tid in turn, within microseconds: a pool ends its main thread before its other one. */
export interface ShortLife {
  readonly as: "process" | "thread" | "pool";
  readonly us: number;
  readonly did: Partial<FakeCounters>;
}

/** Something that happens just before the scan looks for the n-th time. */
export interface Race {
  readonly look: number;
  /** Looks are counted from the moment at which the scan begins to ask again. */
  readonly again?: true;
  readonly does: Op;
}

export interface History {
  readonly before: readonly Op[];
  readonly atBaseline: readonly Race[];
  readonly ops: readonly Op[];
}

/** Anybody, or one of the three newest, so that what happens often happens to the same ones. */
const on = fc.oneof(fc.nat(20), fc.integer({ min: -3, max: -1 }));
const amount = fc.oneof(fc.nat(5000), fc.constant(262_144));
const did: fc.Arbitrary<Partial<FakeCounters>> = fc.record(
  Object.fromEntries(FAKE_COUNTERS.map((name) => [name, amount])),
  { requiredKeys: [] },
);
const seldom = fc.nat(3).map((n) => n === 3);
const halt: fc.Arbitrary<Halt> = fc.oneof(
  { weight: 4, arbitrary: fc.constant("nowhere" as const) },
  fc.constantFrom(
    "before its message is sent" as const,
    "with its memory" as const,
    "with its files" as const,
  ),
);
const op = <T extends string>(name: T) => fc.constant(name);

const shortLife: fc.Arbitrary<ShortLife> = fc.record({
  as: fc.constantFrom("process", "process", "thread", "pool"),
  us: fc.oneof(fc.nat(20), fc.nat(3000)),
  did,
});

/** Whatever a task may do. */
const acts = {
  fork: fc.record({ op: op("fork"), on, again: fc.boolean() }),
  clone: fc.record({ op: op("clone"), on, again: fc.boolean() }),
  io: fc.record({ op: op("io"), on, did, unaccounted: seldom }),
  exit: fc.record({ op: op("exit"), on, halt }),
  kill: fc.record({
    op: op("kill"),
    on,
    mainFirst: fc.boolean(),
    reaped: fc.boolean(),
  }),
  reap: fc.record({ op: op("reap"), on }),
  leave: fc.record({ op: op("leave"), on }),
  exec: fc.record({ op: op("exec"), on }),
  late: fc.record({ op: op("late"), on, did }),
  flood: fc.record({
    op: op("flood"),
    on,
    lives: fc.array(shortLife, { minLength: 1, maxLength: 6 }),
    stays: fc.boolean(),
  }),
} satisfies Record<string, fc.Arbitrary<Op>>;

type Weights = Readonly<Record<keyof typeof acts, number>>;

/** A machine on which a bit of everything happens. */
const MIXED: Weights = {
  fork: 4,
  clone: 4,
  io: 10,
  exit: 4,
  kill: 4,
  reap: 3,
  leave: 1,
  exec: 3,
  late: 1,
  flood: 2,
};
/** Few processes, with threads that end and call execve. */
const THREADS: Weights = {
  fork: 1,
  clone: 8,
  io: 10,
  exit: 4,
  kill: 1,
  reap: 1,
  leave: 1,
  exec: 6,
  late: 0,
  flood: 0,
};

const actOf = (weights: Weights): fc.Arbitrary<Op> =>
  fc.oneof(
    ...Object.entries(acts).map(([name, arbitrary]) => ({
      weight: weights[name as keyof Weights],
      arbitrary: arbitrary as fc.Arbitrary<Op>,
    })),
  );

function historyOf(weights: Weights): fc.Arbitrary<History> {
  const act = actOf(weights);
  const races = fc.array(
    fc.oneof(
      // A scan takes 12 to 60 looks.
      { weight: 4, arbitrary: fc.record({ look: fc.nat(25), does: act }) },
      { weight: 1, arbitrary: fc.record({ look: fc.nat(80), does: act }) },
      // The rounds of asking again come last, and few scans have any.
      {
        weight: 3,
        arbitrary: fc.record({
          look: fc.oneof(fc.nat(8), fc.nat(25)),
          again: fc.constant(true as const),
          does: actOf(THREADS),
        }),
      },
    ),
    { maxLength: 4 },
  );
  const step: fc.Arbitrary<Op> = fc.oneof(
    { weight: 12, arbitrary: act },
    { weight: 2, arbitrary: fc.record({ op: op("sleep"), ms: fc.nat(1500) }) },
    { weight: 2, arbitrary: fc.record({ op: op("drain") }) },
    { weight: 4, arbitrary: fc.record({ op: op("sample"), races }) },
  );
  return fc.record({
    before: fc.array(act, { maxLength: 12 }),
    atBaseline: races,
    // Else most would have fewer than ten.
    ops: fc.array(step, { maxLength: 40, size: "max" }),
  });
}

export const arbitraryHistory: fc.Arbitrary<History> = fc.oneof(
  { weight: 2, arbitrary: historyOf(MIXED) },
  { weight: 1, arbitrary: historyOf(THREADS) },
);

/** Less than EXIT_LAG_NS; no whole number of ms, so that a few µs more or less decide nothing. */
const LONGEST_LAG_NS = 0.9005e9;

/**
 * A thread that no scan has seen is not held up for longer while its process ends: by the ages of the two it is then of
 * another process that had the pid.
 */
const LONGEST_UNSEEN_LAG_NS = 90e6;

/** Between two samples. */
const SHORTEST_DELAY_MS = 50;

/** The pid counter has to go all the way round before a tid comes again: no machine does that in less. */
const REUSE_NS = 100e6;

/** It asks for itself before it watches, and does nothing else here. */
const IOTOP = 4;

/** Plays a history and keeps a script of it with the ids that were really used. */
export class Play {
  readonly linux = new FakeLinux();
  readonly rig: FakeSampler;
  readonly script: string[] = [];
  readonly samples: Sample[] = [];
  /** Sums over the rows of all samples, by the task whose name they bear. */
  readonly reported = new Map<FakeTask, FakeCounters>();
  /** Tids that have been used, longest ago first, and when their last task began. */
  readonly #startOfTid = new Map<number, number>();
  /** Pids of processes that had them in turn within microseconds. */
  readonly flooded = new Set<number>();
  /** Called with each sample while it is the newest: names in it are as of then. */
  onSample: (sample: Sample) => void = () => {};
  #indent = "";
  #isAtBaseline = false;
  #baselineNs = Infinity;
  /** Who did something after its end while a scan went on, and perhaps after its answer. */
  readonly #lateInScan = new Set<FakeTask>();
  /** Threads that called execve, and that no scan has seen since. */
  readonly #tookOver = new Set<FakeTask>();
  /** Who called execve at the baseline. */
  readonly #newMains = new Set<FakeTask>();

  constructor(options: FakeSamplerOptions = {}) {
    const { linux } = this;
    linux.fork(0, 1);
    linux.fork(0, 2, true);
    linux.fork(2, 3, true);
    linux.fork(1, IOTOP);
    this.rig = new FakeSampler(linux, { ...options, ownPid: IOTOP });
  }

  run(history: History): void {
    for (const each of history.before) this.do(each);
    // Whether a task began before or after the watch is known to a few microseconds only.
    this.linux.sleep(5000);
    for (const task of this.linux.tasks.values())
      if (task.hasEnded && !task.isZombie) this.linux.leave(task);
    this.#isAtBaseline = true;
    this.#baselineNs = this.linux.nowNs;
    this.#scan("watch", history.atBaseline, () => this.rig.watch());
    this.#isAtBaseline = false;
    this.#newMains.clear();
    for (const each of history.ops) this.do(each);
    this.finish();
  }

  /** Everything accounted for, and two scans without races. */
  finish(): void {
    for (const task of this.linux.tasks.values())
      if (task.hasEnded) task.sendExit();
      else this.linux.run(task);
    this.do({ op: "sample", races: [] });
    this.do({ op: "sample", races: [] });
  }

  do(each: Op): void {
    const { linux } = this;
    this.#sendHeld(each.op === "sleep" ? each.ms : SHORTEST_DELAY_MS);
    switch (each.op) {
      case "fork": {
        const parent = pick(this.#processes(), each.on);
        if (parent === undefined) return;
        linux.run(parent.running[0]!);
        const task = linux.fork(parent.pid, this.#tid(each));
        this.#use(task.tid);
        return this.#say(`${parent.pid} forks ${task.tid}`);
      }
      case "clone": {
        const process = pick(this.#processes(), each.on);
        if (process === undefined) return;
        const task = linux.clone(process, this.#tid(each));
        this.#use(task.tid);
        return this.#say(`${process.pid} makes thread ${task.tid}`);
      }
      case "io": {
        const task = pick(this.#running(), each.on);
        // Its first answer may be taken for one of the main thread before it, and then only the second one counts.
        if (task === undefined || this.#newMains.has(task)) return;
        linux.io(task, each.did, each.unaccounted);
        return this.#say(
          `${task.tid} does ${JSON.stringify(each.did)}${each.unaccounted ? ", not yet accounted for" : ""}`,
        );
      }
      case "exit": {
        const task = pick(this.#mortal(), each.on);
        if (task === undefined) return;
        // Its answer would be one of who it took over from, and nothing else told of it.
        const halt = this.#tookOver.has(task) ? "nowhere" : each.halt;
        if (task.process.running.length === 1) this.#sendUnseen(task.process);
        linux.exit(task, 256, halt);
        return this.#say(
          `${task.tid} of ${task.process.pid} exits${halt === "nowhere" ? "" : `, held up ${halt}`}`,
        );
      }
      case "kill": {
        const task = pick(this.#mortal(), each.on);
        if (task === undefined) return;
        const { process } = task;
        this.#sendUnseen(process);
        linux.exitProcess(process, 9, each.mainFirst);
        if (each.reaped) this.#reap(process);
        return this.#say(
          `process ${process.pid} ends${each.mainFirst ? ", main thread first" : ""}${each.reaped ? ", reaped" : ""}`,
        );
      }
      case "reap": {
        const process = pick(this.#zombies(), each.on);
        if (process === undefined || !this.#reap(process)) return;
        return this.#say(`${process.pid} is reaped`);
      }
      case "leave": {
        const task = pick(
          [...linux.tasks.values()].filter((t) => t.hasEnded && !t.isZombie),
          each.on,
        );
        if (task === undefined || (task.hasLateIo && !task.isMain)) return;
        linux.leave(task);
        return this.#say(
          `${task.tid} is ${task.isZombie ? "a zombie" : "gone"}`,
        );
      }
      case "exec": {
        const task = pick(this.#mortal(), each.on);
        if (task === undefined) return;
        // The zombies of other threads go: see #reap.
        if (task.process.tasks.some((other) => other.hasLateIo)) return;
        // A thread as young as the watch, under an older start: nothing tells when its bytes began to count.
        const isYoung = task.startNs >= this.#baselineNs;
        if (this.#isAtBaseline && !task.isMain && isYoung) return;
        // Nor between the first answer of a zombie and the look at its state.
        if (this.#isAtBaseline && task.process.main.isZombie) return;
        const { tid } = task;
        if (!task.isMain) this.#tookOver.add(task);
        linux.exec(task);
        if (this.#isAtBaseline) this.#newMains.add(task);
        return this.#say(`${tid} of ${task.tid} calls execve`);
      }
      case "flood":
        return this.#flood(each);
      case "late": {
        // Other threads are released within microseconds, and nobody asks for those of a process that is over.
        const task = pick(
          [...linux.tasks.values()].filter(
            (t) => t.hasEnded && t.isMain && !t.isZombie,
          ),
          each.on,
        );
        // At the baseline it is before the watch by one reading, and after it by another.
        if (task === undefined || this.#isAtBaseline) return;
        task.sendExit();
        linux.lateIo(task, each.did);
        this.#lateInScan.add(task);
        return this.#say(`ended ${task.tid} does ${JSON.stringify(each.did)}`);
      }
      case "sleep":
        linux.sleep(each.ms);
        return this.#say(`${each.ms} ms pass`);
      case "drain":
        this.rig.drain();
        return this.#say("exit messages are drained");
      case "sample":
        linux.sleep(SHORTEST_DELAY_MS);
        this.#scan("sample", each.races, () => {
          const sample = this.rig.sample();
          this.samples.push(sample);
          this.#addUp(sample);
          this.onSample(sample);
        });
    }
  }

  /** What would else be held up for longer than the sampler takes for possible. */
  #sendHeld(aheadMs: number): void {
    const { linux } = this;
    for (const task of linux.tasks.values())
      if (
        task.hasEnded &&
        linux.nowNs + (aheadMs + REUSE_NS / 1e6) * 1e6 >
          task.endNs + LONGEST_LAG_NS
      )
        task.sendExit();
  }

  /** See LONGEST_UNSEEN_LAG_NS. */
  #sendUnseen({ tasks }: FakeProcess): void {
    const { nowNs } = this.linux;
    for (const task of tasks)
      if (!task.isTold && nowNs > task.endNs + LONGEST_UNSEEN_LAG_NS)
        task.sendExit();
  }

  #scan(name: string, races: readonly Race[], scan: () => void): void {
    const { linux } = this;
    this.#say(name);
    this.#indent = "  ";
    const late = [...linux.tasks.values()].filter((task) => task.hasLateIo);
    this.#lateInScan.clear();
    let looks = 0;
    let looksAgain = NaN;
    linux.look = (at) => {
      linux.look = () => {};
      // Until the list, watching has not begun: who begins there began just before or just after it.
      if (name === "watch" && looks === 0 && at !== "list /proc") {
        linux.look = hook;
        return;
      }
      const look = looks++;
      // Whom to ask again is first looked at in /proc.
      if (at.startsWith("read stat") && Number.isNaN(looksAgain))
        looksAgain = look;
      for (const race of races)
        if (race.look === (race.again ? look - looksAgain : look)) {
          this.#say(
            `before look ${look} (${at}${race.again ? ", asking again" : ""}):`,
          );
          this.do(race.does);
        }
      linux.look = hook;
    };
    const hook = linux.look;
    scan();
    linux.look = () => {};
    this.#indent = "";
    this.#tookOver.clear();
    for (const task of late)
      if (!this.#lateInScan.has(task)) task.hasLateIo = false;
  }

  #flood({ on, lives, stays }: Op & { readonly op: "flood" }): void {
    const { linux } = this;
    const home = pick(this.#processes(), on);
    if (home === undefined || this.#isAtBaseline) return;
    const tid = this.#tid({ again: true }) ?? linux.fork(home.pid).tid;
    const first = linux.tasks.get(tid);
    if (first !== undefined) {
      this.#sendUnseen(first.process);
      linux.exit(first);
      linux.reap(first.process);
    }
    this.flooded.add(tid).add(home.pid);
    for (const [i, { as, us, did }] of lives.entries()) {
      const task =
        as === "thread" ? linux.clone(home, tid) : linux.fork(home.pid, tid);
      const other = as === "pool" ? linux.clone(task.process) : undefined;
      linux.sleep(us / 1000);
      linux.io(task, did);
      this.#say(
        `${as} ${tid} of ${task.process.pid} does ${JSON.stringify(did)}`,
      );
      if (stays && i === lives.length - 1) break;
      linux.exit(task);
      if (other !== undefined) {
        linux.io(other, did);
        linux.exit(other);
      }
      if (as !== "thread") linux.reap(task.process);
      this.#say(`  and ends`);
    }
    this.#use(tid);
  }

  #addUp(sample: Sample): void {
    const { taskOfComm } = this.linux;
    for (const row of sample.threads) {
      const task = taskOfComm.get(row.task.comm)!;
      const sum = this.reported.get(task) ?? noCounters();
      for (const name of FAKE_COUNTERS) sum[name] += row[name] ?? 0;
      this.reported.set(task, sum);
    }
  }

  /**
   * What a task did after its exit message is told to nobody unless a scan comes before it is released: by design it
   * cannot be counted, so histories in which that happens are left out.
   */
  #reap(process: FakeProcess): boolean {
    if (process.tasks.some((task) => task.hasLateIo)) return false;
    this.linux.reap(process);
    return true;
  }

  #tid({ again }: { readonly again: boolean }): number | undefined {
    const { linux } = this;
    // At the baseline a zombie could be taken for the living task that has its tid an instant later.
    if (!again || this.#isAtBaseline) return undefined;
    // Not within a scan: see REUSE_NS.
    if (this.#indent === "") linux.nowNs += REUSE_NS;
    for (const [tid, startNs] of this.#startOfTid)
      if (!linux.tasks.has(tid) && linux.nowNs - startNs >= REUSE_NS)
        return tid;
    return undefined;
  }

  #use(tid: number): void {
    this.#startOfTid.delete(tid);
    this.#startOfTid.set(tid, this.linux.nowNs);
  }

  #processes(): FakeProcess[] {
    return [...this.linux.processes.values()].filter(
      ({ pid, main, running }) =>
        pid !== IOTOP && !main.isKernelThread && running.length > 0,
    );
  }
  #zombies(): FakeProcess[] {
    return [...this.linux.processes.values()].filter(
      (process) => process.running.length === 0,
    );
  }
  #running(): FakeTask[] {
    return [...this.linux.tasks.values()].filter(
      (task) => !task.hasEnded && task.tid !== IOTOP,
    );
  }
  /** Neither init nor kernel threads. */
  #mortal(): FakeTask[] {
    return this.#running().filter(
      (task) => task.process.pid > 1 && !task.isKernelThread,
    );
  }

  #say(line: string): void {
    this.script.push(this.#indent + line);
  }
}

/** Below 0: from the end. */
const pick = <T>(from: readonly T[], n: number): T | undefined =>
  from.at(n % Math.max(1, from.length));
