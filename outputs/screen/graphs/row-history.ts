/** The I/O of each active task in the last samples, for the graphs in the rows. Pure. */
import {
  SCREEN_CHOICES,
  endedKey,
  hadEnded,
  isEndedKey,
  isGroupKey,
  type ScreenSettings,
  type TaskDelta,
} from "../../../src/model/index.ts";
import { hashOf } from "./activities.ts";
import { RATE_SCALE, WAIT_SCALE, type Scale } from "./graph.ts";
import type { Moment, RowHistory } from "./moment.ts";

export const GRAPH_SOURCES = SCREEN_CHOICES.graphSource;
export type GraphSource = ScreenSettings["graphSource"];

export const SOURCE_TITLES: Readonly<Record<GraphSource, string>> = {
  rw: "R+W",
  io: "IO",
  read: "R",
  write: "W",
  swapin: "SW",
};

/**
 * The last values of one row, oldest first: unknown from before the task began, and zeros after its end. The row of a
 * task that ended goes on with what others of its name did that ended: a loop is one story.
 *
 * @param isAlone whether the others have rows of their own
 */
export function rowSeries(
  history: RowHistory,
  row: TaskDelta,
  processes: boolean,
  source: GraphSource,
  samples: number,
  isAlone = false,
): readonly (number | null)[] {
  const { key, processKey, startMs } = row.task;
  const kind = kindOfRow(key, processes);
  const isTask = kind === "processes" || kind === "threads";
  const own = kind === "processes" ? processKey : key;
  const ownHash = hashOf(own);
  const group = row.exit === null || isAlone ? null : endedKey(row.task);
  const groupHash = hashOf(group ?? "");
  const series: (number | null)[] = [];
  const from = Math.max(0, history.length - samples);
  for (let at = from; at < history.length; at++) {
    const moment = history[at]!;
    const value = hadEnded(row, moment.timeMs)
      ? undefined
      : amountOf(moment, kind, own, ownHash, source);
    const others =
      group === null
        ? undefined
        : moment.ended.amountOf(group, groupHash, source);
    // Before it began, the task did not exist; it was not idle.
    const isBefore = isTask && moment.timeMs < startMs;
    series.push(value ?? others ?? (isBefore ? null : 0));
  }
  return series;
}

type Kind = "groups" | "ended" | "processes" | "threads";

/** Which activities of a moment those of a row are. */
function kindOfRow(key: string, processes: boolean): Kind {
  if (isGroupKey(key)) return "groups";
  if (isEndedKey(key)) return "ended";
  return processes ? "processes" : "threads";
}

function amountOf(
  moment: Moment,
  kind: Kind,
  key: string,
  hash: number,
  source: GraphSource,
): number | undefined {
  const { groups, brief } = moment;
  if (kind === "groups") return groups.all.amountOf(key, hash, source);
  const amount = moment[kind].amountOf(key, hash, source);
  if (amount !== undefined || kind === "ended" || brief === null) return amount;
  return brief[kind].amountOf(key, hash, source);
}

/** Never that of the values at hand: rows, and minutes, can be compared. */
export function scaleOfSource(source: GraphSource): Scale {
  return source === "io" || source === "swapin" ? WAIT_SCALE : RATE_SCALE;
}
