/** The rows of the table as lines. A task that did nothing keeps its row object, and a row object keeps its line. */
import {
  cellText,
  coversWatch,
  isIdle,
  type Format,
  type IoDelta,
  type Sample,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import { drawLine, type Line } from "../cells/frame.ts";
import { drawGraph, graphSamples } from "../graphs/graph.ts";
import type { History } from "../graphs/history.ts";
import { isAtRest } from "../graphs/recent.ts";
import { rowSeries, scaleOfSource } from "../graphs/row-history.ts";
import { Memo } from "../memo.ts";
import type { ScreenState } from "../state.ts";
import type { List } from "./list.ts";
import { ThreadPriorities } from "./priorities.ts";
import type { TableLayout } from "./table-layout.ts";
import { drawRow } from "./table.ts";

export interface RowSetting {
  readonly size: { readonly columns: number; readonly unicode: boolean };
  readonly table: TableLayout;
  readonly state: ScreenState;
  readonly format: Format;
  readonly history: History;
  /** The sample that is shown. */
  readonly sample: Sample | null;
  readonly list: Pick<List, "branches" | "agoNs">;
  /** One glyph for each row; null without a scroll bar. */
  readonly bar: readonly string[] | null;
}

/** Columns that may say something else of a task that rests. */
const CHANGING: ReadonlySet<string> = new Set(["state", "prio", "share"]);
/** How often these are looked at. */
const LOOK_AGAIN_MS = 2000;
/** Spreads that over time. */
const LOOK_AGAIN_GROUPS = 8;

/** What is kept for a row object. */
interface Drawn {
  readonly line: Memo<Line>;
  readonly changing: Memo<string>;
}

export class RowLines {
  readonly #drawn = new WeakMap<TaskDelta, Drawn>();
  readonly #priorities = new ThreadPriorities();

  draw(rows: readonly TaskDelta[], setting: RowSetting): readonly Line[] {
    const graphs = drawGraphs(rows, setting);
    return rows.map((row, i) =>
      this.#draw(row, graphs[i]!, setting.bar?.[i] ?? " ", setting),
    );
  }

  #draw(row: TaskDelta, graph: string, bar: string, setting: RowSetting): Line {
    const { size, table, state, format, list, sample } = setting;
    const { task } = row;
    let drawn = this.#drawn.get(row);
    if (drawn === undefined)
      this.#drawn.set(
        row,
        (drawn = { line: new Memo(), changing: new Memo() }),
      );
    const branch = list.branches.get(row);
    const agoNs = list.agoNs.get(row);
    const subject = branch === undefined ? task.key : `thread ${task.key}`;
    const isMixed = (): boolean =>
      state.view.processes &&
      branch === undefined &&
      this.#priorities.areMixed(row, sample);
    const timeMs = sample?.timeMs ?? 0;
    const changing = isIdle(row)
      ? drawn.changing.get([table, state.view, lookAgainAt(row, timeMs)], () =>
          changingText(row, setting, isMixed),
        )
      : timeMs;
    return drawn.line.get(
      [
        table,
        state.view,
        state.fullCommand,
        state.commandOffset,
        size.unicode,
        graph,
        bar,
        branch,
        agoNs,
        // A task may change these without doing any I/O.
        task.comm,
        task.uid,
        state.fullCommand ? task.cmdline : null,
        changing,
      ],
      () =>
        drawLine(size.columns, size.unicode, subject, (canvas) => {
          const { view, fullCommand, commandOffset } = state;
          const whole = wholeOf(sample, view);
          const look = {
            view,
            fullCommand,
            commandOffset,
            mark: size.unicode ? "…" : "~",
            graph,
            whole,
            branch,
            agoNs,
            isMixed,
          };
          drawRow(canvas, row, table, look, format);
          if (table.scrollBar !== null)
            canvas.put(table.scrollBar, 0, bar, "faint");
        }),
    );
  }
}

/** What all tasks did in the time that the rows tell of. */
function wholeOf(sample: Sample | null, view: View): IoDelta | null {
  if (sample === null) return null;
  return coversWatch(view) ? sample.host.since : sample.host;
}

/** When what a row says besides its figures is looked at again. */
function lookAgainAt({ task }: TaskDelta, timeMs: number): number {
  const group = (task.tid % LOOK_AGAIN_GROUPS) / LOOK_AGAIN_GROUPS;
  return Math.floor(timeMs / LOOK_AGAIN_MS + group);
}

/** What the row of a task that rests may say anew: then it is drawn anew. */
function changingText(
  row: TaskDelta,
  { table, state: { view }, format, sample }: RowSetting,
  isMixed: () => boolean,
): string {
  const whole = wholeOf(sample, view);
  const texts = table.columns.map(({ id, column }) =>
    column !== null && CHANGING.has(id)
      ? cellText(column, row, view, format, whole)
      : "",
  );
  return [...texts, row.task.longName, isMixed()].join("\n");
}

/** All graphs have the same scale, so that rows can be compared. */
function drawGraphs(
  rows: readonly TaskDelta[],
  { table, state, history, list }: RowSetting,
): readonly string[] {
  const { graph, graphSource, view } = state;
  const cells = table.columns.find(({ id }) => id === "graph")?.width ?? 0;
  if (cells === 0) return rows.map(() => "");
  const samples = graphSamples(cells, graph);
  // Until it is full it grows to the right, so that it begins beside the numbers.
  const full = Math.min(
    cells,
    Math.ceil(history.taken / graphSamples(1, graph)),
  );
  const scale = scaleOfSource(graphSource);
  const empty = " ".repeat(cells);
  const reachNs = history.rows
    .slice(-samples)
    .reduce((sum, { intervalNs }) => sum + intervalNs, 0);
  return rows.map((row) => {
    const isProcess = view.processes && !list.branches.has(row);
    if (isAtRest(row, isProcess, history.recent, reachNs)) return empty;
    const series = rowSeries(
      history.rows,
      row,
      isProcess,
      graphSource,
      samples,
      state.ended === "each" && !list.agoNs.has(row),
    );
    const text = drawGraph(series, full, graph, scale, history.taken);
    return text.padEnd(cells);
  });
}
