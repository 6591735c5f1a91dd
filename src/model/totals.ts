/** The figures in the lines above a table. */
import { perSecond } from "./delta.ts";
import type { Sample, Unknown } from "./sample.ts";

/**
 * Rates in the interval, bytes per second, of the whole machine, whatever is listed. Cancelled writes are included, so
 * that sums never shrink.
 */
export interface Totals {
  /** Rates of all tasks, ended ones included; unknown if nothing was seen to move and some could not be read. */
  readonly readRate: number | Unknown;
  readonly writeRate: number | Unknown;
  /** Some tasks could not be read: the rates above, and the sums since watching began, are at least so high. */
  readonly isLowerBound: boolean;
  /** Rates of the block layer. */
  readonly diskReadRate: number | Unknown;
  readonly diskWriteRate: number | Unknown;
}

/** Rates of all tasks together, and of the block layer. */
export function totalsOf({ host, intervalNs, health }: Sample): Totals {
  return {
    readRate: perSecond(host.readBytes, intervalNs),
    writeRate: perSecond(host.writeBytes, intervalNs),
    isLowerBound: health.denied !== 0,
    diskReadRate: perSecond(host.diskReadBytes, intervalNs),
    diskWriteRate: perSecond(host.diskWriteBytes, intervalNs),
  };
}
