/** The lines above the table: totals with their graphs, and the status line. */
import {
  totalsOf,
  type Format,
  type Sample,
  type View,
} from "../../../src/model/index.ts";
import { COMPACT_CELLS, compactBytes } from "../table/compact-numbers.ts";
import type { Canvas } from "../cells/frame.ts";
import {
  drawGraph,
  graphSamples,
  linearScale,
  scaleOf,
  type GraphGlyphs,
} from "../graphs/graph.ts";
import type { History, Series } from "../graphs/history.ts";
import { rateStyle, sumStyle, type Style } from "../cells/theme.ts";

interface Meter {
  /** Full, middle and short name. */
  readonly labels: readonly [string, string, string];
  readonly amount: number | null;
  readonly isRate: boolean;
  readonly series: Series;
  /** How many values the series has had so far. */
  readonly taken: number;
}

/** Below this many bytes per second, a graph stays low. */
const GRAPH_FLOOR = 10 * 1024;
const FULL_CELLS = 66;
const FOUR_METERS_CELLS = 48;

export function meters(
  sample: Sample,
  history: History,
  view: View,
): readonly Meter[] {
  const totals = totalsOf(sample, view);
  const isRate = !view.accumulated;
  const { taken, moved } = history;
  return [
    {
      labels: ["  Total DISK READ:", "Total R:", "TR:"],
      amount: isRate ? totals.readRate : (moved?.readBytes ?? null),
      isRate,
      series: history.read,
      taken,
    },
    {
      labels: ["  Total DISK WRITE:", "Total W:", "TW:"],
      amount: isRate ? totals.writeRate : (moved?.writeBytes ?? null),
      isRate,
      series: history.write,
      taken,
    },
    {
      labels: ["Current DISK READ:", " Curr R:", "CR:"],
      amount: totals.diskReadRate,
      isRate: true,
      series: history.diskRead,
      taken,
    },
    {
      labels: ["Current DISK WRITE:", " Curr W:", "CW:"],
      amount: totals.diskWriteRate,
      isRate: true,
      series: history.diskWrite,
      taken,
    },
  ];
}

export function drawSummary(
  canvas: Canvas,
  lines: 0 | 1 | 2,
  all: readonly Meter[],
  format: Format,
  glyphs: GraphGlyphs,
): void {
  if (lines === 0) return;
  if (lines === 2) {
    const size = canvas.columns >= FULL_CELLS ? 0 : 1;
    drawMeters(canvas, 0, all.slice(0, 2), size, format, glyphs);
    drawMeters(canvas, 1, all.slice(2), size, format, glyphs);
  } else {
    const count = canvas.columns >= FOUR_METERS_CELLS ? 4 : 2;
    drawMeters(canvas, 0, all.slice(0, count), 2, format, glyphs);
  }
}

/** Meters side by side in equal slots; the graph gets the space that label and number leave. */
function drawMeters(
  canvas: Canvas,
  y: number,
  shown: readonly Meter[],
  size: 0 | 1 | 2,
  format: Format,
  glyphs: GraphGlyphs,
): void {
  const divider = size === 0 ? (canvas.unicode ? " │ " : " | ") : " ";
  const gap = size === 2 ? 0 : 1;
  const taken = (shown.length - 1) * divider.length;
  const slot = Math.floor((canvas.columns - taken) / shown.length);
  const texts = shown.map(({ amount, isRate }) => {
    if (size > 0) return compactBytes(amount).padStart(COMPACT_CELLS);
    return (isRate ? format.rate(amount) : format.bytes(amount)).padStart(11);
  });
  const widest = Math.max(
    ...shown.map(
      (meter, i) => meter.labels[size].length + gap + texts[i]!.length + gap,
    ),
  );
  const graphCells = Math.max(0, slot - widest);
  shown.forEach((meter, i) => {
    let x = i * (slot + divider.length);
    const end = x + slot;
    if (i > 0) canvas.put(x - divider.length, y, divider, "faint");
    x = canvas.put(x, y, meter.labels[size], "plain", end) + gap;
    x = canvas.put(x, y, texts[i]!, meterStyle(meter), end) + gap;
    const series = meter.series.slice(
      -graphSamples(graphCells, glyphs) || undefined,
    );
    const scale = linearScale(scaleOf(series, GRAPH_FLOOR));
    const graph = drawGraph(series, graphCells, glyphs, scale, meter.taken);
    canvas.put(x, y, graph, "plain", end);
  });
}

function meterStyle({ amount, isRate }: Meter): Style {
  const style = isRate ? rateStyle(amount) : sumStyle(amount);
  return style === "plain" ? "strong" : style;
}

export interface Status {
  readonly sample: Sample;
  readonly format: Format;
  readonly view: View;
  /** Watched rows that have not ended. */
  readonly alive: number;
  readonly active: number;
  /** With sums, tasks that have ended. */
  readonly ended: number;
  readonly listed: number;
  /** The first and last row shown, counted from 1. */
  readonly from: number;
  readonly to: number;
  readonly frozen: boolean;
  /** When watching began, Unix ms. */
  readonly sinceMs: number;
}

export function drawStatus(canvas: Canvas, y: number, status: Status): void {
  const clock = status.format.clock(status.sample.timeMs);
  const right = status.frozen ? `[frozen] ${clock}` : clock;
  const end = canvas.columns - right.length;
  const parts = fittingParts(statusParts(status), end - 1);
  canvas.put(0, y, parts.join(SEPARATOR), "faint", end);
  canvas.put(end, y, right, status.frozen ? "warning" : "faint");
}

interface StatusPart {
  readonly text: string;
  /** Parts with higher ranks leave first if the line is too narrow. */
  readonly rank: number;
}

const SEPARATOR = ", ";

function fittingParts(
  parts: readonly StatusPart[],
  cells: number,
): readonly string[] {
  const texts = parts.map(({ text }) => text);
  if (texts.join(SEPARATOR).length + SEPARATOR.length <= cells) return texts;
  const least = Math.max(...parts.map(({ rank }) => rank));
  return parts.length === 0
    ? []
    : fittingParts(
        parts.filter(({ rank }) => rank < least),
        cells,
      );
}

/** Parts that seldom change come first, so that they keep their place. */
export function statusParts(status: Status): readonly StatusPart[] {
  const { sample, view, alive, active, ended } = status;
  const noun = view.processes ? "processes" : "threads";
  const parts: StatusPart[] = [{ text: `${alive} ${noun}`, rank: 0 }];
  const add = (rank: number, text: string | false): void => {
    if (text !== false) parts.push({ text, rank });
  };
  const scrolls = status.to - status.from + 1 < status.listed;
  add(2, scrolls && `rows ${status.from}-${status.to}`);
  add(
    1,
    view.filter !== null && `/${status.format.text(view.filter.text, 24)}`,
  );
  add(3, view.only && "idle hidden");
  add(4, view.pids.length > 0 && `pid ${view.pids.join(" ")}`);
  add(5, view.uids.length > 0 && `uid ${view.uids.join(" ")}`);
  add(
    6,
    view.accumulated && `sums since ${status.format.clock(status.sinceMs)}`,
  );
  add(8, seconds(sample.intervalNs));
  add(1, `${active} active`);
  add(7, view.accumulated && `${ended} ended`);
  const { pressure } = sample.host;
  add(
    9,
    pressure !== null &&
      `I/O stalls some ${share(pressure.someRatio)} all ${share(pressure.fullRatio)}`,
  );
  return parts;
}

/** To tenths of a second, because further digits of a measured time are noise; shorter times in hundredths. */
function seconds(ns: number): string {
  const s = ns / 1e9;
  return `${s.toFixed(s < 0.095 ? 2 : 1)} s`;
}

/** From 10 % on in steps of 5: a figure that changes all the time says less. */
function share(ratio: number): string {
  const percent = ratio * 100;
  const rounded =
    percent < 10 ? Math.round(percent) : Math.round(percent / 5) * 5;
  return `${rounded} %`;
}
