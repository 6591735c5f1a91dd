/** SGR, the escape sequences for styles: the shortest that lead from one style to another. */
import { STYLES, type Paint, type Style } from "./theme.ts";

export interface Sgr {
  /** The sequence that switches from style `from` to style `to`; "" if nothing must change. */
  change(from: Style, to: Style): string;
  /** Whether a blank in this style is visible: inverse, underlined or on a ground of its own it is, in colour it is not. */
  showsBlanks(style: Style): boolean;
}

const WEIGHT = "weight";
const UNDERLINE = "underline";
const INVERSE = "inverse";
const COLOUR = "colour";
const GROUND = "ground";

/** The code that ends each attribute; bold and faint share one. */
const OFF = {
  [WEIGHT]: "22",
  [UNDERLINE]: "24",
  [INVERSE]: "27",
  [COLOUR]: "39",
  [GROUND]: "49",
} as const;

type Attribute = keyof typeof OFF;
type Attributes = ReadonlyMap<Attribute, string>;

/** Derives the sequences from a paint, so that styles are defined in one place. */
export function createSgr(paint: Paint): Sgr {
  const attributes = new Map(
    STYLES.map((style) => [style, attributesOf(paint, style)]),
  );
  const changes = new Map(
    STYLES.map((from) => [
      from,
      new Map(
        STYLES.map((to) => [
          to,
          changeBetween(attributes.get(from)!, attributes.get(to)!),
        ]),
      ),
    ]),
  );
  const showing = new Set(
    STYLES.filter((style) => {
      const own = attributes.get(style)!;
      return own.has(INVERSE) || own.has(UNDERLINE) || own.has(GROUND);
    }),
  );
  return {
    change: (from, to) => changes.get(from)!.get(to)!,
    showsBlanks: (style) => showing.has(style),
  };
}

function attributesOf(paint: Paint, style: Style): Attributes {
  const [before = ""] = paint(style, "\0").split("\0");
  const codes = [...before.matchAll(/\x1b\[([\d;]+)m/g)].map(
    ([, code]) => code!,
  );
  return new Map(codes.map((code) => [attributeOf(code), code]));
}

function attributeOf(code: string): Attribute {
  if (code === "1" || code === "2") return WEIGHT;
  if (code === "4") return UNDERLINE;
  if (code === "7") return INVERSE;
  return /^(?:4|10)/.test(code) ? GROUND : COLOUR;
}

/** Sets either the differences or everything anew, whichever is shorter. */
function changeBetween(from: Attributes, to: Attributes): string {
  const ends = [...from.keys()].filter(
    (attribute) =>
      !to.has(attribute) ||
      // Setting bold does not end faint.
      (attribute === WEIGHT && to.get(WEIGHT) !== from.get(WEIGHT)),
  );
  const begins = [...to].filter(
    ([attribute, code]) => from.get(attribute) !== code,
  );
  if (ends.length + begins.length === 0) return "";
  const codes = begins.map(([, code]) => code);
  const step = [...ends.map((attribute) => OFF[attribute]), ...codes].join(";");
  // An omitted parameter means 0, reset.
  const anew = ["", ...to.values()].join(";");
  return `\x1b[${anew.length < step.length ? anew : step}m`;
}
