/** How well text can be read, by WCAG 2. */
import type { Appearance } from "../../../outputs/screen/cells/theme-tables.ts";

export type Rgb = readonly [red: number, green: number, blue: number];

/** From 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** The sixteen colours, as xterm has them. */
export const XTERM_16: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

/** The same on the Linux console. */
export const CONSOLE_16: readonly Rgb[] = [
  [0, 0, 0],
  [170, 0, 0],
  [0, 170, 0],
  [170, 85, 0],
  [0, 0, 170],
  [170, 0, 170],
  [0, 170, 170],
  [170, 170, 170],
  [85, 85, 85],
  [255, 85, 85],
  [85, 255, 85],
  [255, 255, 85],
  [85, 85, 255],
  [255, 85, 255],
  [85, 255, 255],
  [255, 255, 255],
];

const STEPS = [0, 95, 135, 175, 215, 255] as const;

/** A colour of the palette of 256: sixteen that terminals choose, a cube, and greys. */
export function paletteColor(n: number, sixteen: readonly Rgb[]): Rgb {
  if (n < 16) return sixteen[n]!;
  if (n >= 232) {
    const grey = 8 + 10 * (n - 232);
    return [grey, grey, grey];
  }
  const at = n - 16;
  return [
    STEPS[Math.floor(at / 36)]!,
    STEPS[Math.floor(at / 6) % 6]!,
    STEPS[at % 6]!,
  ];
}

export interface Surface {
  readonly text: Rgb;
  readonly ground: Rgb;
  readonly sixteen: readonly Rgb[];
}

/** Text and ground of a style, as a terminal shows them. Dimmed text is taken to be half as strong. */
export function shownColors(
  { ink, ground, dim, inverse }: Appearance,
  surface: Surface,
): readonly [text: Rgb, ground: Rgb] {
  const { sixteen } = surface;
  const under =
    ground === undefined ? surface.ground : paletteColor(ground, sixteen);
  const full = ink === undefined ? surface.text : paletteColor(ink, sixteen);
  const mixed = full.map((value, i) => (value + under[i]!) / 2);
  const over = dim ? (mixed as unknown as Rgb) : full;
  return inverse ? [under, over] : [over, under];
}
