/** What can happen on a fake Linux, as a list that can be played: see fake-history.ts. */
import type { FakeCounters, Halt } from "./fake-linux-tasks.ts";

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
