/** Small history graphs. */

export const GRAPH_GLYPHS = ["braille", "blocks", "ascii"] as const;
export type GraphGlyphs = (typeof GRAPH_GLYPHS)[number];

const BLOCKS = " ▁▂▃▄▅▆▇█";
const ASCII = " _.:|";
/** Dots of a braille cell from its lowest upwards, by column: bits of the code point. */
const BRAILLE_DOTS = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const;
const BRAILLE_LEVELS = 4;
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

/** How high a value above 0 is drawn: above 0, at most 1. */
export type Scale = (value: number) => number;

/** @param full the value at full height */
export function linearScale(full: number): Scale {
  return (value) => Math.min(1, value / full);
}

const KIB = 1024;
const MIB = 1024 * KIB;
/** The sizes at which a row of a list rises by an eighth: each is four times the one before, as far as it is round. */
const STEPS = [
  80 * KIB,
  320 * KIB,
  1.25 * MIB,
  5 * MIB,
  20 * MIB,
  80 * MIB,
  320 * MIB,
];

/** For bytes per second: always the same, so that a height means the same in each row, each minute, each machine. */
export const RATE_SCALE: Scale = (value) => {
  const passed = STEPS.findIndex((step) => value < step);
  return (passed < 0 ? STEPS.length + 1 : passed + 1) / (STEPS.length + 1);
};

/** For waits in percent: the whole time of one thread is full height. */
export const WAIT_SCALE: Scale = linearScale(100);

/** How many samples fit into so many cells. */
export function graphSamples(cells: number, glyphs: GraphGlyphs): number {
  return glyphs === "braille" ? cells * 2 : cells;
}

/**
 * For each two values, as those that share a braille cell, the higher one, or the one that is known. The newest value
 * may be alone until the next one. `taken` is how many values there have ever been.
 */
export function peaksOfPairs(
  values: readonly (number | null)[],
  taken: number,
): readonly (number | null)[] {
  const peaks: (number | null)[] = [];
  // Of the first pair, one may be dropped already.
  const first = -((values.length + taken) % 2);
  for (let at = first; at < values.length; at += 2)
    peaks.push(higher(values[at] ?? null, values[at + 1] ?? null));
  return peaks;
}

function higher(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

/**
 * The newest values as text of exactly `cells` cells. Any value above 0 shows. Unknown values draw nothing. `taken` is
 * how many values there have ever been. It keeps the pairs that share a braille cell together, so that the graph moves
 * by whole cells and a value keeps its looks as it moves.
 */
export function drawGraph(
  values: readonly (number | null)[],
  cells: number,
  glyphs: GraphGlyphs,
  scale: Scale,
  taken: number,
): string {
  if (glyphs === "braille") return drawBraille(values, cells, scale, taken % 2);
  const ramp = glyphs === "blocks" ? BLOCKS : ASCII;
  let text = "";
  for (let at = values.length - cells; at < values.length; at++)
    text += at < 0 ? " " : ramp[level(values[at], scale, ramp.length - 1)]!;
  return text;
}

/** With an odd number of values, the right half of the last cell stays empty until the next one. */
function drawBraille(
  values: readonly (number | null)[],
  cells: number,
  scale: Scale,
  odd: number,
): string {
  let text = "";
  for (let cell = 0; cell < cells; cell++) {
    const at = values.length + odd - 2 * (cells - cell);
    const left = level(values[at], scale, BRAILLE_LEVELS);
    const right = level(values[at + 1], scale, BRAILLE_LEVELS);
    text += at + 1 < 0 ? " " : BRAILLE_CELLS[left]![right]!;
  }
  return text;
}

const SCALE_SIZES = [1.25, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];
/** A value may be above full height by this much: rates that people configure are round, and go up and down a bit. */
const ALLOWANCE = 1.04;

/**
 * The value at full height: the least of 10, 20, 40 ... 640 K, 1.25 M, 2.5 M and so on that holds all values.
 *
 * @param floor at least this
 * @param base how many K are an M
 */
export function scaleOf(
  values: Iterable<number | null>,
  floor: number,
  base: 1000 | 1024 = 1024,
): number {
  let most = floor;
  for (const value of values) if (value !== null && value > most) most = value;
  for (let unit = 1; ; unit *= base)
    for (const size of SCALE_SIZES)
      if (most <= size * unit * ALLOWANCE) return size * unit;
}

/** Without a value, as before the first one, nothing is drawn. */
function level(
  value: number | null | undefined,
  scale: Scale,
  levels: number,
): number {
  if (value === null || value === undefined || value <= 0) return 0;
  return Math.min(levels, Math.ceil(scale(value) * levels - 1e-9));
}
