/** Adds files to the samples of a sampler, which knows nothing of them. */
import { withFiles } from "../model/create-sample.ts";
import type { Sample } from "../model/sample.ts";
import type { FileWatch } from "../tracing/file-watch.ts";
import type { Steps } from "./pacing.ts";

export class StepsWithFiles implements Steps {
  readonly #steps: Steps;
  readonly #files: FileWatch;

  constructor(steps: Steps, files: FileWatch) {
    this.#steps = steps;
    this.#files = files;
  }

  *watch(): Generator<void, void, void> {
    yield* this.#steps.watch();
  }

  *countFromNow(): Generator<void, void, void> {
    yield* this.#steps.countFromNow();
    this.#files.restart();
  }

  /** Files are taken after the tasks: what is counted of a task up to its reading is there by then. */
  *sample(): Generator<void, Sample, void> {
    const sample = yield* this.#steps.sample();
    return withFiles(sample, this.#files.take(sample));
  }

  drainExits(): number {
    this.#files.drain();
    return this.#steps.drainExits();
  }
}
