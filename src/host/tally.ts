/** The sums of a run, for the summary that closes it. */
import { addCounters, addDeltas } from "../model/delta.ts";
import type {
  HostDelta,
  Pressure,
  Sample,
  StopReason,
  Summary,
} from "../model/sample.ts";

export class Tally {
  #samples = 0;
  #durationNs = 0;
  #host: HostDelta | null = null;

  get samples(): number {
    return this.#samples;
  }

  add({ host, intervalNs }: Sample): void {
    this.#host =
      this.#host === null
        ? host
        : addHosts(this.#host, this.#durationNs, host, intervalNs);
    this.#samples++;
    this.#durationNs += intervalNs;
  }

  summarize(reason: StopReason): Summary {
    return {
      reason,
      samples: this.#samples,
      durationNs: this.#durationNs,
      host: this.#host,
    };
  }
}

function addHosts(
  a: HostDelta,
  aNs: number,
  b: HostDelta,
  bNs: number,
): HostDelta {
  return {
    ...addDeltas(a, b),
    since: b.since,
    tasks: b.tasks,
    diskReadBytes: addCounters(a.diskReadBytes, b.diskReadBytes),
    diskWriteBytes: addCounters(a.diskWriteBytes, b.diskWriteBytes),
    pressure: averagePressure(a.pressure, aNs, b.pressure, bNs),
  };
}

/** Shares of time, weighted by the time that they are shares of. */
function averagePressure(
  a: Pressure | null,
  aNs: number,
  b: Pressure | null,
  bNs: number,
): Pressure | null {
  if (a === null || b === null) return a ?? b;
  const mean = (x: number, y: number): number =>
    aNs + bNs > 0 ? (x * aNs + y * bNs) / (aNs + bNs) : y;
  return {
    someRatio: mean(a.someRatio, b.someRatio),
    fullRatio: mean(a.fullRatio, b.fullRatio),
  };
}
