/** Counters through taskstats: requests only for the threads of processes that have run. */
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { NetlinkError } from "../kernel/errors.ts";
import { NumberList } from "../kernel/files.ts";
import type { ExitListener } from "./exit-listener.ts";
import { ProcessList } from "./process-list.ts";
import type { CounterReader, SamplerParts } from "./reader.ts";
import { TaskstatsQueries, type QueryEvents } from "./taskstats-queries.ts";
import { ENDED } from "./life-state.ts";

/** Clocks read without giving way: some hundred µs. */
const CLOCKS_PER_STEP = 256;

/** To ask for so many ids costs less than to list the threads of one process. */
const IDS_PER_LIST = 8;

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
  readonly #processes: ProcessList;
  readonly #threadList = new NumberList();
  /** Processes whose threads are to be listed and asked. */
  readonly #opened = new NumberList();
  /** Exit messages were dropped since the scan before began. */
  #hasLostExits = false;

  constructor(parts: TaskstatsReaderInit) {
    this.#parts = parts;
    this.#queries = new TaskstatsQueries(parts, this);
    this.#processes = new ProcessList(parts);
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
    if (overflows > 0) this.#hasLostExits = true;
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
    this.#processes.compareTotal(beganNs);
  }

  #listProcesses(nowNs: number): void {
    const hearsAll =
      this.exitEvents &&
      !this.#hasLostExits &&
      !this.hidesTasks &&
      this.denied === 0;
    this.#hasLostExits = false;
    this.#processes.read(nowNs, hearsAll);
    if (!this.#processes.isListed) return;
    const { pids } = this.#processes;
    this.hidesTasks = this.#parts.procfs.hidesProcesses(pids);
  }

  /** Finds out which processes are new or have run. */
  *#openProcesses(): Generator<void, void, void> {
    this.#opened.clear();
    const { clock, idle, lives } = this.#parts;
    const { isListed, pids } = this.#processes;
    const known = isListed ? 0 : lives.processes.capacity;
    for (let from = 0; from < known; from += CLOCKS_PER_STEP) {
      yield;
      const to = Math.min(from + CLOCKS_PER_STEP, known);
      idle.lookAtKnown(from, to, clock.monotonicNs(), this.#opened);
    }
    let nowNs = 0;
    for (let i = 0; i < pids.length; i++) {
      if (i % CLOCKS_PER_STEP === 0) {
        yield;
        nowNs = clock.monotonicNs();
      }
      const pid = pids.get(i);
      const state = idle.look(pid, nowNs);
      // Who was listed was there, and its end is to be heard of.
      if (state === "ran" || (state === "gone" && isListed))
        this.#opened.push(pid);
    }
    yield;
  }

  /** All threads of the processes that are new or have run. */
  *#askOpened(): Generator<void, void, void> {
    // Read after the clocks: who makes a thread from now on has run by the next scan.
    const most = this.#opened.length * IDS_PER_LIST;
    const hasNoNewThread = yield* this.#processes.hasNoNewThread(most);
    for (let i = 0; i < this.#opened.length; i++) {
      const pid = this.#opened.get(i);
      if (hasNoNewThread && this.#isAlone(pid)) {
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

  /** Whether a process has one thread, if no thread has begun since it was last listed. */
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
