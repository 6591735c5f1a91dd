/** The state of a run: its sums, whether it is to end and why, and whether anything has failed. */
import type { StopReason } from "../../model/sample.ts";
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
  /** The first reason given; null while the run goes on. */
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

  /** Something has failed. The user sees the text; the run may go on. */
  fail(text: string): void {
    this.#failed = true;
    this.messages.error(text);
  }
}
