/** The one implementation of Sample. */
import { foldThreads, type RetiredThreads } from "./fold.ts";
import type { Sample, TaskDelta } from "./sample.ts";

export type SampleInit = Omit<Sample, "version" | "processes"> & {
  readonly retired: RetiredThreads;
};

/** Beside the samples, not in them: of no use to an output. */
const retiredOf = new WeakMap<Sample, RetiredThreads>();

/** What threads that ended before this sample had done, of processes that went on. */
export function retiredBefore(sample: Sample): RetiredThreads {
  return retiredOf.get(sample) ?? new Map();
}

export function createSample(init: SampleInit): Sample {
  const { retired, ...fields } = init;
  let processes: readonly TaskDelta[] | undefined;
  const sample: Sample = {
    version: 1,
    ...fields,
    get processes() {
      return (processes ??= foldThreads(fields.threads, retired));
    },
  };
  retiredOf.set(sample, retired);
  return sample;
}
