/** The rows of the table as lines. A task that did nothing keeps its row object, and a row object keeps its line. */
import {
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

/** How often data of an idle task that is read on use (its I/O priority) is read again. */
const REREAD_MS = 2000;
/** Spreads these readings over time. */
const REREAD_GROUPS = 8;

export class RowLines {
  readonly #memos = new WeakMap<TaskDelta, Memo<Line>>();
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
    let memo = this.#memos.get(row);
    if (memo === undefined) this.#memos.set(row, (memo = new Memo()));
    const branch = list.branches.get(row);
    const agoNs = list.agoNs.get(row);
    const subject = branch === undefined ? task.key : `thread ${task.key}`;
    return memo.get(
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
        rereading(row, sample?.timeMs ?? 0),
      ],
      () =>
        drawLine(size.columns, size.unicode, subject, (canvas) => {
          const { view, fullCommand, commandOffset } = state;
          const isMixed = (): boolean =>
            view.processes &&
            branch === undefined &&
            this.#priorities.areMixed(row, sample);
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

/** Changes when the row must be redrawn just because time has passed. */
function rereading(row: TaskDelta, timeMs: number): number {
  if (!isIdle(row)) return timeMs;
  const { tid } = row.task;
  return Math.floor(timeMs / REREAD_MS + (tid % REREAD_GROUPS) / REREAD_GROUPS);
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
  return rows.map((row) => {
    const isProcess = view.processes && !list.branches.has(row);
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
