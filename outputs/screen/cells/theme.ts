/** The look of each kind of cell. Meaning never depends on colour alone. */
import { Chalk } from "chalk";

export const STYLES = [
  "plain",
  /** Zeros, labels, tasks that ended. */
  "faint",
  "strong",
  /** Magnitudes and shares of waiting, rising. */
  "medium",
  "high",
  "extreme",
  "title",
  "sorted-title",
  "selected",
  "help",
  "help-key",
  "warning",
] as const;

export type Style = (typeof STYLES)[number];

/** Colours a run of text in one style. */
export type Paint = (style: Style, text: string) => string;

const MIB = 1024 ** 2;

/**
 * The 256 colours are of medium brightness, so that they are visible on black and on white; so are the sixteen that are
 * used. Without colours (level 0), inverse, bold and faint stay, because they are not colours.
 */
export function createPaint(level: 0 | 1 | 2 | 3): Paint {
  const ink = new Chalk({ level });
  const attribute = new Chalk({ level: level === 0 ? 1 : level });
  const tone = (wide: number, narrow: "cyan" | "magenta" | "red" | "green") =>
    level >= 2 ? ink.ansi256(wide) : ink[narrow];
  const styles: Record<Style, (text: string) => string> = {
    plain: (text) => text,
    faint: attribute.dim,
    strong: attribute.bold,
    medium: tone(31, "cyan"),
    high: tone(166, "magenta"),
    extreme: (text) => attribute.bold(tone(160, "red")(text)),
    title: attribute.inverse,
    "sorted-title": attribute.inverse.bold,
    selected: attribute.inverse,
    help: attribute.inverse,
    "help-key": attribute.inverse.underline,
    warning: (text) => attribute.bold(tone(166, "magenta")(text)),
  };
  return (style, text) => styles[style](text);
}

/** By bytes per second. */
export function rateStyle(bytesPerSecond: number | null): Style {
  return amountStyle(bytesPerSecond, MIB, 100 * MIB, 1024 * MIB);
}

/** By bytes. */
export function sumStyle(bytes: number | null): Style {
  return amountStyle(bytes, 100 * MIB, 10_240 * MIB, 1024 * 1024 * MIB);
}

/** By percent of the time spent waiting. */
export function shareStyle(percent: number | null): Style {
  return amountStyle(percent, 10, 40, 80);
}

function amountStyle(
  amount: number | null,
  medium: number,
  high: number,
  extreme: number,
): Style {
  if (amount === null || amount === 0) return "faint";
  if (amount >= extreme) return "extreme";
  if (amount >= high) return "high";
  return amount >= medium ? "medium" : "plain";
}
