/** What can happen on a fake Linux, as a list that can be played: see fake-history.ts. */
import type { FakeCounters, Halt } from "./fake-linux-tasks.ts";

/** `on` chooses among what there is at that moment; an operation for which there is nothing does nothing. */
export type Op =
  | Birth
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

/** A process, or a thread, begins. */
export interface Birth {
  readonly op: "fork" | "clone";
  readonly on: number;
  /** Under an id that was used before. */
  readonly again: boolean;
  /** When its id is given out. "held up": before a scan, and it is there after that one. */
  readonly birth?: "in turn" | "out of turn" | "held up";
}

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

/** So few ids that a history may come to the end of them, and many more than tasks. */
export const PID_MAX = 450;

export interface History {
  /** The id that was given out last when it begins: whether, and when, the kernel begins again. */
  readonly lastPid?: number;
  readonly before: readonly Op[];
  readonly atBaseline: readonly Race[];
  readonly ops: readonly Op[];
}
