/** The last minute of one task. Pure. */
import type { TaskDelta } from "../../../src/model/index.ts";
import {
  drawGraph,
  graphSamples,
  linearScale,
  type GraphGlyphs,
} from "../graphs/graph.ts";
import type { History } from "../graphs/history.ts";
import { rowSeries, type GraphSource } from "../graphs/row-history.ts";
import {
  compactBytes,
  compactPercent,
  type SizeUnits,
} from "../table/compact-numbers.ts";
import { padRight, type Spans } from "./spans.ts";

/** A minute at a sample a second. */
const MOST_SAMPLES = 60;
const LABEL_CELLS = 6;
/** "  60 s   4.00M/s now   4.31M/s most". */
const WORDS_CELLS = 40;
const MIN_GRAPH_CELLS = 6;

export interface GraphFacts {
  readonly row: TaskDelta;
  readonly asProcess: boolean;
  readonly history: History;
  readonly glyphs: GraphGlyphs;
  /** Between samples. */
  readonly intervalMs: number;
}

/** Bytes, then waits; one line each, or none where there is no room. */
export function graphLines(
  facts: GraphFacts,
  columns: number,
  units: SizeUnits,
): readonly [rates: readonly Spans[], waits: readonly Spans[]] {
  const cells = columns - LABEL_CELLS - WORDS_CELLS;
  if (cells < MIN_GRAPH_CELLS) return [[], []];
  const rateText = (rate: number | null): string =>
    rate === null || rate === 0
      ? compactBytes(rate, units)
      : `${compactBytes(rate, units)}/s`;
  // What nobody measured is not drawn as nothing.
  const { readBytes, writeBytes, ioWaitNs } = facts.row;
  return [
    readBytes === null && writeBytes === null
      ? []
      : [graphLine(facts, "R+W", "rw", cells, rateText)],
    ioWaitNs === null
      ? []
      : [graphLine(facts, "IO", "io", cells, compactPercent)],
  ];
}

/** Full height is the most of the time shown, which stands beside it. */
function graphLine(
  { row, asProcess, history, glyphs, intervalMs }: GraphFacts,
  label: string,
  source: GraphSource,
  room: number,
  textOf: (value: number | null) => string,
): Spans {
  const cells = Math.min(
    room,
    Math.ceil(MOST_SAMPLES / graphSamples(1, glyphs)),
  );
  const samples = graphSamples(cells, glyphs);
  const series = rowSeries(history.rows, row, asProcess, source, samples);
  const known = series.filter((value) => value !== null);
  const top = known.length === 0 ? null : Math.max(...known);
  return [
    { text: padRight(label, LABEL_CELLS), style: "faint" },
    {
      text: drawGraph(
        series,
        cells,
        glyphs,
        linearScale(top || 1),
        history.taken,
      ),
    },
    { text: `  ${spanText(samples * intervalMs)}  `, style: "faint" },
    { text: textOf(series.at(-1) ?? null) },
    { text: " now   ", style: "faint" },
    { text: textOf(top) },
    { text: " most", style: "faint" },
  ];
}

function spanText(ms: number): string {
  const s = Math.round(ms / 1000);
  return s < 120 ? `${s} s` : `${Math.round(s / 60)} min`;
}
