/** Finds samples of a time that another recording of the same machine has given already: each byte counts once. */
import type { Sample } from "../../model/sample.ts";

interface Taken {
  readonly from: object;
  readonly lengthMs: number;
  /** By the clock, Unix ms. */
  readonly endMs: number;
  /** Since boot, ms. */
  readonly uptimeMs: number;
}

/** The newest samples of a machine: the last one, and the last one from another recording than that. */
interface Newest {
  readonly last: Taken;
  readonly other: Taken | null;
}

export class RepeatedTime {
  /** By machine and boot. */
  readonly #newest = new Map<string, Newest>();

  /**
   * Whether another recording has had most of the sample's time. The samples come in the order of their times.
   *
   * @param from the recording that it is from; one recording never repeats itself
   */
  repeats(
    { origin, timeMs, uptimeS, intervalNs }: Sample,
    from: object,
  ): boolean {
    const machine = JSON.stringify([origin.hostname, origin.bootId]);
    const lengthMs = intervalNs / 1e6;
    const uptimeMs = uptimeS * 1000;
    const taken = { from, lengthMs, endMs: timeMs, uptimeMs };
    const newest = this.#newest.get(machine);
    const isSame = newest?.last.from === from;
    const other = (isSame ? newest.other : newest?.last) ?? null;
    if (other !== null && overlaps(other, taken)) return true;
    this.#newest.set(machine, { last: taken, other });
    return false;
  }
}

/** By both clocks: one may be set back, and a machine may be put back to what it was. */
function overlaps(a: Taken, b: Taken): boolean {
  return (
    overlap(a.endMs, a.lengthMs, b.endMs, b.lengthMs) &&
    overlap(a.uptimeMs, a.lengthMs, b.uptimeMs, b.lengthMs)
  );
}

/** Whether intervals share most of the shorter one: clocks are read at moments that differ a little. */
function overlap(
  endA: number,
  lengthA: number,
  endB: number,
  lengthB: number,
): boolean {
  const shared =
    Math.min(endA, endB) - Math.max(endA - lengthA, endB - lengthB);
  return shared > 0 && shared > Math.min(lengthA, lengthB) / 2;
}
