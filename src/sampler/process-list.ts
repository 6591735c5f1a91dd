/**
 * Which processes there are, anew in each scan. To list /proc takes 1.2 µs a process. Most scans do without: then it is
 * those that we know, and whoever has one of the ids given out lately. The CPU clock of a process, which is read anyway,
 * answers for no other id; to ask it takes 0.3 µs (measured on Linux 6.18). That nobody is missing shows in the number of
 * all tasks.
 */
import { NumberList } from "../kernel/files.ts";
import { ENDED, REPORTED } from "./life-state.ts";
import type { Lives } from "./lives.ts";
import {
  countIds,
  idsGivenOut,
  includesId,
  type IdRange,
} from "./new-process-ids.ts";
import type { SamplerParts } from "./reader.ts";

/**
 * clone3 with set_tid gives out ids that are not in turn. So /proc is listed this long after it was last certain that
 * nobody is missing, and at least so often.
 */
const UNCERTAIN_NS = 10e9;
const LIST_AGAIN_NS = 60e9;
/** The number of all tasks makes it certain. It is compared this long after the last time that it was. */
const COUNT_AGAIN_NS = 5e9;
/** To look for so many ids costs as much as to list one process. */
const IDS_PER_PROCESS = 3;
/** Ids looked for without giving way: some hundred µs. */
const IDS_PER_STEP = 256;

export class ProcessList {
  /** /proc was listed in this scan. */
  isListed = false;
  /** All that were listed; else the ids that new processes may have besides the known ones: some are nobody's. */
  readonly pids = new NumberList();
  readonly #parts: SamplerParts;
  #listedNs = -Infinity;
  #listedScan = 0;
  /** When nobody was missing. */
  #certainNs = -Infinity;
  /** As of the last time that /proc was listed: its processes, and kernel.pid_max. */
  #listedCount = 0;
  #pidMax = NaN;
  /** The id given out last, as of the latest scan, and those since the scan before; null: not known for certain. */
  #lastPid = NaN;
  #latest: readonly IdRange[] | null = null;
  /** Those in which whoever is new is looked for. */
  #given: readonly IdRange[] = [];

  constructor(parts: SamplerParts) {
    this.#parts = parts;
  }

  /**
   * @param hearsAll of every task that ended since the scan before, the message was received, and of all processes all
   * is shown
   * @throws SysError when /proc itself cannot be read
   */
  read(nowNs: number, hearsAll: boolean): void {
    const { idle, lives, procfs, tracker } = this.#parts;
    const strangers = tracker.takeStrangers();
    // Read before anybody is looked for: whoever begins from now on has a later id.
    const lastPid = procfs.readLastPid();
    const before = this.#latest;
    const latest = idsGivenOut(this.#lastPid, lastPid, this.#pidMax);
    // Of two intervals: a fork that was under way in the scan before had its id, and did not show yet.
    const given = [...(before ?? []), ...(latest ?? [])];
    // Else ids were given out of turn, or perhaps all of them, and more than once.
    const isTold =
      countIds(given) <= IDS_PER_PROCESS * this.#listedCount &&
      strangers.every((pid) => includesId(given, pid));
    this.#lastPid = lastPid;
    this.#latest = isTold ? latest : null;
    this.#given = given;
    this.isListed = !(
      hearsAll &&
      idle.isDetected &&
      before !== null &&
      this.#latest !== null &&
      nowNs - this.#listedNs < LIST_AGAIN_NS &&
      nowNs - this.#certainNs < UNCERTAIN_NS
    );
    if (this.isListed) return this.#list(nowNs);
    this.pids.clear();
    for (const { from, to } of given)
      for (let id = from; id <= to; id++)
        if (lives.processes.find(id) < 0) this.pids.push(id);
  }

  /**
   * Whether no thread has begun since the scan before, nor meanwhile: nobody has one of the ids given out but processes.
   *
   * @param most the ids that may be asked for that
   */
  *hasNoNewThread(most: number): Generator<void, boolean, void> {
    if (this.isListed) return false;
    const { idle, procfs } = this.#parts;
    const lastPid = procfs.readLastPid();
    const since = idsGivenOut(this.#lastPid, lastPid, this.#pidMax);
    if (since === null) return false;
    const given = [...this.#given, ...since];
    if (countIds(given) > most) return false;
    let asked = 0;
    for (const { from, to } of given)
      for (let id = from; id <= to; id++) {
        if (procfs.isTask(id) && !idle.isProcess(id)) return false;
        if (++asked % IDS_PER_STEP === 0) yield;
      }
    return true;
  }

  /** After the scan: nobody is missing if the system has as many tasks as are known. */
  compareTotal(nowNs: number): void {
    if (nowNs - this.#certainNs < COUNT_AGAIN_NS) return;
    const { lives, procfs } = this.#parts;
    if (procfs.readTaskTotal() === countPresent(lives)) this.#certainNs = nowNs;
  }

  #list(nowNs: number): void {
    const { idle, lives, procfs } = this.#parts;
    procfs.listProcesses(this.pids);
    // Though the number of all tasks was right: one may have been missing, and one that is gone counted.
    idle.doubtSkipped(this.#listedScan);
    this.#listedNs = nowNs;
    this.#listedScan = lives.scan;
    this.#certainNs = nowNs;
    this.#listedCount = this.pids.length;
    this.#pidMax = procfs.readPidMax();
  }
}

/** How many tasks the system should have: those that live, and zombies. */
function countPresent(lives: Lives): number {
  const { table } = lives;
  let count = 0;
  for (const slot of table.slots.subarray(0, table.liveCount)) {
    const isZombie = table.has(slot, REPORTED) && lives.isPresent(slot);
    if (isZombie || !table.has(slot, ENDED)) count++;
  }
  return count;
}
