/** The one implementation of Sample. */
import { foldThreads, type RetiredThreads } from "./fold.ts";
import type { Sample, TaskDelta } from "./sample.ts";

export type SampleInit = Omit<Sample, "version" | "processes"> & {
  readonly retired: RetiredThreads;
};

export function createSample(init: SampleInit): Sample {
  const { retired, ...fields } = init;
  let processes: readonly TaskDelta[] | undefined;
  return {
    version: 1,
    ...fields,
    get processes() {
      return (processes ??= foldThreads(fields.threads, retired));
    },
  };
}
