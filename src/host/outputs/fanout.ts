/** One stream of samples to many outputs, none of which waits for another. */
import type { AlarmClock } from "../../kernel/clock.ts";
import type { Sample, StopReason, Summary } from "../../model/sample.ts";
import {
  OutputRunner,
  type OutputEnd,
  type RunnerOptions,
  type Patience,
} from "./output-runner.ts";

export interface FanoutOptions {
  readonly outputs: readonly Omit<RunnerOptions, "clock" | "onEnd">[];
  readonly clock: AlarmClock;
  /** The run so far, for outputs that end before the run does. */
  readonly summarize: (reason: StopReason) => Summary;
  readonly patience: Patience;
  /** Called once for each output, when it stops taking samples. */
  readonly onEnd: (runner: OutputRunner, end: OutputEnd) => void;
  /** Called when no output is left. */
  readonly onAllEnded: () => void;
}

export class Fanout {
  readonly runners: readonly OutputRunner[];
  readonly #options: FanoutOptions;

  constructor(options: FanoutOptions) {
    this.#options = options;
    this.runners = options.outputs.map(
      (output) =>
        new OutputRunner({
          ...output,
          clock: options.clock,
          onEnd: (runner, end) => this.#runnerEnded(runner, end),
        }),
    );
  }

  /** Opens all outputs at once. Resolves when each is open or has failed. */
  async open(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.open()));
  }

  deliver(sample: Sample): void {
    for (const runner of this.runners) runner.offer(sample);
  }

  /** Resolves when every output has written all the samples that it was given. */
  async idle(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.idle()));
  }

  async close(summary: Summary, patience: Patience): Promise<void> {
    await Promise.all(
      this.runners.map((runner) => runner.close(summary, patience)),
    );
  }

  /** iotop is about to exit: what outputs wait for is over. */
  leave(): void {
    for (const runner of this.runners) runner.leave();
  }

  #runnerEnded(runner: OutputRunner, end: OutputEnd): void {
    this.#options.onEnd(runner, end);
    const { summarize, patience, onAllEnded } = this.#options;
    const reason = end.kind === "broken-pipe" ? end.kind : "error";
    // If this happens during `close`, the promise exists already. Otherwise it starts here, so that what is open is
    // closed.
    if (end.kind === "failed" || end.kind === "broken-pipe")
      void runner.close(summarize(reason), patience);
    if (this.runners.every((each) => each.end !== null)) onAllEnded();
  }
}
