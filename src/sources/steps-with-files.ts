/** Adds files to the samples of a sampler, which knows nothing of them: always, or while somebody looks at them. */
import { describeError } from "../errors.ts";
import type { Clock } from "../kernel/clock.ts";
import type { FileControl } from "../model/controls.ts";
import { withFiles } from "../model/create-sample.ts";
import type { Sample } from "../model/sample.ts";
import type { FileWatch, openFileWatch } from "../tracing/file-watch.ts";
import { Demand } from "./demand.ts";
import type { Steps } from "./pacing.ts";

type Open = typeof openFileWatch;

/** Where files come from. */
export type FileSource =
  /** They are wanted from beginning to end. */
  | { readonly open: Open }
  /** They may be wanted: loaded then, and not before. */
  | { readonly load: () => Promise<Open> };

export class StepsWithFiles implements Steps, FileControl, Disposable {
  readonly #steps: Steps;
  readonly #clock: Clock;
  readonly #load: (() => Promise<Open>) | null;
  #open: Open | null = null;
  #files: FileWatch | null = null;
  readonly #demand: Demand;
  #isLoading = false;
  #problem: string | null = null;

  /** @param notify is told what cannot be seen of files that are wanted from the beginning */
  constructor(
    steps: Steps,
    clock: Clock,
    source: FileSource,
    notify: (text: string) => void,
  ) {
    this.#steps = steps;
    this.#clock = clock;
    this.#demand = new Demand(clock);
    this.#load = "load" in source ? source.load : null;
    if ("open" in source) this.#files = source.open(clock, notify);
  }

  want(): string | null {
    this.#demand.ask();
    if (this.#load !== null && this.#open === null && !this.#isLoading) {
      this.#isLoading = true;
      this.#load().then(
        (open) => void (this.#open = open),
        (error: unknown) => void (this.#problem = describeError(error)),
      );
    }
    return this.#problem;
  }

  *watch(): Generator<void, void, void> {
    yield* this.#steps.watch();
  }

  *countFromNow(): Generator<void, void, void> {
    yield* this.#steps.countFromNow();
    this.#files?.restart();
  }

  /** Files are taken after the tasks: what is counted of a task up to its reading is there by then. */
  *sample(): Generator<void, Sample, void> {
    this.#closeUnwanted();
    const sample = yield* this.#steps.sample();
    const files = this.#files;
    if (files === null) this.#openWanted();
    this.#demand.markSampled();
    return files === null ? sample : withFiles(sample, files.take(sample));
  }

  drainExits(): number {
    this.#closeUnwanted();
    const entries = this.#files?.drain() ?? 0;
    return entries + this.#steps.drainExits();
  }

  #openWanted(): void {
    if (this.#open === null || !this.#demand.isOn) return;
    this.#problem = null;
    try {
      this.#files = this.#open(this.#clock, (text) => {
        this.#problem = text;
      });
      this.#files.restart();
    } catch (error) {
      this.#problem = describeError(error);
      // It would fail again.
      this.#open = null;
    }
  }

  #closeUnwanted(): void {
    if (this.#load === null || this.#demand.isOn) return;
    this.#files?.[Symbol.dispose]();
    this.#files = null;
  }

  [Symbol.dispose](): void {
    this.#files?.[Symbol.dispose]();
    this.#files = null;
  }
}
