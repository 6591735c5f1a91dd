/** Plays a history of a fake Linux under a sampler, and keeps the books. */
import type { Sample } from "../../../src/model/sample.ts";
import { FakeLinux } from "./fake-linux.ts";
import { FakeSampler, type FakeSamplerOptions } from "./fake-sampler.ts";
import {
  FAKE_COUNTERS,
  noCounters,
  type FakeCounters,
  type FakeProcess,
  type FakeTask,
} from "./fake-linux-tasks.ts";
import { HistoryBirths } from "./history-births.ts";
import { HeldMessages } from "./held-messages.ts";
import { FIRST_AGAIN } from "./fake-pids.ts";
import { PID_MAX, type History, type Op, type Race } from "./history.ts";
import { IOTOP, pick, Population } from "./population.ts";

/** Between two samples. */
const SHORTEST_DELAY_MS = 50;

/** Lives for which the sampler has room before its tables grow. */
const FIRST_TASKS = 32;

/** Plays a history and keeps a script of it with the ids that were really used. */
export class Play {
  readonly linux = new FakeLinux();
  readonly rig: FakeSampler;
  readonly script: string[] = [];
  readonly samples: Sample[] = [];
  /** Sums over the rows of all samples, by the task whose name they bear. */
  readonly reported = new Map<FakeTask, FakeCounters>();
  readonly #population: Population;
  readonly #births: HistoryBirths;
  readonly #held: HeldMessages;
  /** Pids of processes that had them in turn within microseconds. */
  readonly flooded = new Set<number>();
  /** Called with each sample while it is the newest: names in it are as of then. */
  onSample: (sample: Sample) => void = () => {};
  #indent = "";
  #isAtBaseline = false;
  /** Who did something after its end while a scan went on, and perhaps after its answer. */
  readonly #lateInScan = new Set<FakeTask>();
  /** Threads that called execve, and that no scan has seen since. */
  readonly #tookOver = new Set<FakeTask>();
  /** Who called execve at the baseline. */
  readonly #newMains = new Set<FakeTask>();

  constructor(options: FakeSamplerOptions = {}) {
    const { linux } = this;
    linux.pids.max = PID_MAX;
    linux.fork(0, 1);
    linux.fork(0, 2, true);
    linux.fork(2, 3, true);
    linux.fork(1, IOTOP);
    this.#population = new Population(linux);
    this.#births = new HistoryBirths(linux, (line) => this.#say(line));
    this.#held = new HeldMessages(linux);
    // The tables of the sampler are small at first, and grow.
    this.rig = new FakeSampler(linux, {
      pidMax: FIRST_TASKS,
      ...options,
      ownPid: IOTOP,
    });
  }

  run(history: History): void {
    this.linux.pids.last = history.lastPid ?? FIRST_AGAIN;
    for (const each of history.before) this.do(each);
    // Whether a task began before or after the watch is known to a few microseconds only.
    this.linux.sleep(5000);
    for (const task of this.linux.tasks.values())
      if (task.hasEnded && !task.isZombie) this.linux.leave(task);
    this.#isAtBaseline = true;
    this.#scan("watch", history.atBaseline, () => this.rig.watch());
    this.#isAtBaseline = false;
    this.#newMains.clear();
    for (const each of history.ops) this.do(each);
    this.finish();
  }

  /**
   * Everything accounted for, and scans without races: first the number of all tasks is compared, which may be right by
   * chance, and then /proc is listed once more.
   */
  finish(): void {
    for (const task of this.linux.tasks.values())
      if (task.hasEnded) task.sendExit();
      else this.linux.run(task);
    for (const ms of [5_000, 60_000, 0]) {
      this.do({ op: "sleep", ms });
      this.do({ op: "sample", races: [] });
    }
  }

  do(each: Op): void {
    const { linux } = this;
    this.#held.sendBefore(each.op === "sleep" ? each.ms : SHORTEST_DELAY_MS);
    switch (each.op) {
      case "fork":
      case "clone": {
        const maker = pick(this.#population.processes(), each.on);
        if (maker === undefined) return;
        // At the baseline a zombie could be taken for the living task that has its tid an instant later.
        const again = each.again && !this.#isAtBaseline;
        const isInScan = this.#indent !== "";
        return this.#births.begin({ ...each, again }, maker, isInScan);
      }
      case "io": {
        const task = pick(this.#population.running(), each.on);
        // Its first answer may be taken for one of the main thread before it, and then only the second one counts.
        if (task === undefined || this.#newMains.has(task)) return;
        linux.io(task, each.did, each.unaccounted);
        return this.#say(
          `${task.tid} does ${JSON.stringify(each.did)}${each.unaccounted ? ", not yet accounted for" : ""}`,
        );
      }
      case "exit": {
        const task = pick(this.#population.mortal(), each.on);
        if (task === undefined) return;
        // Until it is seen, its answer would be one of the main thread's; merged samples then lose the process's sums.
        const halt = this.#tookOver.has(task) ? "nowhere" : each.halt;
        if (task.process.running.length === 1)
          this.#held.sendUnseen(task.process);
        linux.exit(task, 256, halt);
        return this.#say(
          `${task.tid} of ${task.process.pid} exits${halt === "nowhere" ? "" : `, held up ${halt}`}`,
        );
      }
      case "kill": {
        const task = pick(this.#population.mortal(), each.on);
        if (task === undefined) return;
        const { process } = task;
        this.#held.sendUnseen(process);
        linux.exitProcess(process, 9, each.mainFirst);
        if (each.reaped) this.#reap(process);
        return this.#say(
          `process ${process.pid} ends${each.mainFirst ? ", main thread first" : ""}${each.reaped ? ", reaped" : ""}`,
        );
      }
      case "reap": {
        const process = pick(this.#population.zombies(), each.on);
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
        const task = pick(this.#population.mortal(), each.on);
        if (task === undefined) return;
        // The zombies of other threads go: see #reap.
        if (task.process.tasks.some((other) => other.hasLateIo)) return;
        if (this.#isAtBaseline && !this.#population.isClear(task)) return;
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
    this.#births.release();
    this.#tookOver.clear();
    for (const task of late)
      if (!this.#lateInScan.has(task)) task.hasLateIo = false;
  }

  #flood({ on, lives, stays }: Op & { readonly op: "flood" }): void {
    const { linux } = this;
    const home = pick(this.#population.processes(), on);
    if (home === undefined || this.#isAtBaseline) return;
    const tid =
      this.#births.used(this.#indent !== "") ??
      linux.fork(home.pid, this.#births.next()).tid;
    const first = linux.tasks.get(tid);
    if (first !== undefined) {
      this.#held.sendUnseen(first.process);
      linux.exit(first);
      linux.reap(first.process);
    }
    this.flooded.add(tid).add(home.pid);
    for (const [i, { as, us, did }] of lives.entries()) {
      const task =
        as === "thread" ? linux.clone(home, tid) : linux.fork(home.pid, tid);
      const other =
        as === "pool"
          ? linux.clone(task.process, this.#births.next())
          : undefined;
      if (other !== undefined) this.#births.use(other.tid);
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
    this.#births.use(tid);
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

  #say(line: string): void {
    this.script.push(this.#indent + line);
  }
}
