/**
 * The themes, as data: how each style looks on a dark and on a light background, with 256 colours and with sixteen, and
 * without any. The contrast of every entry is tested. Meaning never depends on colour alone.
 */

/** Styles that a row keeps when it is selected: there each has a twin, `selected-...`. */
const ROW_STYLES = [
  "plain",
  /** Zeros, labels, tasks that ended. */
  "faint",
  "strong",
  /** Magnitudes and shares of waiting, rising. */
  "medium",
  "high",
  "extreme",
  "warning",
] as const;

type RowStyle = (typeof ROW_STYLES)[number];

export const STYLES = [
  ...ROW_STYLES,
  "title",
  "sorted-title",
  "help",
  "help-key",
  /** The bar of the selected row, and its plain text. */
  "selected",
  "selected-faint",
  "selected-strong",
  "selected-medium",
  "selected-high",
  "selected-extreme",
  "selected-warning",
] as const;

export type Style = (typeof STYLES)[number];

/** How a style looks. Colours are numbers of the palette of 256; without one, the terminal's own is used. */
export interface Appearance {
  readonly ink?: number;
  readonly ground?: number;
  readonly bold?: true;
  /** For text that matters less, where there is no grey. */
  readonly dim?: true;
  readonly underline?: true;
  readonly inverse?: true;
}

export type Theme = Readonly<Record<Style, Appearance>>;

/** The colours of a theme, from which its styles follow. */
interface Colors {
  /** Null: the text is dimmed instead. Among the sixteen colours, none is grey in every palette. */
  readonly grey: number | null;
  readonly medium: number;
  readonly high: number;
  readonly extreme: number;
  /** The bar of the selected row; null: it is inverse, each cell in its colour. */
  readonly bar: number | null;
}

/** Blue, orange, red: told apart by everyone who sees colours in another way, too. The bar is navy. */
const DARK: Colors = {
  grey: 245,
  medium: 39,
  high: 208,
  extreme: 203,
  bar: 18,
};
/** The same, darker. The bar is the yellow of a text marker. */
const LIGHT: Colors = {
  grey: 242,
  medium: 24,
  high: 130,
  extreme: 124,
  bar: 229,
};
/** Cyan, bright yellow, bright red. */
const DARK_16: Colors = {
  grey: null,
  medium: 6,
  high: 11,
  extreme: 9,
  bar: null,
};
/** Blue, magenta, red: cyan and yellow are too bright for a light background. */
const LIGHT_16: Colors = {
  grey: null,
  medium: 4,
  high: 5,
  extreme: 1,
  bar: null,
};

const INVERSE = { inverse: true } as const;
const BOLD = { bold: true } as const;

function colored({ grey, medium, high, extreme, bar }: Colors): Theme {
  return complete(
    {
      plain: {},
      faint: grey === null ? { dim: true } : { ink: grey },
      strong: BOLD,
      medium: { ink: medium },
      high: { ink: high },
      extreme: { ink: extreme, ...BOLD },
      warning: { ink: high, ...BOLD },
    },
    bar === null ? INVERSE : { ground: bar },
  );
}

function complete(
  rows: Readonly<Record<RowStyle, Appearance>>,
  selected: Appearance,
): Theme {
  // Dimmed and inverse at once is hard to read in most terminals.
  const { dim: _, ...faint } = rows.faint;
  return {
    ...rows,
    title: INVERSE,
    "sorted-title": { ...INVERSE, ...BOLD },
    help: INVERSE,
    "help-key": { ...INVERSE, underline: true },
    selected,
    "selected-faint": { ...faint, ...selected },
    "selected-strong": { ...rows.strong, ...selected },
    "selected-medium": { ...rows.medium, ...selected },
    "selected-high": { ...rows.high, ...selected },
    "selected-extreme": { ...rows.extreme, ...selected },
    "selected-warning": { ...rows.warning, ...selected },
  };
}

/** Inverse, bold and faint are not colours, so they stay. */
export const MONO: Theme = complete(
  {
    plain: {},
    faint: { dim: true },
    strong: BOLD,
    medium: {},
    high: {},
    extreme: BOLD,
    warning: BOLD,
  },
  INVERSE,
);

/** By background, with 256 colours and with sixteen. */
export const COLOR_THEMES = {
  dark: { many: colored(DARK), few: colored(DARK_16) },
  light: { many: colored(LIGHT), few: colored(LIGHT_16) },
} as const;

const BAR: ReadonlyMap<Style, Style> = new Map(
  ROW_STYLES.map((style) => [
    style,
    style === "plain" ? "selected" : (`selected-${style}` as const),
  ]),
);

/** The style of a cell when its row is selected. */
export function onBar(style: Style): Style {
  return BAR.get(style) ?? style;
}
