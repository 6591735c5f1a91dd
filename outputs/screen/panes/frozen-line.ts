/** What stands in the place of the hints while the screen is frozen: which sample it is, and how to step. */
import type { Format, Sample } from "../../../src/model/index.ts";
import type { PromptLine } from "../input/prompts/prompt-kind.ts";

/** Where the sample on the screen is among those that are kept. */
export interface Place {
  /** How many samples before the newest one. */
  readonly back: number;
  /** How long before it, ns. */
  readonly agoNs: number;
  /** How many are kept. */
  readonly kept: number;
  /** When the oldest of them began, Unix ms. */
  readonly oldestMs: number;
}

export function frozenLine(
  { back, agoNs, kept }: Place,
  { timeMs }: Pick<Sample, "timeMs">,
  format: Pick<Format, "clock">,
  isRecorded: boolean,
): PromptLine {
  const when = back === 0 ? "frozen" : `frozen ${howLongAgo(agoNs)} ago`;
  const which = `${kept - back} of ${kept} kept`;
  return {
    left: [{ text: `${when}, ${format.clock(timeMs)}, ${which}` }],
    right: [
      { text: "[ ] step" },
      { text: "{ } ten" },
      ...(isRecorded ? [{ text: "t time" }, { text: "w busiest" }] : []),
      { text: "space resume" },
    ],
  };
}

/** "0.4 s", "14 s", "3 min 20 s". */
function howLongAgo(ns: number): string {
  const s = ns / 1e9;
  const tenths = Math.round(s * 10);
  if (tenths < 100 && tenths % 10 !== 0) return `${s.toFixed(1)} s`;
  const whole = Math.round(s);
  if (whole < 100) return `${whole} s`;
  const rest = whole % 60;
  const minutes = `${Math.floor(whole / 60)} min`;
  return rest === 0 ? minutes : `${minutes} ${rest} s`;
}
