/** From what is known and chosen to a frame. Pure. */
import type { Format } from "../../src/model/output.ts";
import type { Sample, TaskDelta } from "../../src/model/sample.ts";
import { Canvas, type Frame } from "./frame.ts";
import { drawStatus, drawSummary, meters } from "./header.ts";
import { drawHelp, drawHints } from "./help.ts";
import { NO_HISTORY, type History } from "./history.ts";
import { layoutRegions } from "./layout.ts";
import { layoutTable } from "./table-layout.ts";
import { drawGraph, graphSamples } from "./graph.ts";
import { commonScale, rowSeries } from "./row-history.ts";
import { findSelected, scrollTo, type List } from "./list.ts";
import { notesOf, type Note } from "./notes.ts";
import type { Scene, ScreenState } from "./state.ts";
import { drawRow, drawScrollBar, drawTitles } from "./table.ts";

/** What one sample brought, ready to be drawn. */
export interface Shown {
  readonly sample: Sample;
  readonly list: List;
  readonly history: History;
  /** When watching began, Unix ms. */
  readonly sinceMs: number;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
  readonly unicode: boolean;
}

export interface Picture {
  readonly frame: Frame;
  readonly scene: Scene;
}

export function drawPicture(
  size: Size,
  state: ScreenState,
  shown: Shown | null,
  message: string | null,
  format: Format,
): Picture {
  const canvas = new Canvas(size.columns, size.rows, size.unicode);
  const notes = [
    ...(message === null ? [] : [{ text: message, style: "warning" as const }]),
    ...(shown === null ? [] : notesOf(shown.sample, size.columns)),
  ];
  const regions = layoutRegions(size.rows, notes.length);
  const table = layoutTable(size.columns, {
    ...state,
    idCells: shown?.list.idCells ?? 0,
  });
  const { bodyTop, bodyRows, titleRow } = regions;
  const rows = shown?.list.rows ?? [];
  const selectedIndex = findSelected(
    rows,
    state.selected,
    state.view.processes,
  );
  const top = scrollTo(state.top, selectedIndex, rows.length, bodyRows);

  if (shown !== null) {
    const { sample, history, list, sinceMs } = shown;
    drawSummary(
      canvas,
      regions.summaryRows,
      meters(sample, history, state.view),
      format,
      state.graph,
    );
    if (regions.statusRow !== null)
      drawStatus(canvas, regions.statusRow, {
        sample,
        view: state.view,
        alive: list.alive,
        active: list.active,
        listed: rows.length,
        from: top + 1,
        to: Math.min(rows.length, top + bodyRows),
        frozen: state.frozen,
        sinceMs,
      });
  } else canvas.put(0, 0, "Measuring the first interval ...", "faint");

  const titles = drawTitles(canvas, titleRow, table, state);
  const visible = rows.slice(top, top + bodyRows);
  const graphs = drawRowGraphs(
    visible,
    table.columns.find(({ column }) => column === null)?.width ?? 0,
    shown?.history ?? NO_HISTORY,
    state,
  );
  visible.forEach((row, i) => {
    const y = bodyTop + i;
    canvas.subjects[y] = row.task.key;
    drawRow(canvas, y, row, table, state, format, {
      graph: graphs[i]!,
      endedCount: shown?.list.endedCounts.get(row) ?? 1,
    });
    if (top + i === selectedIndex)
      canvas.restyle(0, table.scrollBar ?? size.columns, y, "selected");
  });
  if (shown !== null && rows.length === 0)
    canvas.put(1, bodyTop, emptyText(state, shown.list), "faint");
  if (table.scrollBar !== null)
    drawScrollBar(canvas, table.scrollBar, bodyTop, bodyRows, top, rows.length);
  if (regions.hintTop < size.rows) drawHints(canvas, regions.hintTop, state);
  const helpTop = state.help
    ? drawHelp(canvas, state, size.rows < 10 ? 0 : bodyTop, regions.hintTop)
    : 0;
  drawNotes(canvas, notes, message !== null, regions, format);
  const scene: Scene = {
    rows,
    selectedIndex,
    top,
    helpTop,
    bodyTop,
    bodyRows,
    titleRow,
    titles,
  };
  return { frame: canvas, scene };
}

/** An empty list is no fault: it says why. */
function emptyText({ view }: ScreenState, list: List): string {
  if (list.watched === 0) return "no such task now";
  return view.only
    ? "nothing reads, writes or waits; o shows all"
    : "no task to show";
}

/** On one scale, so that rows compare. */
function drawRowGraphs(
  rows: readonly TaskDelta[],
  cells: number,
  history: History,
  { view, graph, graphSource }: ScreenState,
): readonly string[] {
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

/** A message is shown in the smallest window too, over its last row. */
function drawNotes(
  canvas: Canvas,
  notes: readonly Note[],
  urgent: boolean,
  regions: { readonly noteTop: number; readonly noteRows: number },
  format: Format,
): void {
  const lines = Math.max(regions.noteRows, urgent ? 1 : 0);
  const top = Math.min(regions.noteTop, canvas.rows - lines);
  notes.slice(0, lines).forEach((note, i) => {
    canvas.fill(0, canvas.columns, top + i, "plain");
    canvas.put(0, top + i, format.text(note.text, canvas.columns), note.style);
  });
}
