/** Counters through taskstats: requests only for the threads of processes that have run. */
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { NetlinkError } from "../kernel/errors.ts";
import { NumberList } from "../kernel/files.ts";
import type { ExitListener } from "./exit-listener.ts";
import type { CounterReader, SamplerParts } from "./reader.ts";
import { TaskstatsQueries, type QueryEvents } from "./taskstats-queries.ts";
import { ENDED } from "./life-state.ts";

/** Clocks read without giving way: some tens of µs. */
const CLOCKS_PER_STEP = 64;
/** The list of processes is read at least so often: clone3 with set_tid gives out ids that no counter shows. */
const LIST_AGAIN_NS = 10e9;

/** Where a tid is used again and again there is always a message that asks for one more answer. */
const MOST_ROUNDS = 50;

export interface TaskstatsReaderInit extends SamplerParts {
  readonly transport: NetlinkTransport;
  readonly family: number;
  readonly exits: ExitListener | null;
}

export class TaskstatsReader implements CounterReader, QueryEvents {
  readonly name = "taskstats";
  countsDelays = true;
  denied = 0;
  hidesTasks = false;
  #lostExits = 0;
  readonly #parts: TaskstatsReaderInit;
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

  constructor(parts: TaskstatsReaderInit) {
    this.#parts = parts;
    this.#queries = new TaskstatsQueries(parts, this);
  }

  get exitEvents(): boolean {
    return this.#parts.exits !== null && !this.#parts.exits.isDoubted;
  }

  /**
   * Asks for our own process: whether the kernel answers at all, and whether it shows who has run.
   *
   * @throws SysError; NetlinkError with code EPERM without CAP_NET_ADMIN
   */
  probe(ownPid: number): void {
    this.#queries.ask(ownPid, ownPid);
    this.#queries.exchange();
    const slot = this.#parts.lives.table.find(ownPid);
    if (slot < 0)
      throw new NetlinkError("ask taskstats for iotop itself", 0, "no answer");
    // Without CONFIG_TASK_DELAY_ACCT there are no waits, and answers do not show who has run: we have, and read 0.
    if (this.#parts.lives.table.cpuRunNs[slot]! > 0) return;
    this.countsDelays = false;
    this.#parts.lives.hasFingerprint = false;
  }

  takeLostExits(): number {
    const lost = this.#lostExits;
    this.#lostExits = 0;
    return lost;
  }

  drainExits(): number {
    if (this.#parts.exits === null) return 0;
    const { messages, overflows } = this.#parts.exits.drain(
      this.#parts.tracker,
    );
    this.#lostExits += overflows;
    this.#exitsSinceList += messages + overflows;
    return messages;
  }

  *scan(): Generator<void, void, void> {
    // Whoever had a tid before the task that answers has sent its message by then: messages are taken first.
    this.drainExits();
    const beganNs = this.#parts.clock.monotonicNs();
    this.#parts.lives.beginScan(beganNs);
    this.#listProcesses(beganNs);
    this.denied = 0;
    yield* this.#openProcesses();
    yield* this.#askOpened();
    yield* this.#askUnseen();
    this.drainExits();
    yield* this.#askAgain();
    this.#parts.tracker.reconcile();
  }

  /** The processes there are: those that we know, if there can be no others. */
  #listProcesses(nowNs: number): void {
    const lastPid = this.#parts.procfs.readLastPid();
    this.#isListed = !(
      this.#parts.idle.isDetected &&
      this.exitEvents &&
      lastPid === this.#lastPid &&
      this.#exitsSinceList === 0 &&
      this.denied === 0 &&
      nowNs - this.#listedNs < LIST_AGAIN_NS
    );
    if (!this.#isListed) {
      this.#parts.lives.processes.list(this.#processList);
      return;
    }
    this.#lastPid = lastPid;
    this.#listedNs = nowNs;
    this.#exitsSinceList = 0;
    this.#parts.procfs.listProcesses(this.#processList);
    this.hidesTasks = this.#parts.procfs.hidesProcesses(this.#processList);
  }

  /** Finds out which processes are new or have run. */
  *#openProcesses(): Generator<void, void, void> {
    this.#opened.clear();
    let nowNs = 0;
    for (let i = 0; i < this.#processList.length; i++) {
      if (i % CLOCKS_PER_STEP === 0) {
        yield;
        nowNs = this.#parts.clock.monotonicNs();
      }
      const pid = this.#processList.get(i);
      if (this.#parts.idle.hasRun(pid, nowNs)) this.#opened.push(pid);
    }
    yield;
  }

  /** All threads of the processes that are new or have run. */
  *#askOpened(): Generator<void, void, void> {
    const { table } = this.#parts.lives;
    // Read after the clocks: who makes a thread from now on has run by the next scan.
    const isQuiet =
      !this.#isListed && this.#parts.procfs.readLastPid() === this.#lastPid;
    for (let i = 0; i < this.#opened.length; i++) {
      const pid = this.#opened.get(i);
      if (isQuiet && this.#isAlone(pid)) {
        this.#parts.idle.skipList(pid);
        if (this.#queries.ask(pid, pid)) yield;
        continue;
      }
      const threads = this.#threadList;
      const answer = this.#parts.procfs.listThreads(pid, threads);
      if (answer === "denied") {
        this.hidesTasks = true;
        continue;
      }
      if (answer === "gone") {
        if (this.#isListed || table.find(pid) >= 0)
          this.#parts.tracker.noAnswer(pid, pid);
        continue;
      }
      for (let j = 0; j < threads.length; j++)
        if (this.#queries.ask(threads.get(j), pid)) yield;
    }
    this.#queries.exchange();
    this.#parts.idle.settle();
    yield;
  }

  /** Whether a process has one thread, if nobody has begun since the processes were listed. */
  #isAlone(pid: number): boolean {
    const { processes, table } = this.#parts.lives;
    const main = table.find(pid);
    return (
      processes.of(pid)?.threads === 1 &&
      main >= 0 &&
      table.process[main] === processes.find(pid) &&
      !table.has(main, ENDED)
    );
  }

  /** Tasks that no list named though no message told their end: a list can have a gap. */
  *#askUnseen(): Generator<void, void, void> {
    for (const { tid, pid } of this.#parts.tracker.unseen())
      if (this.#queries.ask(tid, pid)) yield;
    this.#queries.exchange();
  }

  /** What only one more answer can settle: few tasks, and most often none. */
  *#askAgain(): Generator<void, void, void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const rechecks = this.#parts.tracker.rechecks();
      if (rechecks.length === 0) return;
      for (const { tid, pid } of rechecks)
        if (this.#queries.ask(tid, pid)) yield;
      this.#queries.exchange();
      this.drainExits();
    }
  }

  refused(): void {
    this.denied++;
  }

  [Symbol.dispose](): void {
    this.#parts.exits?.[Symbol.dispose]();
    this.#queries[Symbol.dispose]();
  }
}
