/** Counters through taskstats: requests only for the threads of processes that have run. */
import type { Clock } from "../kernel/clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { NetlinkError } from "../kernel/errors.ts";
import { NumberList } from "../kernel/files.ts";
import type { Procfs } from "../kernel/procfs.ts";
import type { TaskstatsRecord } from "../kernel/taskstats.ts";
import { COUNTER_ENTRIES } from "../model/counters.ts";
import { zeroDelta } from "../model/delta.ts";
import type { IoDelta } from "../model/sample.ts";
import type { ExitListener } from "./exit-listener.ts";
import type { IdleProcesses } from "./idle-processes.ts";
import type { Lives } from "./lives.ts";
import type { CounterReader } from "./reader.ts";
import { TaskstatsQueries, type Answers } from "./queries.ts";
import type { Readings } from "./readings.ts";
import { ENDED } from "./table.ts";
import type { When } from "./when.ts";

/** Clocks read without giving way: some tens of µs. */
const CLOCKS_PER_STEP = 64;
/**
 * The list of processes is read at least so often, though no process id was given out: who restores processes with ids
 * of its own choice (clone3 with set_tid) takes none from the queue.
 */
const LIST_AGAIN_NS = 10e9;

/** Where a tid is used again and again there is always a message that asks for one more answer. */
const MOST_ROUNDS = 50;

export interface TaskstatsReaderInit {
  readonly transport: NetlinkTransport;
  readonly family: number;
  readonly exits: ExitListener | null;
  readonly procfs: Procfs;
  readonly clock: Clock;
  readonly idle: IdleProcesses;
  readonly readings: Readings;
  readonly lives: Lives;
}

export class TaskstatsReader implements CounterReader, Answers {
  readonly name = "taskstats";
  countsWaits = true;
  denied = 0;
  hidesTasks = false;
  lostExits = 0;
  readonly #exits: ExitListener | null;
  readonly #procfs: Procfs;
  readonly #clock: Clock;
  readonly #idle: IdleProcesses;
  readonly #readings: Readings;
  readonly #lives: Lives;
  readonly #queries: TaskstatsQueries;
  readonly #processList = new NumberList();
  readonly #threadList = new NumberList();
  /** Processes whose threads are to be listed and asked. */
  readonly #opened = new NumberList();
  /** The list was read in this scan: else whoever it names may have been gone before. */
  #isListed = false;
  /** As of the last time that the list of processes was read: the process id given out last, and when that was. */
  #lastPid = NaN;
  #listedNs = -Infinity;
  /** Messages that came, or were dropped, since then. */
  #exitsSinceList = 0;

  constructor(init: TaskstatsReaderInit) {
    this.#exits = init.exits;
    this.#procfs = init.procfs;
    this.#clock = init.clock;
    this.#idle = init.idle;
    this.#readings = init.readings;
    this.#lives = init.lives;
    const { transport, family, clock } = init;
    this.#queries = new TaskstatsQueries(transport, family, clock, this);
  }

  get exitEvents(): boolean {
    return this.#exits !== null && !this.#exits.isDoubted;
  }

  nothing(delayAccounting: boolean): IoDelta {
    const waits = delayAccounting && this.countsWaits;
    return zeroDelta((counter) => {
      const { taskstats, unit } = COUNTER_ENTRIES[counter];
      return taskstats !== null && (unit !== "ns" || waits);
    });
  }

  /**
   * Asks for our own process: whether the kernel answers at all, and whether it shows who has run.
   *
   * @throws SysError; NetlinkError with code EPERM without CAP_NET_ADMIN
   */
  probe(ownPid: number): void {
    this.#queries.ask(ownPid, ownPid);
    this.#queries.exchange();
    const slot = this.#readings.table.find(ownPid);
    if (slot < 0)
      throw new NetlinkError("ask taskstats for iotop itself", 0, "no answer");
    // Without CONFIG_TASK_DELAY_ACCT there are no waits, and answers do not show who has run: we have, and read 0.
    if (this.#readings.table.cpuRunNs[slot]! > 0) return;
    this.countsWaits = false;
    this.#readings.hasFingerprint = false;
  }

  drainExits(): number {
    if (this.#exits === null) return 0;
    const { messages, overflows } = this.#exits.drain(this.#lives);
    this.lostExits += overflows;
    this.#exitsSinceList += messages + overflows;
    return messages;
  }

  *scan(): Generator<void, void, void> {
    // Exit messages first, and once more behind: the rules in lives.ts need to know who had ended before the scan.
    this.drainExits();
    const beganNs = this.#clock.monotonicNs();
    this.#lives.beginScan(beganNs);
    this.#listProcesses(beganNs);
    this.denied = 0;
    yield* this.#openProcesses();
    yield* this.#askOpened();
    yield* this.#askUnseen();
    this.drainExits();
    yield* this.#askAgain();
    this.#lives.settle();
  }

  /** The processes there are: those that we know, if there can be no others. */
  #listProcesses(nowNs: number): void {
    const lastPid = this.#procfs.readLastPid();
    this.#isListed = !(
      this.#idle.isDetected &&
      this.exitEvents &&
      lastPid === this.#lastPid &&
      this.#exitsSinceList === 0 &&
      this.denied === 0 &&
      nowNs - this.#listedNs < LIST_AGAIN_NS
    );
    if (!this.#isListed) {
      this.#readings.processes.list(this.#processList);
      return;
    }
    this.#lastPid = lastPid;
    this.#listedNs = nowNs;
    this.#exitsSinceList = 0;
    this.#procfs.listProcesses(this.#processList);
    this.hidesTasks = this.#procfs.hidesProcesses(this.#processList);
  }

  /** Finds out which processes are new or have run. */
  *#openProcesses(): Generator<void, void, void> {
    this.#opened.clear();
    let nowNs = 0;
    for (let i = 0; i < this.#processList.length; i++) {
      if (i % CLOCKS_PER_STEP === 0) {
        yield;
        nowNs = this.#clock.monotonicNs();
      }
      const pid = this.#processList.get(i);
      if (this.#idle.hasRun(pid, nowNs)) this.#opened.push(pid);
    }
    yield;
  }

  /** All threads of the processes that are new or have run. */
  *#askOpened(): Generator<void, void, void> {
    const { table } = this.#readings;
    // Read behind the clocks: who makes a thread from now on has run by the next scan.
    const isQuiet =
      !this.#isListed && this.#procfs.readLastPid() === this.#lastPid;
    for (let i = 0; i < this.#opened.length; i++) {
      const pid = this.#opened.get(i);
      if (isQuiet && this.#isAlone(pid)) {
        const { processes, scan } = this.#readings;
        processes.aloneScan[processes.find(pid)] = scan;
        if (this.#queries.ask(pid, pid)) yield;
        continue;
      }
      const threads = this.#threadList;
      const answer = this.#procfs.listThreads(pid, threads);
      if (answer === "denied") {
        this.hidesTasks = true;
        continue;
      }
      if (answer === "gone") {
        if (this.#isListed || table.find(pid) >= 0) this.#lives.miss(pid, pid);
        continue;
      }
      for (let j = 0; j < threads.length; j++)
        if (this.#queries.ask(threads.get(j), pid)) yield;
    }
    this.#queries.exchange();
    this.#idle.settle();
    yield;
  }

  /** Whether a process has one thread, if nobody has begun since the processes were listed. */
  #isAlone(pid: number): boolean {
    const { processes, table } = this.#readings;
    const index = processes.find(pid);
    const main = table.find(pid);
    return (
      index >= 0 &&
      processes.threads[index] === 1 &&
      main >= 0 &&
      table.process[main] === index &&
      !table.has(main, ENDED)
    );
  }

  /** Tasks that no list named though no message told their end: a list can have a gap. */
  *#askUnseen(): Generator<void, void, void> {
    const { processes, table } = this.#readings;
    for (const tid of this.#lives.unseen()) {
      const pid = processes.pid[table.process[table.find(tid)]!]!;
      if (this.#queries.ask(tid, pid)) yield;
    }
    this.#queries.exchange();
  }

  /** What only one more answer can settle: few tasks, and most often none. */
  *#askAgain(): Generator<void, void, void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const questions = this.#lives.questions();
      if (questions.length === 0) return;
      for (const { tid, pid } of questions)
        if (this.#queries.ask(tid, pid)) yield;
      this.#queries.exchange();
      this.drainExits();
    }
  }

  /** The later the last look at the exit messages, the better it is known which life an answer is of. */
  sending(): void {
    this.drainExits();
  }

  answered(tid: number, pid: number, r: TaskstatsRecord, when: When): void {
    // The tid may have been listed for another process, and be used again.
    this.#lives.observe(tid, Number.isNaN(r.tgid) ? pid : r.tgid, r, when);
  }

  missing(tid: number, pid: number): void {
    this.#lives.miss(tid, pid);
  }

  refused(): void {
    this.denied++;
  }

  [Symbol.dispose](): void {
    this.#exits?.[Symbol.dispose]();
    this.#queries[Symbol.dispose]();
  }
}
