/** What was watched, and for how long: a recording may hold several machines, and several boots of one. */
import {
  addCounters,
  mergeHealth,
  type Health,
  type Origin,
  type Sample,
  type Unknown,
} from "../../src/model/index.ts";

/** One boot of one machine. */
export interface Boot {
  readonly host: string;
  readonly bootId: string | null;
  /** Sum of the intervals, ns. */
  readonly durationNs: number;
}

/** The same for all samples of one boot of one machine. Keys of tasks are unique within it. */
export const bootKeyOf = ({ hostname, bootId }: Origin): string =>
  JSON.stringify([hostname, bootId]);

/** How much of the time waits were counted. */
export type WaitsCounted = "always" | "sometimes" | "never";

export class Watched {
  readonly #boots = new Map<string, Boot>();
  #beginMs = Infinity;
  #endMs = -Infinity;
  #samples = 0;
  #origin: Origin | null = null;
  #health: Health | null = null;
  /** Samples with delay accounting. */
  #waited = 0;
  #diskReadBytes: number | Unknown = null;
  #diskWriteBytes: number | Unknown = null;

  add({ origin, host, health, timeMs, intervalNs }: Sample): void {
    this.#samples++;
    this.#origin = origin;
    this.#health =
      this.#health === null ? health : mergeHealth(this.#health, health);
    if (origin.delayAccounting) this.#waited++;
    this.#diskReadBytes = addCounters(this.#diskReadBytes, host.diskReadBytes);
    this.#diskWriteBytes = addCounters(
      this.#diskWriteBytes,
      host.diskWriteBytes,
    );
    const key = bootKeyOf(origin);
    const before = this.#boots.get(key)?.durationNs ?? 0;
    this.#boots.set(key, {
      host: origin.hostname,
      bootId: origin.bootId,
      durationNs: before + intervalNs,
    });
    this.#beginMs = Math.min(this.#beginMs, timeMs - intervalNs / 1e6);
    this.#endMs = Math.max(this.#endMs, timeMs);
  }

  /** In the order of their first samples. */
  get boots(): readonly Boot[] {
    return [...this.#boots.values()];
  }

  /** Begin of the earliest interval and end of the latest, Unix ms; null before the first sample. */
  get span(): { readonly beginMs: number; readonly endMs: number } | null {
    return this.#boots.size === 0
      ? null
      : { beginMs: this.#beginMs, endMs: this.#endMs };
  }

  get samples(): number {
    return this.#samples;
  }
  /** Of the newest sample; null before the first, as is `health`. */
  get origin(): Origin | null {
    return this.#origin;
  }
  get health(): Health | null {
    return this.#health;
  }
  get waitsCounted(): WaitsCounted {
    if (this.#waited === this.#samples) return "always";
    return this.#waited === 0 ? "never" : "sometimes";
  }
  /** What the block layer of all machines moved, bytes. */
  get diskReadBytes(): number | Unknown {
    return this.#diskReadBytes;
  }
  get diskWriteBytes(): number | Unknown {
    return this.#diskWriteBytes;
  }
}

/** Machines with how long each was watched, over all its boots, ns. */
export function durationsOf(
  boots: readonly Boot[],
): ReadonlyMap<string, number> {
  const hosts = new Map<string, number>();
  for (const { host, durationNs } of boots)
    hosts.set(host, (hosts.get(host) ?? 0) + durationNs);
  return hosts;
}

/** Machines are watched at the same time, and boots of one machine one after the other. */
export const longestNs = (boots: readonly Boot[]): number =>
  Math.max(0, ...durationsOf(boots).values());
