/** The totals of the machine, with their past. Pure. */
import {
  shownTotals,
  totalsOf,
  type Sample,
  type View,
} from "../../../src/model/index.ts";
import type { Canvas } from "../cells/frame.ts";
import { rateStyle, sumStyle, type Style } from "../cells/theme.ts";
import {
  drawGraph,
  linearScale,
  peaksOfPairs,
  scaleOf,
  type GraphGlyphs,
} from "../graphs/graph.ts";
import type { History, Series } from "../graphs/history.ts";
import {
  COMPACT_CELLS,
  compactBytes,
  compactScale,
  type SizeUnits,
} from "../table/compact-numbers.ts";

export interface Meter {
  /** Full, middle and short name. */
  readonly labels: readonly [string, string, string];
  readonly amount: number | null;
  /** Whether some tasks are missing in it. */
  readonly isLeast: boolean;
  readonly isRate: boolean;
  readonly series: Series;
  /** How many values the series has had so far. */
  readonly taken: number;
}

export function meters(
  sample: Sample,
  history: History,
  view: View,
): readonly Meter[] {
  const totals = totalsOf(sample);
  const { taken, watchedNs } = history;
  const shown = shownTotals(sample, view, watchedNs);
  const tasks = {
    isLeast: totals.isLowerBound,
    isRate: shown.areRates,
    taken,
  };
  const disks = { isLeast: false, isRate: true, taken };
  return [
    {
      ...tasks,
      labels: ["  Total DISK READ:", "Total R:", "TR:"],
      amount: shown.read,
      series: history.read,
    },
    {
      ...tasks,
      labels: ["  Total DISK WRITE:", "Total W:", "TW:"],
      amount: shown.write,
      series: history.write,
    },
    {
      ...disks,
      labels: ["Current DISK READ:", " Curr R:", "CR:"],
      amount: totals.diskReadRate,
      series: history.diskRead,
    },
    {
      ...disks,
      labels: ["Current DISK WRITE:", " Curr W:", "CW:"],
      amount: totals.diskWriteRate,
      series: history.diskWrite,
    },
  ];
}

const FULL_CELLS = 66;
const FOUR_METERS_CELLS = 48;

export interface MeterLook {
  readonly glyphs: GraphGlyphs;
  readonly units: SizeUnits;
}

export function drawTotals(
  canvas: Canvas,
  lines: 0 | 1 | 2,
  all: readonly Meter[],
  look: MeterLook,
): void {
  if (lines === 0) return;
  if (lines === 2) {
    const size = canvas.columns >= FULL_CELLS ? 0 : 1;
    drawMeters(canvas, 0, all.slice(0, 2), size, look);
    drawMeters(canvas, 1, all.slice(2), size, look);
  } else {
    const count = canvas.columns >= FOUR_METERS_CELLS ? 4 : 2;
    drawMeters(canvas, 0, all.slice(0, count), 2, look);
  }
}

/** "≥34.0M/s" */
const FULL_NUMBER_CELLS = 8;
/** A graph is worth its scale from this width on. */
const LEAST_SCALED_CELLS = 8;
/** Below this many bytes per second, a graph stays low. */
const SCALE_FLOOR = 80 * 1024;

/** Meters side by side in equal slots; the graph gets the space that label, number and scale leave. */
function drawMeters(
  canvas: Canvas,
  y: number,
  shown: readonly Meter[],
  size: 0 | 1 | 2,
  look: MeterLook,
): void {
  const divider = size === 0 ? (canvas.unicode ? " │ " : " | ") : " ";
  const gap = size === 2 ? 0 : 1;
  const slot = Math.floor(
    (canvas.columns - (shown.length - 1) * divider.length) / shown.length,
  );
  const texts = shown.map((meter) => {
    const text = meterText(meter, look.units, size === 0, canvas.unicode);
    const cells = size === 0 ? FULL_NUMBER_CELLS : COMPACT_CELLS;
    return text.padStart(cells);
  });
  const widest = Math.max(
    ...shown.map(({ labels }, i) => labels[size].length + texts[i]!.length),
  );
  const graphCells = Math.max(0, slot - widest - 2 * gap);
  shown.forEach((meter, i) => {
    let x = i * (slot + divider.length);
    const end = x + slot;
    if (i > 0) canvas.put(x - divider.length, y, divider, "faint");
    const label = meter.labels[size];
    x = canvas.put(x, y, label, "plain", end);
    x = end - graphCells - gap - texts[i]!.length;
    x = canvas.put(x, y, texts[i]!, meterStyle(meter), end) + gap;
    drawMeterGraph(canvas, x, y, graphCells, meter, look);
  });
}

function meterText(
  { amount, isLeast, isRate }: Meter,
  units: SizeUnits,
  isLong: boolean,
  unicode: boolean,
): string {
  const text = compactBytes(amount, units);
  if (amount === null || amount === 0) return text;
  const least = isLeast ? (unicode ? "≥" : ">") : "";
  return `${least}${text}${isRate && isLong ? "/s" : ""}`;
}

function meterStyle({ amount, isRate }: Meter): Style {
  const style = isRate ? rateStyle(amount) : sumStyle(amount);
  return style === "plain" ? "strong" : style;
}

/**
 * With the value at full height after it. A cell is two samples with all glyphs, so that the same time is shown. The
 * time before the first sample is dotted in every other cell: while nothing happens, the next dot that has to go is most
 * of what is sent.
 */
function drawMeterGraph(
  canvas: Canvas,
  x: number,
  y: number,
  cells: number,
  { series, taken }: Meter,
  { glyphs, units }: MeterLook,
): void {
  const peaks = peaksOfPairs(series, taken);
  const isScaled = cells >= LEAST_SCALED_CELLS;
  const { width, full, label } = fitScale(peaks, cells, isScaled, units);
  const drawn = Math.min(width, peaks.length);
  const dots = canvas.unicode && glyphs !== "ascii" ? "· " : "  ";
  const before = dots.repeat(width).slice(0, width - drawn);
  const at = canvas.put(x, y, before, "faint");
  const values = glyphs === "braille" ? series : peaks;
  const graph = drawGraph(values, drawn, glyphs, linearScale(full), taken);
  canvas.put(at, y, graph, "plain");
  if (isScaled) canvas.put(x + cells - label.length, y, label, "faint");
}

/** The widest graph that leaves room for its scale, which is that of what is drawn. */
function fitScale(
  peaks: Series,
  cells: number,
  isScaled: boolean,
  units: SizeUnits,
): { width: number; full: number; label: string } {
  for (let width = cells; ; width--) {
    const drawn = peaks.slice(Math.max(0, peaks.length - width));
    const full = scaleOf(drawn, SCALE_FLOOR, units.si ? 1000 : 1024);
    const label = compactScale(full, units);
    const used = isScaled ? width + 1 + label.length : width;
    if (used <= cells) return { width, full, label };
  }
}
