/** Tasks in doubt until the scan is over: those that did not answer, and those that are asked a second time. */
import type { Procfs } from "../kernel/procfs.ts";
import { MISSING } from "./life-state.ts";
import type { LifeTable } from "./life-table.ts";

/** A tid, of a process, to be asked. */
export interface Recheck {
  readonly tid: number;
  readonly pid: number;
}

/** Called away by execve, or its message was lost. */
interface MissingTask extends Recheck {
  /** -1: it was listed, and gone before any answer. */
  readonly slot: number;
}

export class Rechecks {
  readonly #table: LifeTable;
  readonly #procfs: Pick<Procfs, "isExiting">;
  #missing: MissingTask[] = [];
  #wanted: Recheck[] = [];
  /** Tids that were asked again: whether they belonged to a task that had not begun to end before that. */
  readonly #wasAlive = new Map<number, boolean>();

  constructor(table: LifeTable, procfs: Pick<Procfs, "isExiting">) {
    this.#table = table;
    this.#procfs = procfs;
  }

  /** It does not answer, and nothing was heard of its end: its process has something new to say. */
  addMissing(task: MissingTask): void {
    if (task.slot >= 0) this.#table.set(task.slot, MISSING);
    this.#missing.push(task);
    this.forget(task.pid);
  }

  /** Those that are missing still. */
  get missing(): readonly MissingTask[] {
    const table = this.#table;
    return this.#missing.filter(({ tid, slot }) =>
      slot < 0 ? table.find(tid) < 0 : table.has(slot, MISSING),
    );
  }

  /** A missing thread of the process that nobody saw has been found. */
  takeUnseen(pid: number): void {
    const found = this.missing.find((it) => it.slot < 0 && it.pid === pid);
    this.#missing = this.#missing.filter((it) => it !== found);
  }

  /** To be asked, unless it was asked again already. */
  ask(tid: number, pid: number): void {
    this.#wanted.push({ tid, pid });
  }

  /** To be asked though it was already: more was heard since. */
  askAgain(tid: number, pid: number): void {
    this.forget(tid);
    this.ask(tid, pid);
  }

  /** What was heard since makes an earlier second answer worth nothing. */
  forget(tid: number): void {
    this.#wasAlive.delete(tid);
  }

  /** undefined: it was not asked again. */
  wasAlive(tid: number): boolean | undefined {
    return this.#wasAlive.get(tid);
  }

  /** Those to be asked now, each once. */
  take(): readonly Recheck[] {
    const wanted = this.#wanted;
    this.#wanted = [];
    return wanted.filter(({ tid }) => {
      if (this.#wasAlive.has(tid)) return false;
      this.#wasAlive.set(tid, this.#procfs.isExiting(tid) === false);
      return true;
    });
  }

  /** The scan is over; what was not asked by now is asked in the next one. */
  clear(): void {
    this.#missing = [];
    this.#wasAlive.clear();
  }
}
