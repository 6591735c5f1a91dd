/** Keeps the address of a host name up to date while metrics are sent to it. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

export interface Address {
  readonly address: string;
  readonly family: number;
}

export type Resolve = (host: string) => Promise<Address>;

/** IPv4 first: statsd servers listen on 0.0.0.0 by default, so `localhost` must not become ::1. */
export const resolveBySystem: Resolve = (host) =>
  lookup(host, { order: "ipv4first" });

/** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface AddressWatch {
  readonly host: string;
  readonly resolve: Resolve;
  readonly sleep: Sleep;
  /** Time between two look-ups once the address is known. */
  readonly renewMs: number;
  /** Time between two look-ups until then. */
  readonly retryMs: number;
  /** Takes the first address, and each changed one. If it throws, the try has failed. */
  use(address: Address): Promise<void>;
  /** There is no address yet. Once there is one, failures are ignored: the last address is still used. */
  fail(error: unknown): void;
}

/** Resolves when the signal aborts, or when a literal address is in use. Never rejects. */
export async function watchAddress(
  watch: AddressWatch,
  signal: AbortSignal,
): Promise<void> {
  const literal = isIP(watch.host);
  let current: string | undefined;
  while (!signal.aborted) {
    try {
      const found =
        literal === 0
          ? await watch.resolve(watch.host)
          : { address: watch.host, family: literal };
      if (signal.aborted) return;
      if (found.address !== current) await watch.use(found);
      current = found.address;
      if (literal !== 0) return;
    } catch (error) {
      if (signal.aborted) return;
      if (current === undefined) watch.fail(error);
    }
    const waitMs = current === undefined ? watch.retryMs : watch.renewMs;
    await watch.sleep(waitMs, signal);
  }
}
