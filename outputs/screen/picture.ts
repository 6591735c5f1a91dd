/** From what is known and chosen to a frame. Pure. */
import type { Format } from "../../src/model/output.ts";
import { fill } from "../../src/model/text-layout.ts";
import { Canvas, type Frame, type Line } from "./frame.ts";
import { drawStatus, drawSummary, meters } from "./header.ts";
import { drawHelp, drawHints } from "./help.ts";
import { NO_HISTORY, type History } from "./history.ts";
import { layoutRegions, type Regions } from "./layout.ts";
import { findSelected, scrollTo, type List, type Taken } from "./list.ts";
import { Memo } from "./memo.ts";
import { notesOf, type Note } from "./notes.ts";
import { RowLines } from "./row-lines.ts";
import { scrollBar } from "./scroll-bar.ts";
import type { Scene, ScreenState } from "./state.ts";
import { layoutTable, type TableLayout } from "./table-layout.ts";
import { drawTitles, type TitleLine } from "./table.ts";

/** What one sample brought, ready to be drawn. */
export interface Shown extends Taken {
  readonly list: List;
  readonly history: History;
  /** When watching began, Unix ms. */
  readonly sinceMs: number;
  /** From a recording. */
  readonly isRecorded: boolean;
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

/** What was drawn for earlier pictures: most of it can be used again. */
export class Drawn {
  readonly layout = new Memo<TableLayout>();
  readonly titles = new Memo<TitleLine>();
  readonly hints = new Memo<readonly Line[]>();
  readonly rows = new RowLines();
}

export function drawPicture(
  size: Size,
  state: ScreenState,
  shown: Shown | null,
  message: string | null,
  format: Format,
  drawn: Drawn,
): Picture {
  const { columns, unicode } = size;
  const { view, sort, descending, graphSource } = state;
  const canvas = new Canvas(columns, size.rows, unicode);
  const notes = [
    ...messageLines(message, size).map(
      (text) => ({ text, style: "warning" }) as const,
    ),
    ...(shown === null ? [] : notesOf(shown, columns)),
  ];
  const regions = layoutRegions(size.rows, notes.length);
  const { bodyTop, bodyRows, titleRow } = regions;
  const rows = shown?.list.rows ?? [];
  const selectedIndex = findSelected(rows, state.selected, view.processes);
  const top = scrollTo(state.top, selectedIndex, rows.length, bodyRows);

  const wishes = { ...state, idCells: shown?.list.idCells ?? 0 };
  const table = drawn.layout.get(
    [columns, sort, state.hidden, view, wishes.idCells],
    () => layoutTable(columns, wishes),
  );
  const { line, titles } = drawn.titles.get(
    [table, unicode, descending, graphSource],
    () => drawTitles(columns, unicode, table, state),
  );
  if (shown === null)
    canvas.put(0, 0, "Measuring the first interval ...", "faint");
  else drawHeader(canvas, regions, state, shown, top, format);
  canvas.place(titleRow, line);
  drawn.rows
    .draw(rows.slice(top, top + bodyRows), {
      size,
      table,
      state,
      format,
      history: shown?.history ?? NO_HISTORY,
      timeMs: shown?.sample.timeMs ?? 0,
      bar: scrollBar(bodyRows, top, rows.length, unicode),
    })
    .forEach((row, i) => canvas.place(bodyTop + i, row));
  if (selectedIndex >= top && selectedIndex < top + bodyRows)
    canvas.restyle(
      0,
      table.scrollBar ?? columns,
      bodyTop + selectedIndex - top,
      "selected",
    );
  if (shown !== null && rows.length === 0)
    canvas.put(1, bodyTop, emptyText(state, shown.list), "faint");
  if (regions.hintTop < size.rows)
    drawn.hints
      .get(
        [
          columns,
          unicode,
          view,
          sort,
          descending,
          state.fullCommand,
          state.frozen,
        ],
        () => drawHints(columns, unicode, state),
      )
      .forEach((hint, i) => canvas.place(regions.hintTop + i, hint));
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

/** The lines above the titles. */
function drawHeader(
  canvas: Canvas,
  { summaryRows, statusRow, bodyRows }: Regions,
  { view, graph, frozen }: ScreenState,
  { sample, list, history, sinceMs }: Shown,
  top: number,
  format: Format,
): void {
  const listed = list.rows.length;
  drawSummary(
    canvas,
    summaryRows,
    meters(sample, history, view),
    format,
    graph,
  );
  if (statusRow === null) return;
  drawStatus(canvas, statusRow, {
    format,
    sample,
    view,
    alive: list.alive,
    active: list.active,
    ended: list.ended,
    listed,
    from: top + 1,
    to: Math.min(listed, top + bodyRows),
    frozen,
    sinceMs,
  });
}

/** An empty list is no fault: it says why. */
function emptyText({ view }: ScreenState, list: List): string {
  if (list.watched === 0) return "no such task now";
  return view.only
    ? "nothing reads, writes or waits; o shows all"
    : "no task to show";
}

/** A message too long for a line goes on in the next ones, as far as there is room. */
function messageLines(
  message: string | null,
  { columns, rows }: Size,
): readonly string[] {
  if (message === null) return [];
  const lines = fill(message, columns);
  const room = Math.max(1, layoutRegions(rows, lines.length).noteRows);
  // The last one is cut with a mark, if need be.
  return [...lines.slice(0, room - 1), lines.slice(room - 1).join(" ")];
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
