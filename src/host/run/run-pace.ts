/** The pace of a run: as asked for, and who may change it. */
import { AdjustablePace } from "../../sources/adjustable-pace.ts";
import type { Pace, Source } from "../../sources/source.ts";
import type { ResolvedOutput } from "../outputs/resolve-outputs.ts";

/** With the start of the program, which takes a tenth of a second, the first figures are there within 0.3 s. */
const FIRST_INTERVAL_MS = 150;

/** `control` is null with a recording, whose pace is its own. */
export interface RunPace extends Pace {
  readonly control: AdjustablePace | null;
}

/** A screen that is alone has its first figures soon. What is counted or kept has the intervals that were asked for. */
export function paceOf(
  { intervalMs, count, durationMs = null }: Pace,
  source: Source,
  outputs: readonly ResolvedOutput[],
): RunPace {
  const isScreenAlone = outputs.every(({ owns }) => owns === "terminal");
  const isFree = isScreenAlone && count === null && durationMs === null;
  return {
    ...{ intervalMs, count, durationMs },
    ...(isFree && { firstIntervalMs: FIRST_INTERVAL_MS }),
    control: source.name === "replay" ? null : new AdjustablePace(intervalMs),
  };
}
