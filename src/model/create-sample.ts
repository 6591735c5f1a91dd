/** The one implementation of Sample. */
import { zeroDelta } from "./delta.ts";
import { foldThreads, type Backgrounds } from "./fold.ts";
import type { IoDelta, Sample, TaskDelta, Unknown } from "./sample.ts";

export type SampleInit = Omit<Sample, "version" | "processes"> &
  Partial<Beside> &
  Pick<Beside, "backgrounds">;

/** What goes with a sample, and is of no use to an output but in the ways of this model. */
interface Beside {
  readonly backgrounds: Backgrounds;
  readonly unlisted: Unlisted;
  /** The sample as it stands in the recording, if its sums were carried on from an earlier run in it. */
  readonly recorded: Sample | null;
}

/** Tasks without a row, as a recording need not list all. */
export interface Unlisted {
  /** How many of them live; unknown if the recording does not say so. */
  readonly tasks: number | Unknown;
  /** What they did together; unknown is what none of them could tell. */
  readonly io: IoDelta;
}

/** Of a live sample: whoever is not there did nothing. */
const NOBODY: Unlisted = { tasks: 0, io: zeroDelta() };

const besides = new WeakMap<Sample, Beside>();

/** What is known of the sample's processes beside its rows. */
export function backgroundsIn(sample: Sample): Backgrounds {
  return besides.get(sample)?.backgrounds ?? new Map();
}

export function unlistedIn(sample: Sample): Unlisted {
  return besides.get(sample)?.unlisted ?? NOBODY;
}

/** What to record of it: the same as was recorded before. */
export function recordedIn(sample: Sample): Sample {
  return besides.get(sample)?.recorded ?? sample;
}

export function createSample(init: SampleInit): Sample {
  const { backgrounds, unlisted = NOBODY, recorded = null, ...fields } = init;
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
