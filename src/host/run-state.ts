/** How a run is going: its sums, whether it is to end and why, and whether anything has failed. */
import type { StopReason } from "../model/sample.ts";
import type { Messages } from "./messages.ts";
import { RunTotals } from "./run-totals.ts";

export class RunState {
  readonly messages: Messages;
  readonly totals = new RunTotals();
  readonly #ending = new AbortController();
  #reason: StopReason | null = null;
  #failed = false;

  constructor(messages: Messages) {
    this.messages = messages;
  }

  /** Aborted when the run is to end. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }
  /** The first one given; null while the run goes on. */
  get reason(): StopReason | null {
    return this.#reason;
  }
  get failed(): boolean {
    return this.#failed;
  }

  stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#ending.abort();
  }

  /** Something has failed, and the user is told; the run may go on. */
  fail(text: string): void {
    this.#failed = true;
    this.messages.error(text);
  }
}
