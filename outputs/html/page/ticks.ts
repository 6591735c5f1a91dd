/** Where the axis of time has its labels: at round local times. */
import { formatClock, formatDay } from "./text.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => n * DAY),
];

export interface TimeTick {
  /** Unix ms. */
  readonly timeMs: number;
  /** The day is on a second line, where another one begins. */
  readonly label: string;
}

/**
 * @param most labels
 * @param offsetMs what local time is ahead of UTC
 */
export function timeTicks(
  fromMs: number,
  toMs: number,
  most: number,
  offsetMs: number,
): readonly TimeTick[] {
  const stepMs =
    STEPS_MS.find((step) => (toMs - fromMs) / step <= most) ??
    Math.ceil((toMs - fromMs) / most / DAY) * DAY;
  const ticks: TimeTick[] = [];
  let day = "";
  for (
    let localMs = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs;
    localMs <= toMs + offsetMs;
    localMs += stepMs
  ) {
    const today = formatDay(localMs);
    const clock = stepMs >= DAY ? "" : labelOf(localMs, stepMs);
    ticks.push({
      timeMs: localMs - offsetMs,
      label: today === day ? clock : `${clock}\n${today}`,
    });
    day = today;
  }
  return ticks;
}

const labelOf = (localMs: number, stepMs: number): string =>
  stepMs >= MINUTE
    ? formatClock(localMs).slice(0, "00:00".length)
    : formatClock(localMs, stepMs);
