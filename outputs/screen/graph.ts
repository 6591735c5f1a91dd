/** Small history graphs. */

export const GRAPH_GLYPHS = ["braille", "blocks", "ascii"] as const;
export type GraphGlyphs = (typeof GRAPH_GLYPHS)[number];

const BLOCKS = " ▁▂▃▄▅▆▇█";
const ASCII = " _.:|";
/** Dots of a braille cell from its lowest, by column: bits of the code point. */
const BRAILLE_DOTS = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const;
const BRAILLE_LEVELS = 4;

/** Samples that fit into so many cells. */
export function graphSamples(cells: number, glyphs: GraphGlyphs): number {
  return glyphs === "braille" ? cells * 2 : cells;
}

/**
 * The newest values, the newest at the right, as text of exactly `cells` cells. `scale` fills the height; what is
 * above 0 always shows. Unknown draws as nothing.
 */
export function drawGraph(
  values: readonly (number | null)[],
  cells: number,
  glyphs: GraphGlyphs,
  scale: number,
): string {
  const samples = graphSamples(cells, glyphs);
  const shown = samples === 0 ? [] : values.slice(-samples);
  const padded = [
    ...new Array<null>(samples - shown.length).fill(null),
    ...shown,
  ];
  if (glyphs === "braille") {
    const levels = padded.map((value) => level(value, scale, BRAILLE_LEVELS));
    return Array.from({ length: cells }, (_, i) =>
      brailleCell(levels[2 * i]!, levels[2 * i + 1]!),
    ).join("");
  }
  const ramp = glyphs === "blocks" ? BLOCKS : ASCII;
  return padded
    .map((value) => ramp[level(value, scale, ramp.length - 1)]!)
    .join("");
}

/** The largest of the values, at least `floor`. */
export function largest(
  values: Iterable<number | null>,
  floor: number,
): number {
  let scale = floor;
  for (const value of values)
    if (value !== null && value > scale) scale = value;
  return scale;
}

function level(value: number | null, scale: number, levels: number): number {
  if (value === null || value <= 0) return 0;
  return Math.min(levels, Math.ceil((value / scale) * levels));
}

function brailleCell(left: number, right: number): string {
  let bits = 0;
  for (let i = 0; i < left; i++) bits |= BRAILLE_DOTS[0][i]!;
  for (let i = 0; i < right; i++) bits |= BRAILLE_DOTS[1][i]!;
  return bits === 0 ? " " : String.fromCodePoint(0x2800 + bits);
}
