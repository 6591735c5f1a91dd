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
        forget();
        resolve();
      };
      const timer = setTimeout(done, ms);
      const forget = whenAborted(signal, done);
    });
  },
};

/** What is to be called when a signal aborts. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `run` when the signal aborts, unless the returned function was called before. It must not have aborted yet.
 * To add a listener to a signal and to remove it costs as much as a sleep: each signal gets one, for all who wait for it.
 */
export function whenAborted(signal: AbortSignal, run: () => void): () => void {
  let all = waiting.get(signal);
  if (all === undefined) {
    const added = new Set<() => void>();
    signal.addEventListener("abort", () => {
      for (const each of added) each();
    });
    waiting.set(signal, (all = added));
  }
  all.add(run);
  return () => void all.delete(run);
}

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
  const forget = whenAborted(signal, resolve);
  try {
    await Promise.race([work, aborted]);
  } finally {
    forget();
  }
}
