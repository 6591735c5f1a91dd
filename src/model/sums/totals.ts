/** The figures in the lines above a table. */
import { perSecond } from "../delta.ts";
import { sumsModeOf } from "./sums.ts";
import { restlessRows } from "../view/activity.ts";
import type { Sample, Unknown } from "../sample.ts";
import type { View } from "../view/view.ts";

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

/** They are asked for in every frame. */
const known = new WeakMap<Sample, Totals>();

/** Rates of all tasks together, and of the block layer. Those of the tasks are the sums of what their rows say. */
export function totalsOf(sample: Sample): Totals {
  let totals = known.get(sample);
  if (totals === undefined) {
    totals = makeTotals(sample);
    known.set(sample, totals);
  }
  return totals;
}

function makeTotals(sample: Sample): Totals {
  const { host, intervalNs, health } = sample;
  return {
    readRate: sumOfRates(sample, "readBytes"),
    writeRate: sumOfRates(sample, "writeBytes"),
    isLowerBound: health.denied !== 0,
    diskReadRate: perSecond(host.diskReadBytes, intervalNs),
    diskWriteRate: perSecond(host.diskWriteBytes, intervalNs),
  };
}

/**
 * Each task is read at a moment of its own, on a busy machine some ten ms from the others: so each row covers a time of
 * its own, and the sum over the interval would be another one than that of the rows.
 */
function sumOfRates(
  { host, threads, intervalNs }: Sample,
  counter: "readBytes" | "writeBytes",
): number | Unknown {
  const total = host[counter];
  if (total === null) return null;
  let listed = 0;
  let rate = 0;
  for (const row of restlessRows(threads)) {
    const moved = row[counter];
    if (!moved) continue;
    listed += moved;
    rate += perSecond(moved, row.elapsedNs)!;
  }
  // A recording need not list all.
  return rate + perSecond(Math.max(0, total - listed), intervalNs)!;
}

/** The totals of all tasks, as the rows below them are. */
export interface ShownTotals {
  readonly read: number | Unknown;
  readonly write: number | Unknown;
  /** Bytes per second, not bytes. */
  readonly areRates: boolean;
}

/**
 * Rates in the interval, or sums or means since watching began. Of whole lives there is no total, as they are longer
 * than the watch: then they are rates.
 *
 * @param watchedNs time since watching began
 */
export function shownTotals(
  sample: Sample,
  view: View,
  watchedNs: number,
): ShownTotals {
  const { readBytes, writeBytes } = sample.host.since;
  switch (sumsModeOf(view)) {
    case "sums":
      return { read: readBytes, write: writeBytes, areRates: false };
    case "means":
      return {
        read: perSecond(readBytes, watchedNs),
        write: perSecond(writeBytes, watchedNs),
        areRates: true,
      };
  }
  const { readRate, writeRate } = totalsOf(sample);
  return { read: readRate, write: writeRate, areRates: true };
}
