/** Which theme is used, and the style of each amount. */
import { Chalk } from "chalk";
import { SCREEN_CHOICES, type ColorLevel } from "../../../src/model/index.ts";
import {
  COLOR_THEMES,
  MONO,
  STYLES,
  type Appearance,
  type Style,
  type Theme,
} from "./theme-tables.ts";

export { STYLES, onBar, type Style } from "./theme-tables.ts";

/** "auto" follows the background of the terminal. */
export const THEMES = SCREEN_CHOICES.theme;
export type ThemeName = (typeof THEMES)[number];

export type Background = "dark" | "light";

/** Colours a run of text in one style. */
export type Paint = (style: Style, text: string) => string;

/** @param background what the terminal has, as far as it is known */
export function themeOf(
  name: ThemeName,
  background: Background | null,
  level: ColorLevel,
): Theme {
  if (level === 0 || name === "mono") return MONO;
  const { many, few } =
    COLOR_THEMES[name === "auto" ? (background ?? "dark") : name];
  return level === 1 ? few : many;
}

export function createPaint(theme: Theme): Paint {
  const inks = new Map(STYLES.map((style) => [style, inkOf(theme[style])]));
  return (style, text) => inks.get(style)!(text);
}

/** The numbers up to 15 are the sixteen colours, which terminals of any level know, in their shorter form. */
function inkOf({ ink, ground, bold, dim, underline, inverse }: Appearance) {
  const few = (ink ?? 0) < 16 && (ground ?? 0) < 16;
  let chalk = new Chalk({ level: few ? 1 : 2 });
  if (ink !== undefined) chalk = chalk.ansi256(ink);
  if (ground !== undefined) chalk = chalk.bgAnsi256(ground);
  if (bold) chalk = chalk.bold;
  if (dim) chalk = chalk.dim;
  if (underline) chalk = chalk.underline;
  if (inverse) chalk = chalk.inverse;
  return chalk;
}

const MIB = 1024 ** 2;

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
