/** SGR, the escape sequences of styles: the shortest that lead from one style to another. */
import { STYLES, type Paint, type Style } from "./theme.ts";

export interface Sgr {
  /** What makes text of style `to` of what follows text of style `from`; "" if nothing must change. */
  change(from: Style, to: Style): string;
  /** Whether a blank in this style shows: in inverse or underlined it does, in colour it does not. */
  showsBlanks(style: Style): boolean;
}

const WEIGHT = "weight";
const UNDERLINE = "underline";
const INVERSE = "inverse";
const COLOUR = "colour";

/** What ends each attribute; bold and faint have one end in common. */
const OFF = {
  [WEIGHT]: "22",
  [UNDERLINE]: "24",
  [INVERSE]: "27",
  [COLOUR]: "39",
} as const;

type Attribute = keyof typeof OFF;
type Attributes = ReadonlyMap<Attribute, string>;

/** Reads off a paint what it does, so that styles are defined in one place. */
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
      return own.has(INVERSE) || own.has(UNDERLINE);
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
  return code === "7" ? INVERSE : COLOUR;
}

/** Either what differs, or everything anew, whichever is shorter. */
function changeBetween(from: Attributes, to: Attributes): string {
  const ends = [...from.keys()].filter(
    (attribute) =>
      !to.has(attribute) ||
      // Bold does not end faint.
      (attribute === WEIGHT && to.get(WEIGHT) !== from.get(WEIGHT)),
  );
  const begins = [...to].filter(
    ([attribute, code]) => from.get(attribute) !== code,
  );
  if (ends.length + begins.length === 0) return "";
  const codes = begins.map(([, code]) => code);
  const step = [...ends.map((attribute) => OFF[attribute]), ...codes].join(";");
  // No first number is 0: everything off.
  const anew = ["", ...to.values()].join(";");
  return `\x1b[${anew.length < step.length ? anew : step}m`;
}
