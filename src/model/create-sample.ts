/** The one implementation of Sample. */
import { foldThreads, type Backgrounds } from "./fold.ts";
import type { Sample, TaskDelta, Unknown } from "./sample.ts";

export type SampleInit = Omit<Sample, "version" | "processes"> &
  Partial<Beside> &
  Pick<Beside, "backgrounds">;

/** What goes with a sample, and is of no use to an output but in the ways of this model. */
interface Beside {
  readonly backgrounds: Backgrounds;
  /** A recording need not list all tasks, and may not say how many are left. */
  readonly unlisted: number | Unknown;
  /** The sample as it stands in the recording, if its sums were carried on from an earlier run in it. */
  readonly recorded: Sample | null;
}

const besides = new WeakMap<Sample, Beside>();

/** What is known of the sample's processes beside its rows. */
export function backgroundsIn(sample: Sample): Backgrounds {
  return besides.get(sample)?.backgrounds ?? new Map();
}

/** How many living tasks have no row; null if that is not known. */
export function unlistedIn(sample: Sample): number | Unknown {
  return besides.get(sample)?.unlisted ?? null;
}

/** What to record of it: the same as was recorded before. */
export function recordedIn(sample: Sample): Sample {
  return besides.get(sample)?.recorded ?? sample;
}

export function createSample(init: SampleInit): Sample {
  const { backgrounds, unlisted = 0, recorded = null, ...fields } = init;
  let processes: readonly TaskDelta[] | undefined;
  const sample: Sample = {
    version: 1,
    ...fields,
    get processes() {
      return (processes ??= foldThreads(fields.threads, backgrounds));
    },
  };
  besides.set(sample, { backgrounds, unlisted, recorded });
  return sample;
}
