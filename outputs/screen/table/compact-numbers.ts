/** Numbers of three digits and a letter, in at most five cells. */
import { SIZE_UNITS, UNKNOWN, type View } from "../../../src/model/index.ts";

export const COMPACT_CELLS = 5;
/** "123456789K": with -k, numbers have the digits that they need. */
export const KILOBYTE_CELLS = 10;

export type SizeUnits = Pick<View, "kilobytes" | "si">;

const BINARY: SizeUnits = { kilobytes: false, si: false };

/** "0", "512B", "0.98K", "20.1M", "412K", "?". */
export function compactBytes(
  bytes: number | null,
  { kilobytes, si }: SizeUnits = BINARY,
): string {
  if (bytes === null) return UNKNOWN;
  const base = si ? 1000 : 1024;
  if (kilobytes) return bytes === 0 ? "0" : `${Math.ceil(bytes / base)}K`;
  return withUnit(bytes, base, SIZE_UNITS);
}

/** "40M", "2.5M", "1.25G": a round size has the digits that it needs. */
export function compactScale(bytes: number, units: SizeUnits): string {
  const text = compactBytes(bytes, { ...units, kilobytes: false });
  return text.replace(/\.?0+(?=[A-Z]$)/, (zeros) =>
    zeros.startsWith(".") || text.includes(".") ? "" : zeros,
  );
}

const COUNT_UNITS = ["", "k", "M", "G", "T", "P"] as const;

/** "0", "82", "1.12k": a number of things. */
export function compactCount(count: number | null): string {
  return count === null ? UNKNOWN : withUnit(count, 1000, COUNT_UNITS);
}

/** The next unit is used before an amount would have four digits. */
function withUnit(
  amount: number,
  base: number,
  units: readonly string[],
): string {
  if (amount <= 0) return "0";
  let left = amount;
  let unit = 0;
  while (left >= 999.5 && unit < units.length - 1) {
    left /= base;
    unit++;
  }
  if (unit === 0) return `${Math.max(1, Math.round(left))}${units[0]}`;
  const decimals = left < 9.995 ? 2 : left < 99.95 ? 1 : 0;
  return `${left.toFixed(decimals)}${units[unit]}`;
}

/** "0", "0.3%", "7%", "139%", "4.0k%": not capped, because it is a sum over threads. */
export function compactPercent(percent: number | null): string {
  if (percent === null) return UNKNOWN;
  if (percent <= 0) return "0";
  if (percent < 0.95) return `${Math.max(0.1, percent).toFixed(1)}%`;
  if (percent < 999.5) return `${Math.round(percent)}%`;
  const thousands = Math.min(999, percent / 1000);
  return `${thousands.toFixed(thousands < 9.95 ? 1 : 0)}k%`;
}

/** "0.4s", "12s", "3m", "5h", "2d": a time that goes on. */
export function compactTime(ns: number): string {
  const s = ns / 1e9;
  if (s < 0.95) return `${Math.max(0.1, s).toFixed(1)}s`;
  if (s < 99.5) return `${Math.round(s)}s`;
  if (s < 99.5 * 60) return `${Math.round(s / 60)}m`;
  if (s < 99.5 * 3600) return `${Math.round(s / 3600)}h`;
  return `${Math.round(s / 86_400)}d`;
}
