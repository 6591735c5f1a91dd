/** The one implementation of Sample. */
import type { CgroupDelta } from "./groups/cgroup-delta.ts";
import { zeroDelta } from "./delta.ts";
import { foldThreads } from "./tasks/fold.ts";
import type { FileDelta } from "./files/file-delta.ts";
import type { Sample, TaskDelta, Unlisted } from "./sample.ts";

type Defaulted = "unlisted" | "recorded" | "files" | "cgroups";

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
  const { unlisted = NOBODY, recorded = null, ...others } = init;
  const { files = null, cgroups = null, ...fields } = others;
  let processes: readonly TaskDelta[] | undefined;
  return {
    version: 1,
    ...fields,
    unlisted,
    recorded,
    files,
    cgroups,
    get processes() {
      return (processes ??= foldThreads(fields.threads, fields.endedThreads));
    },
  };
}

/** The same sample, with what its processes did by file. */
export const withFiles = (
  sample: Sample,
  files: readonly FileDelta[],
): Sample => withField(sample, "files", files);

/** The same sample, with what the kernel counted for cgroups. */
export const withCgroups = (
  sample: Sample,
  cgroups: readonly CgroupDelta[],
): Sample => withField(sample, "cgroups", cgroups);

function withField<K extends "files" | "cgroups">(
  sample: Sample,
  key: K,
  value: Sample[K],
): Sample {
  // The getter as it is: processes are folded once for both.
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(sample),
      [key]: { value, enumerable: true },
    },
  ) as Sample;
}
