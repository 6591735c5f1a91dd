/** Makes fewer, longer samples: `-d` of a replay. */
import { mergeSamples } from "../../model/merge/merge.ts";
import type { Sample } from "../../model/sample.ts";

/** Deadlines are met to a few ms: sixty samples of a second may be a minute but for these. */
const TOLERANCE = 0.05;

/**
 * Merges successive samples of each host until they are at least so long, ns. What is left at the end, and before a
 * machine was started anew, is shorter.
 */
export async function* mergeToLength(
  samples: AsyncIterable<Sample>,
  lengthNs: number,
): AsyncGenerator<Sample, void, void> {
  /** By host. */
  const unfinished = new Map<string, Sample>();
  for await (const sample of samples) {
    const { hostname, bootId } = sample.origin;
    let before = unfinished.get(hostname);
    unfinished.delete(hostname);
    if (before !== undefined && before.origin.bootId !== bootId) {
      yield before;
      before = undefined;
    }
    const merged = before === undefined ? sample : mergeSamples(before, sample);
    if (merged.intervalNs >= lengthNs - TOLERANCE * sample.intervalNs)
      yield merged;
    else unfinished.set(hostname, merged);
  }
  const rest = [...unfinished.values()];
  yield* rest.sort((a, b) => a.timeMs - b.timeMs);
}
