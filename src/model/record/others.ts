/** The I/O of the tasks that a record does not list. */
import type { Counter } from "../counters.ts";
import { remainderOf, sumDeltas } from "../delta.ts";
import type { IoDelta, Sample, TaskDelta } from "../sample.ts";
import type { View } from "../view/view.ts";

export interface Others {
  /** How many of them are alive. */
  readonly tasks: number;
  readonly io: IoDelta;
}

/**
 * Together with `listed` they make up the host's totals.
 *
 * @param listed rows of the sample, threads or processes as the view says
 */
export function othersOf(
  sample: Sample,
  listed: readonly TaskDelta[],
  view: View,
): Others {
  const { host, threads, health } = sample;
  const without = sample.unlisted;
  const rest = notListed(threads, listed, view);
  const living = threads.filter(isAlive).length - rest.filter(isAlive).length;
  // A few that ended unread are passed over; where iotop may not read some, nobody knows what they did.
  const areKnown = (counter: Counter): boolean => {
    const isKnown = (row: TaskDelta): boolean => row[counter] !== null;
    return health.denied === 0
      ? rest.some(isKnown)
      : health.denied !== null && rest.length > 0 && rest.every(isKnown);
  };
  const io = remainderOf(
    host,
    sumDeltas(listed),
    (counter) =>
      areKnown(counter) ||
      (health.denied !== null &&
        (rest.length === 0 || without.tasks !== 0) &&
        without.io[counter] !== null),
  );
  return { tasks: countLeft(sample, rest, living), io };
}

function notListed(
  threads: readonly TaskDelta[],
  listed: readonly TaskDelta[],
  { processes }: View,
): readonly TaskDelta[] {
  if (processes) {
    const keys = new Set(listed.map(({ task }) => task.processKey));
    return threads.filter(({ task }) => !keys.has(task.processKey));
  }
  const rows = new Set(listed);
  return threads.filter((row) => !rows.has(row));
}

/** A recorded process is one row, however many threads it has. So its recording says how many tasks were left. */
function countLeft(
  sample: Sample,
  rest: readonly TaskDelta[],
  living: number,
): number {
  const unlisted = rest.some(isAlive) ? null : sample.unlisted.tasks;
  return unlisted ?? Math.max(0, sample.host.tasks - living);
}

function isAlive({ exit }: TaskDelta): boolean {
  return exit === null;
}
