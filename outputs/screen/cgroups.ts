/** What the kernel counts for cgroups, on the screen: it is read while its columns are there, and at most once a second. */
import {
  groupKindOf,
  isOfCgroups,
  withCgroups,
  type Controls,
  type Sample,
} from "../../src/model/index.ts";
import type { ScreenState } from "./state.ts";

/** How long it stays: for a second, and what a late sample adds. */
const KEEP_MS = 2500;

/** Asks for it if it is shown. @returns why some of it is unknown; null if there is nothing to say */
export function watchCgroups(
  controls: Controls | null,
  { groupBy, hidden }: Pick<ScreenState, "groupBy" | "hidden">,
  shown: { readonly sample: Sample; readonly isRecorded: boolean } | null,
): string | null {
  if (!isOfCgroups(groupKindOf(groupBy))) return null;
  if (hidden.has("from-disk") && hidden.has("to-disk")) return null;
  if (shown?.isRecorded)
    return shown.sample.cgroups === null ? "not in this recording" : null;
  return controls?.cgroups?.want() ?? null;
}

/** With samples faster than once a second, those between two readings show the last one. */
export class LatestCgroups {
  #cgroups: Sample["cgroups"] = null;
  #timeMs = 0;

  fill(sample: Sample): Sample {
    const { cgroups, timeMs } = sample;
    if (cgroups !== null) {
      this.#cgroups = cgroups;
      this.#timeMs = timeMs;
    }
    const isRecent = timeMs - this.#timeMs < KEEP_MS;
    return cgroups === null && this.#cgroups !== null && isRecent
      ? withCgroups(sample, this.#cgroups)
      : sample;
  }
}
