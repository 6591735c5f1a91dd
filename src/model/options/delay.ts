/** The time between samples, as people write it. */
import { parseDecimal } from "../text/amounts.ts";
import type { ScreenValue } from "./screen-option.ts";
import { DEFAULT_SCREEN } from "./screen-settings.ts";

/**
 * Twenty samples a second cost a few percent of a CPU on a quiet machine; more would mostly measure iotop itself. A day
 * is well within the range of timers (24.8 days).
 */
const MIN_DELAY_S = 0.05;
const MAX_DELAY_S = 86_400;

export const MUST_BE_DELAY = `must be a number of seconds from ${MIN_DELAY_S} to ${MAX_DELAY_S}, such as 0.5`;

/** Milliseconds; null if the text is no plain decimal number of seconds, or out of range. */
export function parseDelay(text: string): number | null {
  const seconds = parseDecimal(text);
  const isInRange = seconds >= MIN_DELAY_S && seconds <= MAX_DELAY_S;
  return isInRange ? Math.round(seconds * 1000) : null;
}

export const DELAY_OPTION: ScreenValue = {
  kind: "value",
  name: "delay",
  letter: "d",
  valueHint: "SEC",
  default: String(DEFAULT_SCREEN.intervalMs / 1000),
  subject: "pace",
  about: `time between samples in seconds, ${MIN_DELAY_S} to ${MAX_DELAY_S}, such as 0.5; with --replay, merge samples until each covers this time`,
  // iotop-c reads half a second as none, and then takes all of a CPU.
  isShared: ({ intervalMs }) => intervalMs % 1000 === 0,
  set: (settings, text) => {
    const intervalMs = parseDelay(text);
    return intervalMs === null ? MUST_BE_DELAY : { ...settings, intervalMs };
  },
  line: ({ intervalMs }) =>
    intervalMs === DEFAULT_SCREEN.intervalMs
      ? null
      : `delay=${intervalMs / 1000}`,
};
