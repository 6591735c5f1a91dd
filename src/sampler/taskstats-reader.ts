/**
 * Counters through taskstats: one request a process, and one a thread only where a process has run.
 *
 * A process of one thread is asked by PID; a larger one by TGID, whose answer holds the fingerprint of all its threads
 * (how often they were put on a CPU, and for how long) but no I/O. Where the fingerprint has not changed no thread has
 * run, so none has done I/O, and none was made: neither its threads nor their list are read.
 */
import type { Clock } from "../kernel/clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { NetlinkError } from "../kernel/errors.ts";
import { NumberList } from "../kernel/files.ts";
import type { Procfs } from "../kernel/procfs.ts";
import {
  TASKSTATS_CMD_ATTR_PID,
  TASKSTATS_CMD_ATTR_TGID,
  type RequestKind,
  type TaskstatsRecord,
} from "../kernel/taskstats.ts";
import type { IoDelta } from "../model/sample.ts";
import type { ExitListener } from "./exit-listener.ts";
import type { Lives } from "./lives.ts";
import type { CounterReader } from "./reader.ts";
import { TaskstatsQueries, type Answers } from "./queries.ts";
import type { Readings, When } from "./readings.ts";
import { ENDED, LAST } from "./table.ts";

/** How often the threads of a process were put on a CPU, and for how long, ns. */
interface Fingerprint {
  readonly cpuCount: number;
  readonly cpuRunNs: number;
}

/** Differs from every fingerprint, itself included. */
const UNKNOWN_FINGERPRINT: Fingerprint = { cpuCount: NaN, cpuRunNs: NaN };

export interface TaskstatsReaderInit {
  readonly transport: NetlinkTransport;
  readonly family: number;
  readonly exits: ExitListener | null;
  readonly procfs: Procfs;
  readonly clock: Clock;
  readonly readings: Readings;
  readonly lives: Lives;
  /** False: ask every thread in every scan, for comparison. */
  readonly idleDetection: boolean;
}

export class TaskstatsReader implements CounterReader, Answers {
  readonly name = "taskstats";
  countsWaits = true;
  denied = 0;
  lostExits = 0;
  readonly #exits: ExitListener | null;
  readonly #procfs: Procfs;
  readonly #clock: Clock;
  readonly #readings: Readings;
  readonly #lives: Lives;
  #idleDetection: boolean;
  readonly #queries: TaskstatsQueries;
  readonly #processList = new NumberList();
  readonly #threadList = new NumberList();
  /** Processes whose threads are to be listed and asked. */
  #opened: number[] = [];
  /** Of processes that turned out to have several threads: they are known to the table once those have answered. */
  readonly #fingerprints = new Map<number, Fingerprint>();
  /** The phase in which an answer decides whether a process is opened. */
  #isComparing = true;

  constructor(init: TaskstatsReaderInit) {
    this.#exits = init.exits;
    this.#procfs = init.procfs;
    this.#clock = init.clock;
    this.#readings = init.readings;
    this.#lives = init.lives;
    this.#idleDetection = init.idleDetection;
    const { transport, family, clock } = init;
    this.#queries = new TaskstatsQueries(transport, family, clock, this);
  }

  get exitEvents(): boolean {
    return this.#exits !== null;
  }

  nothing(delayAccounting: boolean): IoDelta {
    const wait = delayAccounting && this.countsWaits ? 0 : null;
    return {
      readBytes: 0,
      writeBytes: 0,
      cancelledBytes: 0,
      logicalReadBytes: 0,
      logicalWriteBytes: 0,
      readCalls: null,
      writeCalls: null,
      ioWaitNs: wait,
      swapWaitNs: wait,
    };
  }

  /**
   * Asks for our own process: whether the kernel answers at all, and whether its answers carry the fingerprint.
   *
   * @throws SysError; NetlinkError with code EPERM without CAP_NET_ADMIN
   */
  probe(ownPid: number): void {
    this.#queries.ask(TASKSTATS_CMD_ATTR_PID, ownPid, ownPid);
    this.#queries.exchange();
    const slot = this.#readings.table.find(ownPid);
    if (slot < 0)
      throw new NetlinkError("ask taskstats for iotop itself", 0, "no answer");
    // Without CONFIG_TASK_DELAY_ACCT there are neither waits nor a fingerprint: who asks has run, and 0 is what it says.
    if (this.#readings.table.cpuRunNs[slot]! > 0) return;
    this.countsWaits = false;
    this.#readings.hasFingerprint = false;
    this.#idleDetection = false;
  }

  drainExits(): number {
    if (this.#exits === null) return 0;
    const { messages, overflows } = this.#exits.drain(this.#lives);
    this.lostExits += overflows;
    return messages;
  }

  *scan(): Generator<void, void, void> {
    this.denied = 0;
    // Exit messages first, and once more behind: the rules in lives.ts need to know who had ended before the scan.
    this.drainExits();
    this.#lives.beginScan(this.#clock.monotonicNs());
    this.#procfs.listProcesses(this.#processList);
    yield* this.#askProcesses();
    yield* this.#askOpened();
    yield* this.#askUnseen();
    this.drainExits();
    yield* this.#askAgain();
    this.#lives.settle();
  }

  *#askProcesses(): Generator<void, void, void> {
    const { processes } = this.#readings;
    this.#opened = [];
    this.#isComparing = true;
    for (let i = 0; i < this.#processList.length; i++) {
      const pid = this.#processList.get(i);
      const index = processes.find(pid);
      if (index < 0 || !this.#idleDetection) this.#opened.push(pid);
      else if (
        this.#queries.ask(
          processes.isMulti[index]
            ? TASKSTATS_CMD_ATTR_TGID
            : TASKSTATS_CMD_ATTR_PID,
          pid,
          pid,
        )
      )
        yield;
    }
    this.#queries.exchange();
    yield;
  }

  /** All threads of the processes that are new or have run. */
  *#askOpened(): Generator<void, void, void> {
    const { processes, table, scan } = this.#readings;
    this.#fingerprints.clear();
    this.#isComparing = false;
    for (const pid of this.#opened) {
      const threads = this.#threadList;
      if (!this.#procfs.listThreads(pid, threads)) {
        this.#lives.miss(pid, pid);
        continue;
      }
      const index = processes.find(pid);
      const isMulti = threads.length > 1;
      if (isMulti && (index < 0 || !processes.isMulti[index])) {
        // The fingerprint is taken before the threads are read: what happens in between changes the next one.
        this.#fingerprints.set(pid, UNKNOWN_FINGERPRINT);
        if (this.#queries.ask(TASKSTATS_CMD_ATTR_TGID, pid, pid)) yield;
      } else if (index >= 0) processes.isMulti[index] = isMulti;
      for (let i = 0; i < threads.length; i++) {
        const tid = threads.get(i);
        const slot = table.find(tid);
        const isRead = !isMulti && slot >= 0 && table.seen[slot] === scan;
        if (!isRead && this.#queries.ask(TASKSTATS_CMD_ATTR_PID, tid, pid))
          yield;
      }
    }
    this.#queries.exchange();
    for (const [pid, { cpuCount, cpuRunNs }] of this.#fingerprints) {
      const index = processes.find(pid);
      if (index < 0) continue;
      processes.isMulti[index] = true;
      processes.cpuCount[index] = cpuCount;
      processes.cpuRunNs[index] = cpuRunNs;
    }
    yield;
  }

  /** Tasks that no list named though no message told their end: a list can have a gap. */
  *#askUnseen(): Generator<void, void, void> {
    const { processes, table } = this.#readings;
    for (const tid of this.#lives.unseen()) {
      const pid = processes.pid[table.process[table.find(tid)]!]!;
      if (this.#queries.ask(TASKSTATS_CMD_ATTR_PID, tid, pid)) yield;
    }
    this.#queries.exchange();
  }

  /** What only one more answer can settle: few tasks, and most often none. */
  *#askAgain(): Generator<void, void, void> {
    for (;;) {
      const questions = this.#lives.questions();
      if (questions.length === 0) return;
      for (const { tid, pid } of questions)
        if (this.#queries.ask(TASKSTATS_CMD_ATTR_PID, tid, pid)) yield;
      this.#queries.exchange();
      this.drainExits();
    }
  }

  answered(
    kind: RequestKind,
    id: number,
    pid: number,
    record: TaskstatsRecord,
    when: When,
  ): void {
    if (kind === TASKSTATS_CMD_ATTR_TGID)
      this.#acceptProcess(id, record, when.beforeNs);
    // The tid may have been listed for another process, and be used again.
    else
      this.#acceptTask(
        id,
        Number.isNaN(record.tgid) ? pid : record.tgid,
        record,
        when,
      );
  }

  missing(kind: RequestKind, id: number, pid: number): void {
    if (kind === TASKSTATS_CMD_ATTR_PID) this.#lives.miss(id, pid);
    else this.#opened.push(id);
  }

  refused(): void {
    this.denied++;
  }

  #acceptProcess(pid: number, r: TaskstatsRecord, readNs: number): void {
    const { cpuCount, cpuRunNs } = r;
    if (!this.#isComparing) {
      this.#fingerprints.set(pid, { cpuCount, cpuRunNs });
      return;
    }
    const { processes, scan } = this.#readings;
    const index = processes.find(pid);
    if (index < 0) return;
    if (
      processes.cpuCount[index] === cpuCount &&
      processes.cpuRunNs[index] === cpuRunNs
    ) {
      processes.idleScan[index] = scan;
      processes.idleNs[index] = readNs;
      return;
    }
    processes.cpuCount[index] = cpuCount;
    processes.cpuRunNs[index] = cpuRunNs;
    this.#opened.push(pid);
  }

  #acceptTask(tid: number, pid: number, r: TaskstatsRecord, when: When): void {
    const { processes, table } = this.#readings;
    const slot = table.find(tid);
    const index = processes.find(pid);
    const isAlone = tid === pid && index >= 0 && !processes.isMulti[index];
    // What an exit message told is not what the list was read after.
    const mayHaveRun =
      slot < 0 ||
      (table.has(slot, ENDED) && !table.has(slot, LAST)) ||
      table.cpuCount[slot] !== r.cpuCount ||
      table.cpuRunNs[slot] !== r.cpuRunNs;
    this.#lives.observe(tid, pid, r, when);
    // It may have made threads, which only the list tells.
    if (this.#isComparing && isAlone && mayHaveRun) this.#opened.push(pid);
  }

  [Symbol.dispose](): void {
    this.#exits?.[Symbol.dispose]();
    this.#queries[Symbol.dispose]();
  }
}
