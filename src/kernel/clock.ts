/** All time that iotop knows. A fake one drives the tests. */
export interface Clock {
  /** CLOCK_MONOTONIC less a constant: the clock of `ac_etime`. Only differences mean anything. */
  monotonicNs(): number;
  /** Unix time, ms: for labels only. */
  wallMs(): number;
}

export const systemClock: Clock = {
  monotonicNs: () => Bun.nanoseconds(),
  wallMs: () => Date.now(),
};
