/** The one implementation of Sample. */
import { zeroDelta } from "./delta.ts";
import { foldThreads } from "./fold.ts";
import type { Sample, TaskDelta, Unlisted } from "./sample.ts";

type Defaulted = "unlisted" | "recorded";

/** All but what is made of the rest. */
export type SampleInit = Omit<Sample, "version" | "processes" | Defaulted> &
  Partial<Pick<Sample, Defaulted>>;

/** Of a live sample: a task that has no row did nothing. */
const NOBODY: Unlisted = Object.freeze({
  tasks: 0,
  io: Object.freeze(zeroDelta()),
});

/** By default of a sample whose rows are all there is. */
export function createSample(init: SampleInit): Sample {
  const { unlisted = NOBODY, recorded = null, ...fields } = init;
  let processes: readonly TaskDelta[] | undefined;
  return {
    version: 1,
    ...fields,
    unlisted,
    recorded,
    get processes() {
      return (processes ??= foldThreads(fields.threads, fields.endedThreads));
    },
  };
}
