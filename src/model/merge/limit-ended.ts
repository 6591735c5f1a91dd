/** Keeps a sample that goes on being merged small, however many tasks end meanwhile. */
import { createSample } from "../create-sample.ts";
import { addDeltas, sumDeltas } from "../delta.ts";
import type { Sample, TaskDelta } from "../sample.ts";
import { heaviestFirst, weigh } from "../groups/weight.ts";

/** How many rows of ended tasks a sample may have. */
const MOST_ENDED = 10_000;
/** How many are left then: fewer, so that this is not repeated with every merge. */
const KEPT_ENDED = 5000;

/**
 * The same sample, if it has at most so many rows of ended tasks. Otherwise the ended tasks that did least have no row
 * of their own: what they did counts as that of unlisted tasks, and all sums stay.
 */
export function limitEnded(
  sample: Sample,
  most = MOST_ENDED,
  kept = KEPT_ENDED,
): Sample {
  const ended = sample.threads.filter(({ exit }) => exit !== null);
  if (ended.length <= most) return sample;
  const dropped = new Set(ended.sort(heaviestRowFirst).slice(kept));
  const threads = sample.threads.filter((row) => !dropped.has(row));
  const processes = new Set(threads.map(({ task }) => task.processKey));
  return createSample({
    ...sample,
    recorded: sample.recorded && limitEnded(sample.recorded, most, kept),
    threads,
    unlisted: {
      tasks: sample.unlisted.tasks,
      io: addDeltas(sample.unlisted.io, sumDeltas(dropped)),
    },
    endedThreads: new Map(
      [...sample.endedThreads].filter(([key]) => processes.has(key)),
    ),
  });
}

function heaviestRowFirst(a: TaskDelta, b: TaskDelta): number {
  return heaviestFirst(weigh(a.task.key, a), weigh(b.task.key, b));
}
