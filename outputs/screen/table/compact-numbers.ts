/** Numbers for narrow windows, at most five cells. */
import { SIZE_UNITS } from "../../../src/model/index.ts";

export const COMPACT_CELLS = 5;

/** "0", "512B", "20.1M", "2047K": a unit is used from twice its size on, as in the wide form. */
export function compactBytes(bytes: number | null): string {
  if (bytes === null) return "?";
  if (bytes === 0) return "0";
  let amount = bytes;
  let unit = 0;
  while (Math.round(amount) >= 2048 && unit < SIZE_UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  const digits = unit === 0 || amount >= 99.95 ? 0 : 1;
  return `${amount.toFixed(digits)}${SIZE_UNITS[unit]}`;
}

/** "0", "7.5%", "12%", at most "100%". */
export function compactPercent(percent: number | null): string {
  if (percent === null) return "?";
  if (percent === 0) return "0";
  return `${Math.min(percent, 100).toFixed(percent >= 9.95 ? 0 : 1)}%`;
}
