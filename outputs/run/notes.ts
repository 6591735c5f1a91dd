/** What has to be known of the numbers of a run: what is unknown or missing, and why. */
import {
  problemsOf,
  type GroupKind,
  type Health,
  type Origin,
} from "../../src/model/index.ts";
import { KINDS } from "./group-words.ts";
import type { WaitsCounted } from "./watched.ts";

export interface Noted {
  readonly kind: GroupKind;
  /** Of the newest sample. */
  readonly origin: Origin;
  /** Of all samples together. */
  readonly health: Health;
  readonly waitsCounted: WaitsCounted;
  /** Whether the samples come from a recording: another machine, or another time. */
  readonly isRecorded: boolean;
  /** Whether a group is shown whose name is not known. */
  readonly hasNameless: boolean;
  readonly hasCancelled: boolean;
}

/** Sentences without a full stop. */
export function notesOf(noted: Noted): readonly string[] {
  const { kind, origin, health, waitsCounted, isRecorded } = noted;
  // What it says about waits concerns one sample; these notes are about all of them.
  const waitless = { origin: { ...origin, delayAccounting: true }, health };
  const notes = problemsOf(waitless, isRecorded).map(({ text }) => text);
  const off = origin.delayAccounting === null ? "may have been off" : "was off";
  if (waitsCounted !== "always")
    notes.unshift(
      waitsCounted === "never"
        ? `IO WAIT is unknown: delay accounting ${off}`
        : `IO WAIT is incomplete: delay accounting ${off} for part of the time`,
    );
  if (noted.hasCancelled)
    notes.unshift(
      "CANCELLED was written, now or earlier, but the file was truncated or deleted before the bytes went to the disk; DISK WRITE includes them, SHARE does not",
    );
  // Users and programs are always known, and a program may be called "?".
  if (kind !== "comm" && kind !== "user" && noted.hasNameless)
    notes.unshift(
      `${KINDS[kind].title} ? is for processes that exited before their cgroup was read`,
    );
  return notes;
}
