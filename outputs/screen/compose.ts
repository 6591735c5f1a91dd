/** Composes a frame from the sample and the user's choices. Pure. */
import { fillLines, type Format } from "../../src/model/index.ts";
import { Canvas, type Frame } from "./cells/frame.ts";
import { drawStatus, drawSummary, meters } from "./header/header.ts";
import { detailsRows, drawDetails } from "./panes/details.ts";
import type { Inspected } from "./panes/details-watch.ts";
import { drawHelp, drawHints } from "./panes/help.ts";
import { NO_HISTORY, type History } from "./graphs/history.ts";
import type { HitMap } from "./input/hit-map.ts";
import { drawPrompt } from "./input/prompts/index.ts";
import type { PromptFacts } from "./input/prompts/prompt-kind.ts";
import { drawPromptLine } from "./panes/prompt-line.ts";
import { findSelected, type List, type Taken } from "./table/list.ts";
import { placeWindow } from "./table/row-window.ts";
import { problemLines, type MessageLine } from "./header/problem-lines.ts";
import { layOutRegions, type Regions } from "./regions.ts";
import type { RenderCache } from "./render-cache.ts";
import { scrollBar } from "./table/scroll-bar.ts";
import type { ScreenState } from "./state.ts";
import { foldedSlots } from "./table/folded-slots.ts";
import { layoutTable } from "./table/table-layout.ts";
import { drawTitles } from "./table/titles.ts";

/** The data of one sample, ready to be drawn. */
export interface Shown extends Taken {
  readonly list: List;
  readonly history: History;
  /** When watching began, Unix ms. */
  readonly sinceMs: number;
  /** Whether it comes from a recording. */
  readonly isRecorded: boolean;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
  readonly unicode: boolean;
}

export interface Composition {
  readonly frame: Frame;
  readonly hits: HitMap;
}

export function composeFrame(
  size: Size,
  state: ScreenState,
  shown: Shown | null,
  message: string | null,
  format: Format,
  cache: RenderCache,
  inspected: Inspected | null = null,
): Composition {
  const { columns, unicode } = size;
  const { view, sort, descending, graphSource } = state;
  const canvas = new Canvas(columns, size.rows, unicode);
  const messages = [
    ...messageLines(message, size).map(
      (text) => ({ text, style: "warning" }) as const,
    ),
    ...(shown === null ? [] : problemLines(shown, columns)),
  ];
  const regions = layOutRegions(size.rows, messages.length);
  const { bodyTop, titleRow } = regions;
  const paneRows = inspected === null ? 0 : detailsRows(regions.bodyRows);
  const bodyRows = regions.bodyRows - paneRows;
  const { rows, branches } = shown?.list ?? NO_ROWS;
  const selectedIndex = findSelected(
    { rows, branches },
    state.selected,
    view.processes,
  );
  const { top, indexes, selectedLine } = placeWindow(
    state.top,
    selectedIndex,
    rows.length,
    bodyRows,
  );

  const idCells = shown?.list.idCells ?? 0;
  const folded = foldedSlots(shown);
  const scrolls = rows.length > bodyRows;
  const table = cache.layout.get(
    [columns, sort, state.hidden, view, idCells, folded, scrolls],
    () => layoutTable(columns, { ...state, idCells, folded, scrolls }),
  );
  const { line, titles } = cache.titles.get(
    [table, unicode, descending, graphSource],
    () => drawTitles(columns, unicode, table, state),
  );
  if (shown === null)
    canvas.put(0, 0, "Measuring the first interval ...", "faint");
  else drawHeader(canvas, { ...regions, bodyRows }, state, shown, top, format);
  canvas.place(titleRow, line);
  cache.rows
    .draw(
      indexes.map((index) => rows[index]!),
      {
        size,
        table,
        state,
        format,
        history: shown?.history ?? NO_HISTORY,
        sample: shown?.sample ?? null,
        list: shown?.list ?? NO_ROWS,
        bar: scrollBar(bodyRows, top, rows.length, unicode),
      },
    )
    .forEach((row, i) => canvas.place(bodyTop + i, row));
  if (selectedLine !== null) {
    canvas.select(0, table.scrollBar ?? columns, bodyTop + selectedLine);
    canvas.cursor = { x: 0, y: bodyTop + selectedLine, isVisible: false };
  }
  if (shown !== null && rows.length === 0)
    canvas.put(1, bodyTop, emptyText(state, shown.list), "faint");
  const selectedRow = rows[selectedIndex];
  const details =
    inspected === null || shown === null || selectedRow === undefined
      ? { top: 0, next: 0 }
      : drawDetails(canvas, bodyTop + bodyRows, paneRows, topOf(state), {
          ...shown,
          row: selectedRow,
          asProcess: view.processes && !branches.has(selectedRow),
          inspected,
          glyphs: state.graph,
          format,
        });
  if (regions.hintTop < size.rows && state.prompt === null)
    cache.hints
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
  drawMessages(canvas, messages, message !== null, regions, format);
  if (state.prompt !== null) {
    const y = size.rows - 1;
    const facts = { state, matches: matchesOf(state, shown) };
    const x = drawPromptLine(canvas, y, drawPrompt(state.prompt, facts));
    canvas.cursor = { x: x ?? 0, y, isVisible: x !== null };
  }
  const hits: HitMap = {
    rows,
    uptimeS: shown?.sample.uptimeS ?? 0,
    countsWaits: shown?.sample.origin.delayAccounting ?? false,
    branches,
    selectedIndex,
    top,
    indexes,
    helpTop,
    bodyTop,
    bodyRows,
    titleRow,
    detailsNext: details.next,
    titles,
  };
  return { frame: canvas, hits };
}

/** Where the details begin: those of another task than the one scrolled are at their first line. */
function topOf({ details, selected }: ScreenState): number {
  return details !== null && details.key === selected?.key ? details.top : 0;
}

/** Null while the list is still that of another filter. */
function matchesOf(
  { view }: ScreenState,
  shown: Shown | null,
): PromptFacts["matches"] {
  if (shown === null || shown.list.filter !== view.filter) return null;
  const { watched, unfiltered } = shown.list;
  return { count: watched, of: unfiltered };
}

const NO_ROWS: Pick<List, "rows" | "branches" | "agoNs"> = {
  rows: [],
  branches: new Map(),
  agoNs: new Map(),
};

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

/** An empty list is not an error, so the text says why it is empty. */
function emptyText({ view }: ScreenState, list: List): string {
  if (list.watched === 0) return "no such task now";
  return view.only
    ? "nothing reads, writes or waits; o shows all"
    : "no task to show";
}

/** A message that is too long for a line continues in the next ones, as far as there is room. */
function messageLines(
  message: string | null,
  { columns, rows }: Size,
): readonly string[] {
  if (message === null) return [];
  const lines = fillLines(message, columns);
  const room = Math.max(1, layOutRegions(rows, lines.length).messageRows);
  // The last one is cut, with a mark, if it is too long.
  return [...lines.slice(0, room - 1), lines.slice(room - 1).join(" ")];
}

/** A message shows even in the smallest window, over its last row. */
function drawMessages(
  canvas: Canvas,
  messages: readonly MessageLine[],
  urgent: boolean,
  regions: { readonly messageTop: number; readonly messageRows: number },
  format: Format,
): void {
  const lines = Math.max(regions.messageRows, urgent ? 1 : 0);
  const top = Math.min(regions.messageTop, canvas.rows - lines);
  messages.slice(0, lines).forEach((message, i) => {
    canvas.fill(0, canvas.columns, top + i, "plain");
    canvas.put(
      0,
      top + i,
      format.text(message.text, canvas.columns),
      message.style,
    );
  });
}
