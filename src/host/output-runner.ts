/** One output's life: opened, written to, closed. Its failures affect no other output. */
import { settlesWithin, type AlarmClock } from "../kernel/clock.ts";
import { mergeSamples } from "../model/merge.ts";
import type { Output, OutputContext } from "../model/output.ts";
import type { Sample, Summary } from "../model/sample.ts";

/** How an output ended. Only "failed" and "hung" are errors. */
export type OutputEnd =
  | { readonly kind: "closed" | "broken-pipe" | "hung" }
  | { readonly kind: "failed"; readonly error: unknown };

/** How an output reports to its runner. */
export interface RunnerControls {
  /** The reader is gone. What the output was doing counts as done: a print that it awaits never resolves. */
  breakPipe(): void;
  fail(error: unknown): void;
  /**
   * A print has been handed to the system, which may take as long as the reader likes. Call the returned function when
   * the text is taken.
   */
  printing(): () => void;
}

export interface RunnerOptions {
  readonly name: string;
  readonly output: Output;
  readonly clock: AlarmClock;
  readonly createContext: (controls: RunnerControls) => OutputContext;
  /** Called once, when the output stops taking samples: at the latest by `close`. */
  readonly onEnd: (runner: OutputRunner, end: OutputEnd) => void;
}

export interface Patience {
  /** How long `close` waits for an output that does nothing, ms. */
  readonly ms: number;
  /**
   * Asked each time that this period has passed. True gives a slow reader more time, so that its text is not cut off.
   */
  readonly waitsForReaders: () => boolean;
}

export class OutputRunner {
  readonly name: string;
  readonly #output: Output;
  readonly #clock: AlarmClock;
  readonly #ctx: OutputContext;
  readonly #onEnd: RunnerOptions["onEnd"];
  #opening: Promise<void> | null = null;
  #opened = false;
  #end: OutputEnd | null = null;
  #abandoned = false;
  #pending: Sample | null = null;
  #pump: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #interrupt = (): void => {};
  #printing = 0;
  readonly #closed = Promise.withResolvers<void>();

  constructor(options: RunnerOptions) {
    this.name = options.name;
    this.#output = options.output;
    this.#clock = options.clock;
    this.#onEnd = options.onEnd;
    this.#ctx = options.createContext({
      breakPipe: () => {
        this.#finish({ kind: "broken-pipe" });
        this.#interrupt();
      },
      fail: (error) => this.fail(error),
      printing: () => {
        this.#printing++;
        return () => void this.#printing--;
      },
    });
  }

  /** How it ended; null while it takes samples. */
  get end(): OutputEnd | null {
    return this.#end;
  }

  /** Resolves when the output has been closed or given up. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Never rejects: if an output cannot open, it counts as failed. */
  open(): Promise<void> {
    return (this.#opening ??= this.#open());
  }

  async #open(): Promise<void> {
    await this.#call(() => this.#output.open?.(this.#ctx));
    this.#opened = this.#end === null || this.#end.kind === "broken-pipe";
  }

  /** Writes the sample, at once or merged with those that are waiting. */
  offer(sample: Sample): void {
    if (this.#end !== null || this.#closing !== null) return;
    this.#pending =
      this.#pending === null ? sample : mergeSamples(this.#pending, sample);
    this.#pump ??= this.#drain();
  }

  /** Resolves when everything offered has been written. */
  async idle(): Promise<void> {
    await this.#pump;
  }

  /** Ends the output from outside, for an error that no call returned. */
  fail(error: unknown): void {
    this.#finish({ kind: "failed", error });
  }

  /** Writes what is waiting and closes the output, once; a second call waits for the first. Never rejects. */
  close(summary: Summary, patience: Patience): Promise<void> {
    return (this.#closing ??= this.#close(summary, patience).finally(
      this.#closed.resolve,
    ));
  }

  async #close(summary: Summary, patience: Patience): Promise<void> {
    const work = this.#closeInOrder(summary);
    while (!(await settlesWithin(work, patience.ms, this.#clock))) {
      if (this.#printing > 0 && patience.waitsForReaders()) continue;
      this.#abandoned = true;
      this.#finish({ kind: "hung" });
      return;
    }
    this.#finish({ kind: "closed" });
  }

  async #closeInOrder(summary: Summary): Promise<void> {
    await this.#opening;
    await this.#pump;
    if (this.#opened && !this.#abandoned)
      await this.#call(() => this.#output.close?.(summary, this.#ctx));
  }

  async #drain(): Promise<void> {
    if (!this.#opened) await this.#opening;
    while (this.#pending !== null && this.#end === null) {
      const sample = this.#pending;
      this.#pending = null;
      await this.#call(() => this.#output.write(sample, this.#ctx));
    }
    this.#pump = null;
  }

  /** One call into the output. It ends when the output is done, or when its pipe breaks. */
  async #call(step: () => void | Promise<void>): Promise<void> {
    const interrupted = new Promise<void>((resolve) => {
      this.#interrupt = resolve;
    });
    try {
      await Promise.race([step(), interrupted]);
    } catch (error) {
      this.fail(error);
    }
  }

  #finish(end: OutputEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#onEnd(this, end);
  }
}
