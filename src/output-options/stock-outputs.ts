import type { OutputModule } from "../model/output.ts";

/** A stock output: its code is loaded only when it is asked for. */
export interface StockOutput {
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: OutputModule }>;
}

/** By name, in the order of the help. */
export type StockOutputs = Readonly<Record<string, StockOutput>>;
