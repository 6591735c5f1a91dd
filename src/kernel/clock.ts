/** The only source of time in iotop. Tests use a fake one. */
export interface Clock {
  /**
   * CLOCK_MONOTONIC less a constant: the clock of `ac_etime`. Only differences mean anything. It stands still while the
   * machine is suspended.
   */
  monotonicNs(): number;
  /** Unix time, ms: for labels only. */
  wallMs(): number;
}

/** A clock that can also wait. */
export interface AlarmClock extends Clock {
  /** Resolves after `ms` of monotonic time (24 days at most), or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: AlarmClock = {
  monotonicNs: () => Bun.nanoseconds(),
  wallMs: () => Date.now(),
  sleep(ms, signal) {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  },
};

/** Resolves to whether the work finished within `ms`. Rejects if the work does. */
export async function settlesWithin(
  work: Promise<unknown>,
  ms: number,
  clock: AlarmClock,
): Promise<boolean> {
  const settled = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      clock.sleep(ms, settled.signal).then(() => false),
    ]);
  } finally {
    settled.abort();
  }
}

/** Waits for the work, or until the signal aborts. */
export async function until(
  signal: AbortSignal,
  work: Promise<unknown>,
): Promise<void> {
  if (signal.aborted) return;
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  signal.addEventListener("abort", onAbort);
  await Promise.race([work, aborted]);
  signal.removeEventListener("abort", onAbort);
}
