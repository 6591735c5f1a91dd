/** One output's life: opened, written to, closed. Its failures affect no other output. */
import { settlesWithin, type AlarmClock } from "../../kernel/clock.ts";
import { limitEnded } from "../../model/merge/limit-ended.ts";
import { mergeSamples } from "../../model/merge/merge.ts";
import type { Output, OutputContext } from "../../model/output.ts";
import { Retry } from "../../model/retry.ts";
import type { Sample, Summary } from "../../model/sample.ts";
import { RetryPace } from "./retry-pace.ts";

/** How an output ended. Only "failed" and "hung" are errors. */
export type OutputEnd =
  | { readonly kind: "closed" | "broken-pipe" | "hung" }
  | {
      readonly kind: "failed";
      readonly error: unknown;
      /** The call that it failed in, such as "write of sample 3"; null if it was none. */
      readonly phase: string | null;
    };

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
  /** Aborted when the output is waited for no longer. */
  readonly signal: AbortSignal;
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
  #pending: Held | null = null;
  #pump: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #interrupt = (): void => {};
  #printing = 0;
  readonly #closed = Promise.withResolvers<void>();
  readonly #leaving = new AbortController();
  readonly #retries: RetryPace;

  constructor(options: RunnerOptions) {
    this.name = options.name;
    this.#output = options.output;
    this.#clock = options.clock;
    this.#onEnd = options.onEnd;
    this.#retries = new RetryPace(options.clock);
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
      signal: this.#leaving.signal,
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

  /**
   * Resolves when it has opened, or has tried once. Never rejects: if an output cannot open, it counts as failed.
   */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return Promise.race([this.#opening, this.#retries.begun]);
  }

  async #open(): Promise<void> {
    await this.#persist(
      () => "open",
      () => this.#output.open?.(this.#ctx),
      () => this.#pending?.count ?? 0,
    );
    this.#opened = this.#end === null || this.#end.kind === "broken-pipe";
  }

  /** Writes the sample, at once or merged with those that are waiting. */
  offer(sample: Sample): void {
    if (this.#end !== null || this.#closing !== null) return;
    const held = { sample, count: 1 };
    this.#pending =
      this.#pending === null ? held : mergeHeld(this.#pending, held);
    this.#pump ??= this.#drain();
  }

  /** Resolves when everything offered has been written. */
  async idle(): Promise<void> {
    await this.#pump;
  }

  /** Ends the output from outside, for an error that no call returned. */
  fail(error: unknown): void {
    this.#finish({ kind: "failed", error, phase: null });
  }

  /** Ends what it waits for: iotop is about to exit. */
  leave(): void {
    this.#leaving.abort();
  }

  /** Writes what is waiting and closes the output, once; a second call waits for the first. Never rejects. */
  close(summary: Summary, patience: Patience): Promise<void> {
    return (this.#closing ??= this.#close(summary, patience).finally(
      this.#closed.resolve,
    ));
  }

  async #close(summary: Summary, patience: Patience): Promise<void> {
    // It still opens, and nothing waits for that.
    if (!this.#opened && this.#pending === null) this.leave();
    this.#retries.hurry();
    const work = this.#closeInOrder(summary);
    while (!(await settlesWithin(work, patience.ms, this.#clock))) {
      if (this.#printing > 0 && patience.waitsForReaders()) continue;
      this.#abandoned = true;
      this.#finish({ kind: "hung" });
      this.leave();
      return;
    }
    this.#finish({ kind: "closed" });
    this.leave();
  }

  async #closeInOrder(summary: Summary): Promise<void> {
    await this.#opening;
    await this.#pump;
    if (this.#opened && !this.#abandoned)
      await this.#call("close", () => this.#output.close?.(summary, this.#ctx));
  }

  async #drain(): Promise<void> {
    if (!this.#opened) await this.#opening;
    while (this.#pending !== null && this.#end === null)
      await this.#writePending();
    this.#pump = null;
  }

  async #writePending(): Promise<void> {
    let held = this.#pending!;
    this.#pending = null;
    await this.#persist(
      () => `write of sample ${held.sample.seq}`,
      () => {
        // Another try: all that has come meanwhile belongs to it.
        if (this.#pending !== null) held = mergeHeld(held, this.#pending);
        this.#pending = null;
        return this.#output.write(held.sample, this.#ctx);
      },
      () => held.count + (this.#pending?.count ?? 0),
    );
  }

  /**
   * Makes a call, and again as long as the output asks for it. A call that begins when the output is being closed is
   * the last one.
   *
   * @param countHeld how many samples wait for the call to succeed
   */
  async #persist(
    phase: () => string,
    step: () => void | Promise<void>,
    countHeld: () => number,
  ): Promise<void> {
    for (;;) {
      const isLast = this.#closing !== null;
      const retry = await this.#call(phase, step);
      if (this.#end !== null || this.#abandoned) return;
      if (retry === null) {
        if (this.#retries.succeeded()) this.#reportReturn(countHeld());
        return;
      }
      if (isLast) {
        const error = new Error(`${retry.message}: ${lost(countHeld())}`);
        this.#finish({ kind: "failed", error, phase: phase() });
        return;
      }
      if (this.#retries.isFirst)
        this.#ctx.warn(
          `${retry.message}: trying again; samples are merged meanwhile`,
        );
      await this.#retries.wait(retry.retryAfterMs, this.#closing !== null);
    }
  }

  #reportReturn(count: number): void {
    this.#ctx.warn(
      count > 1
        ? `works again: ${count} samples were merged into one`
        : "works again: no samples were merged",
    );
  }

  /**
   * One call into the output. It ends when the output is done, or when its pipe breaks.
   *
   * @returns what it has thrown, if that asks for another try
   */
  async #call(
    phase: string | (() => string),
    step: () => void | Promise<void>,
  ): Promise<Retry | null> {
    const interrupted = new Promise<void>((resolve) => {
      this.#interrupt = resolve;
    });
    try {
      await Promise.race([step(), interrupted]);
    } catch (error) {
      if (typeof phase === "function" && error instanceof Retry) return error;
      const where = typeof phase === "string" ? phase : phase();
      this.#finish({ kind: "failed", error, phase: where });
    }
    return null;
  }

  #finish(end: OutputEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#onEnd(this, end);
  }
}

/** A sample that waits, and how many it was made of. */
interface Held {
  readonly sample: Sample;
  readonly count: number;
}

function mergeHeld(a: Held, b: Held): Held {
  return {
    sample: limitEnded(mergeSamples(a.sample, b.sample)),
    count: a.count + b.count,
  };
}

const lost = (count: number): string =>
  count === 1 ? "1 sample is lost" : `${count} samples are lost`;
