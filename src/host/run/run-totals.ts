/** The sums of a run, for its final summary. */
import { mergeHosts } from "../../model/merge/merge.ts";
import type {
  HostDelta,
  Sample,
  StopReason,
  Summary,
} from "../../model/sample.ts";

export class RunTotals {
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
        : mergeHosts(this.#host, this.#durationNs, host, intervalNs);
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
