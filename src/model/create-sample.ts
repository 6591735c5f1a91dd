/** The one implementation of Sample. */
import { foldThreads, type Backgrounds } from "./fold.ts";
import type { Sample, TaskDelta } from "./sample.ts";

export type SampleInit = Omit<Sample, "version" | "processes"> & {
  readonly backgrounds: Backgrounds;
};

/** Beside the samples, not in them: of no use to an output. */
const backgroundsOf = new WeakMap<Sample, Backgrounds>();

/** What is known of the sample's processes beside its rows. */
export function backgroundsIn(sample: Sample): Backgrounds {
  return backgroundsOf.get(sample) ?? new Map();
}

export function createSample(init: SampleInit): Sample {
  const { backgrounds, ...fields } = init;
  let processes: readonly TaskDelta[] | undefined;
  const sample: Sample = {
    version: 1,
    ...fields,
    get processes() {
      return (processes ??= foldThreads(fields.threads, backgrounds));
    },
  };
  backgroundsOf.set(sample, backgrounds);
  return sample;
}
