/** Times of bins, in local time. */
import type { PageData } from "./data.ts";
import { offsetMsAt, type Recording } from "./recording.ts";
import { formatClock, formatDate } from "./text.ts";

export interface Times {
  /** "02:13:20". @param stepMs how exact it has to be */
  clock(timeMs: number, stepMs?: number): string;
  /** "24 Nov 2026". */
  date(timeMs: number): string;
  /** "02:13:16 – 02:13:20". */
  bin(at: number): string;
}

export function timesOf(
  { utc_offsets }: PageData,
  { beginMs, endMs }: Recording,
): Times {
  const local = (timeMs: number) => timeMs + offsetMsAt(utc_offsets, timeMs);
  const clock = (timeMs: number, stepMs?: number) =>
    formatClock(local(timeMs), stepMs);
  return {
    clock,
    date: (timeMs) => formatDate(local(timeMs)),
    bin(at) {
      const [from, to] = [beginMs[at]!, endMs[at]!];
      return `${clock(from, to - from)} – ${clock(to, to - from)}`;
    },
  };
}
