/** The one implementation of Sample. */
import { zeroDelta } from "./delta.ts";
import { foldThreads } from "./fold.ts";
import type { FileDelta } from "./file-delta.ts";
import type { Sample, TaskDelta, Unlisted } from "./sample.ts";

type Defaulted = "unlisted" | "recorded" | "files";

/** The fields of a sample that are not computed from the others. */
export type SampleInit = Omit<Sample, "version" | "processes" | Defaulted> &
  Partial<Pick<Sample, Defaulted>>;

/** For a live sample: a task without a row did nothing. */
export const NOBODY: Unlisted = Object.freeze({
  tasks: 0,
  io: Object.freeze(zeroDelta()),
});

/** Unless `init` says otherwise, every task has a row. */
export function createSample(init: SampleInit): Sample {
  const { unlisted = NOBODY, recorded = null, files = null, ...fields } = init;
  let processes: readonly TaskDelta[] | undefined;
  return {
    version: 1,
    ...fields,
    unlisted,
    recorded,
    files,
    get processes() {
      return (processes ??= foldThreads(fields.threads, fields.endedThreads));
    },
  };
}

/** The same sample, with what its processes did by file. */
export function withFiles(sample: Sample, files: readonly FileDelta[]): Sample {
  // The getter as it is: processes are folded once for both.
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(sample),
      files: { value: files, enumerable: true },
    },
  ) as Sample;
}
