/** One stream of samples to many outputs, none of which waits for another. */
import type { AlarmClock } from "../kernel/clock.ts";
import type { Sample, StopReason, Summary } from "../model/sample.ts";
import { Lane, type LaneEnd, type LaneOptions, type Patience } from "./lane.ts";

export interface FanoutOptions {
  readonly outputs: readonly Omit<LaneOptions, "clock" | "onEnd">[];
  readonly clock: AlarmClock;
  /** The run so far, for outputs that end before it does. */
  readonly summarize: (reason: StopReason) => Summary;
  readonly patience: Patience;
  /** Called once an output, when it stops taking samples. */
  readonly onEnd: (lane: Lane, end: LaneEnd) => void;
  /** Called when no output is left. */
  readonly onAllEnded: () => void;
}

export class Fanout {
  readonly lanes: readonly Lane[];
  readonly #options: FanoutOptions;

  constructor(options: FanoutOptions) {
    this.#options = options;
    this.lanes = options.outputs.map(
      (output) =>
        new Lane({
          ...output,
          clock: options.clock,
          onEnd: (lane, end) => this.#laneEnded(lane, end),
        }),
    );
  }

  /** Opens all at once. Resolves when each is open or has failed. */
  async open(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.open()));
  }

  deliver(sample: Sample): void {
    for (const lane of this.lanes) lane.offer(sample);
  }

  /** Resolves when every output has written what it was given. */
  async idle(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.idle()));
  }

  async close(summary: Summary, patience: Patience): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close(summary, patience)));
  }

  #laneEnded(lane: Lane, end: LaneEnd): void {
    this.#options.onEnd(lane, end);
    const { summarize, patience, onAllEnded } = this.#options;
    const reason = end.kind === "broken-pipe" ? end.kind : "error";
    // An end during `close` finds its promise there; an earlier one starts it, so that what is open is closed.
    if (end.kind === "failed" || end.kind === "broken-pipe")
      void lane.close(summarize(reason), patience);
    if (this.lanes.every((each) => each.end !== null)) onAllEnded();
  }
}
