/** How an output asks to be called again. */
export interface RetryOptions {
  /** How long to wait before the next try, ms; without it, 1 s, then 2, 4 and so on to 60 s. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * Thrown by `open` or `write` of an output when the same may succeed later: the sample is kept, the next ones are merged
 * into it, and the call is made again. So an outage costs resolution and no sums. Any other error ends the output.
 */
export class Retry extends Error {
  override readonly name = "Retry";
  readonly retryAfterMs: number | null;

  constructor(message: string, options: RetryOptions = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
