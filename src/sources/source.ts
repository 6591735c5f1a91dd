import type { ProblemId } from "../model/health.ts";
import type { Sample } from "../model/sample.ts";

export interface Pace {
  /** Nominal time between samples, ms. */
  readonly intervalMs: number;
  /** Number of samples to deliver; null: no end. */
  readonly count: number | null;
  /** For how long to watch, ms, the last interval cut short if need be; null: no end. Nothing to a recording. */
  readonly durationMs?: number | null;
}

/** What the user should know once. */
export interface Notice {
  /** One line: what is missing and what would bring it. */
  readonly text: string;
  /** Problems of the samples that this explains: nobody needs to hear of them again. */
  readonly explains: readonly ProblemId[];
}

/** Where samples come from: the live kernel, or a recording. */
export interface Source extends Disposable {
  readonly name: "taskstats" | "procfs" | "replay";
  /** Known from the start; what comes up while samples are taken is added behind. */
  readonly notices: readonly Notice[];
  /**
   * One sample a deadline; deadlines are absolute, so that a late sample does not push back the next one. When the
   * signal aborts, the interval begun is delivered as one last, shorter sample; then the iteration ends.
   *
   * @throws SysError, NetlinkError when the kernel can no longer be asked
   */
  samples(pace: Pace, signal: AbortSignal): AsyncIterable<Sample>;
}
