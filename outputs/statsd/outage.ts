/**
 * Decides what to report about an unreachable server: each reason once, and once that the outage is over. Time is that
 * of the samples, so that it passes the same way in a replay.
 */
export class Outage {
  /** Hosts and routers limit the rate of refusals, so one quiet sample proves nothing. */
  static readonly CALM_NS = 3e9;

  readonly #place: string;
  readonly #reasons = new Set<string>();
  #lost = 0;
  #calmNs = 0;

  /** @param place the name of the server in messages */
  constructor(place: string) {
    this.#place = place;
  }

  get active(): boolean {
    return this.#reasons.size > 0;
  }

  /** A send has failed. Returns the line to show, null if the same kind was shown before. */
  fail(reason: string): string | null {
    this.#calmNs = 0;
    if (this.#reasons.has(reason)) return null;
    this.#reasons.add(reason);
    return `${this.#place}: ${reason}; metrics are lost until this is over`;
  }

  lose(datagrams: number): void {
    this.#lost += datagrams;
  }

  /** In this interval nothing that was sent raised an error. Returns the line to show once the outage is over. */
  calm(intervalNs: number): string | null {
    if (!this.active) return null;
    this.#calmNs += intervalNs;
    if (this.#calmNs < Outage.CALM_NS) return null;
    const line = `${this.#place} is reachable; ${this.#toll()}`;
    this.#reasons.clear();
    this.#lost = 0;
    this.#calmNs = 0;
    return line;
  }

  /** The run ends. Returns the line to show if there are losses that were not reported yet. */
  end(): string | null {
    return this.#lost === 0 ? null : `${this.#place}: ${this.#toll()}`;
  }

  #toll(): string {
    return this.#lost === 1
      ? "at least 1 datagram was lost"
      : `at least ${this.#lost} datagrams were lost`;
  }
}
