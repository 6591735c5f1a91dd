/** The rows of the table as lines. A task that did nothing keeps its row object, and a row object keeps its line. */
import {
  isIdle,
  type Format,
  type TaskDelta,
} from "../../../src/model/index.ts";
import { drawLine, type Line } from "../cells/frame.ts";
import { drawGraph, graphSamples } from "../graphs/graph.ts";
import type { History } from "../graphs/history.ts";
import { Memo } from "../memo.ts";
import { commonScale, rowSeries } from "../graphs/row-history.ts";
import type { ScreenState } from "../state.ts";
import type { TableLayout } from "./table-layout.ts";
import { drawRow } from "./table.ts";

export interface RowSetting {
  readonly size: { readonly columns: number; readonly unicode: boolean };
  readonly table: TableLayout;
  readonly state: ScreenState;
  readonly format: Format;
  readonly history: History;
  /** Time of the sample that is shown, Unix ms. */
  readonly timeMs: number;
  /** A glyph for each row; null without a scroll bar. */
  readonly bar: readonly string[] | null;
}

/** How often data of an idle task that is read on use (its I/O priority) is read again. */
const REREAD_MS = 2000;
/** Spreads these readings over time. */
const REREAD_GROUPS = 8;

export class RowLines {
  readonly #memos = new WeakMap<TaskDelta, Memo<Line>>();

  draw(rows: readonly TaskDelta[], setting: RowSetting): readonly Line[] {
    const graphs = drawGraphs(rows, setting);
    return rows.map((row, i) =>
      this.#draw(row, graphs[i]!, setting.bar?.[i] ?? " ", setting),
    );
  }

  #draw(row: TaskDelta, graph: string, bar: string, setting: RowSetting): Line {
    const { size, table, state, format } = setting;
    const { task } = row;
    let memo = this.#memos.get(row);
    if (memo === undefined) this.#memos.set(row, (memo = new Memo()));
    return memo.get(
      [
        table,
        state.view,
        state.fullCommand,
        size.unicode,
        graph,
        bar,
        // A task may change these without doing any I/O.
        task.comm,
        task.uid,
        state.fullCommand ? task.cmdline : null,
        rereading(row, setting.timeMs),
      ],
      () =>
        drawLine(size.columns, size.unicode, task.key, (canvas) => {
          drawRow(canvas, row, table, state, format, graph);
          if (table.scrollBar !== null)
            canvas.put(table.scrollBar, 0, bar, "faint");
        }),
    );
  }
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
  { table, state, history }: RowSetting,
): readonly string[] {
  const { graph, graphSource, view } = state;
  const cells = table.columns.find(({ column }) => column === null)?.width ?? 0;
  if (cells === 0) return rows.map(() => "");
  const samples = graphSamples(cells, graph);
  const all = rows.map((row) =>
    rowSeries(history.rows, row, view.processes, graphSource, samples),
  );
  const scale = commonScale(all, graphSource);
  return all.map((series) =>
    drawGraph(series, cells, graph, scale, history.taken),
  );
}
