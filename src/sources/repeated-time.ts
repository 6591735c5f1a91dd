/** Finds samples of a time that another recording of the same machine has given already: each byte counts once. */
import type { Sample } from "../model/sample.ts";

interface Taken {
  readonly from: object;
  /** Since boot, seconds: no clock is set back. */
  readonly beginS: number;
  readonly endS: number;
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
  repeats({ origin, uptimeS, intervalNs }: Sample, from: object): boolean {
    const machine = JSON.stringify([origin.hostname, origin.bootId]);
    const taken = { from, beginS: uptimeS - intervalNs / 1e9, endS: uptimeS };
    const newest = this.#newest.get(machine);
    const isSame = newest?.last.from === from;
    const other = (isSame ? newest.other : newest?.last) ?? null;
    if (other !== null && overlaps(other, taken)) return true;
    this.#newest.set(machine, { last: taken, other });
    return false;
  }
}

/** Clocks are read at moments that differ a little, so neighbours may touch. */
function overlaps(a: Taken, b: Taken): boolean {
  const shorterS = Math.min(a.endS - a.beginS, b.endS - b.beginS);
  const sharedS = Math.min(a.endS, b.endS) - Math.max(a.beginS, b.beginS);
  return sharedS > 0 && sharedS > shorterS / 2;
}
