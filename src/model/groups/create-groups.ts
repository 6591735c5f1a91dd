/** The I/O of groups, sample by sample, for an output of metrics. */
import { GroupNames } from "./group-limit.ts";
import type { GroupKind } from "./group-name.ts";
import { divideByGroup, sumGroups, type Division } from "./groups.ts";
import type { Sample } from "../sample.ts";

/** How `createGroups` divides. */
export interface GroupsOptions {
  readonly by: GroupKind;
  /** Most groups that have a name of their own at a time; all others are the remainder. */
  readonly max: number;
}

/** Divides the samples of a run. */
export interface Groups {
  /** Takes the samples in order, each once. `groups` and `other` add up to the host's counters. */
  divide(sample: Sample): Division;
  /** Whether an active group has got no name because all names were taken. */
  readonly hasRefused: boolean;
}

/**
 * Divides each sample into at most so many groups and the remainder. A group has its name from its first sample on, and
 * those that have been still give their places to bigger ones.
 */
export function createGroups({ by, max }: GroupsOptions): Groups {
  const names = new GroupNames(max);
  return {
    divide(sample) {
      const sums = sumGroups(sample, by);
      names.admit(sums.groups, sample.intervalNs);
      return divideByGroup(sample.host, sums, names);
    },
    get hasRefused() {
      return names.hasRefused;
    },
  };
}
