import type { Figures } from "./tables.ts";

export interface BenchOptions {
  /** How often everything is started anew; null: as the scenario thinks fit. */
  readonly rounds: number | null;
  /** Refreshes to measure in each process. */
  readonly refreshes: number;
  /** Names of the programs to compare; null: all. */
  readonly programs: readonly string[] | null;
  /** Another build of iotop to compare the screen with; null: none. */
  readonly against: string | null;
  /** How long to watch; null: as the scenario thinks fit. */
  readonly seconds: number | null;
  /** Threads to sleep beside it. */
  readonly threads: number;
  /** Lets go of everything that was started. */
  readonly signal: AbortSignal;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Runs when nothing else was asked for: it takes less than some minutes. */
  readonly isDefault: boolean;
  /** Tables as soon as there is one. */
  measure(options: BenchOptions): AsyncIterable<Figures>;
}
