/** Converts nanoseconds to whole milliseconds that add up: the remainder of a series is kept for its next turn. */
export class WholeMilliseconds {
  readonly #owedNs = new Map<string, number>();

  take(series: string, ns: number | null): number | null {
    if (ns === null) return null;
    const dueNs = (this.#owedNs.get(series) ?? 0) + ns;
    const owedNs = dueNs % 1e6;
    this.#owedNs.set(series, owedNs);
    return (dueNs - owedNs) / 1e6;
  }

  /** Forgets all other series. Their remainders go to `heir`, so that they stay in the sum. */
  retain(series: ReadonlySet<string>, heir: string): void {
    let left = this.#owedNs.get(heir) ?? 0;
    for (const [name, owedNs] of this.#owedNs) {
      if (name === heir || series.has(name)) continue;
      left += owedNs;
      this.#owedNs.delete(name);
    }
    this.#owedNs.set(heir, left);
  }
}
