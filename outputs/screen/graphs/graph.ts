/** Small history graphs. */

import {
  SCREEN_CHOICES,
  type ScreenSettings,
} from "../../../src/model/index.ts";

export type GraphGlyphs = Exclude<ScreenSettings["glyphs"], "auto">;
export const GRAPH_GLYPHS = SCREEN_CHOICES.glyphs.filter(
  (glyphs): glyphs is GraphGlyphs => glyphs !== "auto",
);

const BLOCKS = " ▁▂▃▄▅▆▇█";
const ASCII = " _.:|";
/** Dots of a braille cell from its lowest upwards, by column: bits of the code point. */
const BRAILLE_DOTS = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const;
const BRAILLE_LEVELS = 4;
const HEADROOM = 1.25;
/** By the heights of the left and the right column. */
const BRAILLE_CELLS = Array.from({ length: BRAILLE_LEVELS + 1 }, (_, left) =>
  Array.from({ length: BRAILLE_LEVELS + 1 }, (_, right) => {
    const dots = [
      ...BRAILLE_DOTS[0].slice(0, left),
      ...BRAILLE_DOTS[1].slice(0, right),
    ];
    const bits = dots.reduce((sum, dot) => sum | dot, 0);
    return bits === 0 ? " " : String.fromCodePoint(0x2800 + bits);
  }),
);

/** How many samples fit into so many cells. */
export function graphSamples(cells: number, glyphs: GraphGlyphs): number {
  return glyphs === "braille" ? cells * 2 : cells;
}

/**
 * The newest values as text of exactly `cells` cells. `scale` is the value at full height; any value above 0 shows.
 * Unknown values draw nothing. `taken` is how many values there have ever been. It keeps the pairs that share a braille
 * cell together, so that the graph moves by whole cells and a value keeps its looks as it moves.
 */
export function drawGraph(
  values: readonly (number | null)[],
  cells: number,
  glyphs: GraphGlyphs,
  scale: number,
  taken: number,
): string {
  if (glyphs === "braille") return drawBraille(values, cells, scale, taken % 2);
  const ramp = glyphs === "blocks" ? BLOCKS : ASCII;
  let text = "";
  for (let at = values.length - cells; at < values.length; at++)
    text += ramp[level(values[at], scale, ramp.length - 1)]!;
  return text;
}

/** With an odd number of values, the right half of the last cell stays empty until the next one. */
function drawBraille(
  values: readonly (number | null)[],
  cells: number,
  scale: number,
  odd: number,
): string {
  let text = "";
  for (let cell = 0; cell < cells; cell++) {
    const at = values.length + odd - 2 * (cells - cell);
    const left = level(values[at], scale, BRAILLE_LEVELS);
    const right = level(values[at + 1], scale, BRAILLE_LEVELS);
    text += BRAILLE_CELLS[left]![right]!;
  }
  return text;
}

/** The largest of the values, at least `floor`. */
function largest(values: Iterable<number | null>, floor: number): number {
  let scale = floor;
  for (const value of values)
    if (value !== null && value > scale) scale = value;
  return scale;
}

/**
 * The value at full height: at least `floor` and all values. It is one of a few sizes, so that small differences do not
 * make the whole graph jump. The sizes lie a quarter above the powers of two. Rates that people configure are often
 * round, and so fall well within a step of the graph, not on its edge.
 */
export function scaleOf(
  values: Iterable<number | null>,
  floor: number,
): number {
  const most = largest(values, floor);
  return HEADROOM * 2 ** Math.ceil(Math.log2(most / HEADROOM));
}

/** Without a value, as before the first one, nothing is drawn. */
function level(
  value: number | null | undefined,
  scale: number,
  levels: number,
): number {
  if (value === null || value === undefined || value <= 0) return 0;
  return Math.min(levels, Math.ceil((value / scale) * levels));
}
