/** Composes a frame from the sample and the user's choices. Pure. */
import type { Format, TaskDelta } from "../../src/model/index.ts";
import { Canvas, type Frame } from "./cells/frame.ts";
import { shownDevices } from "./header/device-lines.ts";
import { drawHeader } from "./header/header.ts";
import type { Status } from "./header/status-line.ts";
import {
  bottomPaneRows,
  drawBottomPane,
  type PanePlace,
} from "./panes/bottom-pane.ts";
import type { BelowList } from "./panes/below-list.ts";
import { busyPane } from "./panes/busy-lines.ts";
import { drawDetails } from "./panes/details.ts";
import { frozenLine, type Place } from "./panes/frozen-line.ts";
import { graphSamples } from "./graphs/graph.ts";
import { drawBottom } from "./panes/bottom-lines.ts";
import { NO_HISTORY, type History } from "./graphs/history.ts";
import type { HitMap } from "./input/hit-map.ts";
import type { PromptFacts } from "./input/prompts/prompt-kind.ts";
import { drawLasting } from "./panes/messages.ts";
import type { List, Taken } from "./table/list.ts";
import { findSelected } from "./table/selected-row.ts";
import { placeWindow } from "./table/row-window.ts";
import { problemLines } from "./header/problem-lines.ts";
import { layOutRegions } from "./regions.ts";
import type { RenderCache } from "./render-cache.ts";
import { scrollBar } from "./table/scroll-bar.ts";
import type { ScreenState } from "./state.ts";
import { foldedSlots } from "./table/folded-slots.ts";
import { layoutTable } from "./table/table-layout.ts";
import { threadsIn } from "./table/tree.ts";
import { argumentCells } from "./table/command-text.ts";
import { wholeCommand } from "./table/table.ts";
import { drawTitles } from "./table/titles.ts";

/** The data of one sample, ready to be drawn. */
export interface Shown extends Look {
  readonly list: List;
}

/** The same without the list, which depends on what the user chooses. */
export interface Look extends Taken {
  readonly history: History;
  /** Whether any task that did something was in a unit of systemd, or in a container. */
  readonly hasUnits: boolean;
  /** When watching began, Unix ms. */
  readonly sinceMs: number;
  /** Whether it comes from a recording. */
  readonly isRecorded: boolean;
}

/** What is drawn of it. */
type Composed = Shown &
  Pick<Status, "everyMs" | "replay"> & {
    /** Why columns of cgroups are unknown; null if they are not, or not shown. */
    readonly cgroupProblem?: string | null;
  };

export interface Size {
  readonly columns: number;
  readonly rows: number;
  readonly unicode: boolean;
}

export interface Composition {
  readonly frame: Frame;
  readonly hits: HitMap;
}

interface Parts {
  readonly size: Size;
  readonly state: ScreenState;
  /** Null before the first sample. */
  readonly shown: Composed | null;
  readonly place: Place;
  readonly message: string | null;
  readonly below: BelowList;
  readonly format: Format;
  readonly cache: RenderCache;
}

export function composeFrame({
  size,
  state,
  shown,
  place,
  message,
  below,
  format,
  cache,
}: Parts): Composition {
  const { columns } = size;
  // ASCII is meant for the whole screen, not for its graphs alone.
  const unicode = size.unicode && state.graph !== "ascii";
  const { view, sort, descending, graphSource } = state;
  const canvas = new Canvas(columns, size.rows, unicode);
  const notes = shown === null ? [] : problemLines(shown, columns);
  const lasting = notes.filter(({ isLasting }) => isLasting);
  const devices =
    shown === null
      ? []
      : shownDevices(shown.sample, state.disks, shown.history);
  const regions = layOutRegions(size.rows, {
    notes: lasting.length,
    devices: devices.length,
    hints: state.hints,
  });
  const { bodyTop, titleRow } = regions;
  const hasPane = below.inspected !== null || below.busyFiles !== null;
  const paneRows = hasPane ? bottomPaneRows(regions.bodyRows) : 0;
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
  // Groups of units are listed only after /proc has been read: until then, titles are those of the rows there are.
  const groupBy = shown?.list.groupBy ?? state.groupBy;
  const folded = foldedSlots(shown, groupBy);
  const scrolls = rows.length > bodyRows;
  const table = cache.layout.get(
    [columns, sort, state.hidden, view, idCells, folded, scrolls],
    () => layoutTable(columns, { ...state, idCells, folded, scrolls }),
  );
  const graphCells = table.columns.find(({ id }) => id === "graph")?.width ?? 0;
  const { line, titles } = cache.titles.get(
    [table, unicode, descending, graphSource, groupBy],
    () => drawTitles(columns, unicode, table, { ...state, groupBy }),
  );
  if (shown === null)
    canvas.put(0, 0, "Measuring the first interval ...", "faint");
  else
    drawHeader(canvas, regions, {
      state,
      shown,
      format,
      devices,
      warning: notes.find(({ isLasting }) => !isLasting) ?? null,
    });
  canvas.place(titleRow, line);
  cache.rows
    .draw(
      indexes.map((index) => rows[index]!),
      {
        size: { columns, unicode },
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
  const pane = { fromRow: bodyTop + bodyRows, rows: paneRows };
  const paneNext = drawBelow(canvas, pane, {
    ...{ below, state, shown, format },
    row: rows[selectedIndex],
  });
  drawLasting(canvas, regions, lasting);
  const helpTop = drawBottom(canvas, regions, {
    state,
    message,
    frozen:
      state.frozen && shown !== null
        ? frozenLine(place, shown.sample, format, shown.isRecorded)
        : null,
    matches: matchesOf(state, shown),
    format,
    cache,
  });
  const hits: HitMap = {
    rows,
    kept: place.kept,
    oldestMs: place.oldestMs,
    uptimeS: shown?.sample.uptimeS ?? 0,
    countsWaits: shown?.sample.origin.delayAccounting ?? false,
    branches,
    selectedIndex,
    top,
    indexes,
    helpTop,
    graphSamples: graphSamples(graphCells, state.graph),
    maxThreads: threadsIn(regions.bodyRows),
    bodyTop,
    bodyRows,
    titleRow,
    paneNext,
    argumentCells: (of) =>
      of.reduce((most, index) => {
        const row = rows[index]!;
        const whole = wholeCommand(row, state, branches.has(row), format);
        return Math.max(most, argumentCells(whole));
      }, 0),
    titles,
  };
  return { frame: canvas, hits };
}

interface BelowParts extends Pick<
  Parts,
  "below" | "state" | "shown" | "format"
> {
  /** The selected one. */
  readonly row: TaskDelta | undefined;
}

/** The details of the selected row, or else the busiest files. @returns first line of the next page; 0 after the last */
function drawBelow(
  canvas: Canvas,
  pane: Omit<PanePlace, "top">,
  { below: { inspected, busyFiles }, state, shown, row, format }: BelowParts,
): number {
  const { view, graph: glyphs } = state;
  if (inspected === null)
    return busyFiles === null
      ? 0
      : drawBottomPane(
          canvas,
          { ...pane, top: state.busyFilesTop ?? 0 },
          busyPane(busyFiles, canvas.columns, format, view),
        );
  if (shown === null || row === undefined) return 0;
  const asProcess = view.processes && !shown.list.branches.has(row);
  return drawDetails(
    canvas,
    { ...pane, top: topOf(state) },
    { ...shown, row, asProcess, inspected, glyphs, units: view, format },
  );
}

/** Where the details begin: those of another task than the one scrolled are at their first line. */
function topOf({ details, selected }: ScreenState): number {
  return details !== null && details.key === selected?.key ? details.top : 0;
}

/** Null while the list is still that of another view. */
function matchesOf(
  { view }: ScreenState,
  shown: Shown | null,
): PromptFacts["matches"] {
  if (shown === null || shown.list.view !== view) return null;
  const { watched, unfiltered } = shown.list;
  return { count: watched, of: unfiltered };
}

const NO_ROWS: Pick<List, "rows" | "branches" | "agoNs"> = {
  rows: [],
  branches: new Map(),
  agoNs: new Map(),
};

/** An empty list is not an error, so the text says why it is empty. */
function emptyText({ view }: ScreenState, list: List): string {
  if (list.watched === 0) return "no such task now";
  return view.only
    ? "nothing reads, writes or waits; o shows all"
    : "no task to show";
}
