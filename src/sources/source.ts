/** What all sources of samples have in common. */
import type { CgroupControl, FileControl } from "../model/controls.ts";
import type { ProblemId } from "../model/health.ts";
import type { Sample } from "../model/sample.ts";
import type { ReplayPlayer } from "./replay/replay-player.ts";
import type { AdjustablePace } from "./adjustable-pace.ts";

export interface Pace {
  /** Nominal time between samples, ms. */
  readonly intervalMs: number;
  /** Number of samples to deliver; null: no end. */
  readonly count: number | null;
  /** How long to watch, ms; the last interval is cut short if need be. Null: no end. Recordings ignore it. */
  readonly durationMs?: number | null;
  /** If it is shorter than the interval, the first one takes this long, ms. Recordings ignore it. */
  readonly firstIntervalMs?: number;
  /** Changes the pace while samples are taken. Recordings ignore it. */
  readonly control?: AdjustablePace | null;
}

/** What the user should know once. */
export interface Notice {
  /** One line: what is missing, and what would provide it. */
  readonly text: string;
  /** Problems of the samples that this explains: they need no further report. */
  readonly explains: readonly ProblemId[];
}

/** Where samples come from: the live kernel, or a recording. */
export interface Source extends Disposable {
  readonly name: "taskstats" | "procfs" | "replay";
  /** Known from the start; notices that come up during sampling are appended. */
  readonly notices: readonly Notice[];
  /** Adds files to the samples; absent where there are none to be had, or nobody could ask for them. */
  readonly files?: FileControl | undefined;
  /** The same of what the kernel counts for cgroups. */
  readonly cgroups?: CgroupControl | undefined;
  /** Of a recording, how it is played. */
  readonly player?: ReplayPlayer;
  /**
   * One sample for each deadline. Deadlines are absolute, so that a late sample does not delay the next one. When the
   * signal aborts, the current interval is delivered as one last, shorter sample; then the iteration ends.
   *
   * @throws SysError, NetlinkError when the kernel can no longer be asked
   */
  samples(pace: Pace, signal: AbortSignal): AsyncIterable<Sample>;
}
