/** Metrics of which it is not known yet whether they can be sent. */
import type { Metric } from "./lines.ts";

export type Draft = Omit<Metric, "value"> & { readonly value: number | null };

export const counter = (
  scope: Metric["scope"],
  field: string,
  value: number | null,
  of: Metric["of"] = null,
): Draft => ({ scope, field, of, type: "c", value });

export const gauge = (
  scope: Metric["scope"],
  field: string,
  value: number | null,
): Draft => ({ scope, field, of: null, type: "g", value });

/**
 * Keeps what can be sent. Besides unknown values this removes those that a damaged recording may hold: a negative
 * number would be taken as a change of the last one, servers cut fractions off counters, and 1e308 is not a possible
 * state.
 */
export const knownOf = (drafts: readonly Draft[]): Metric[] =>
  drafts.filter(
    (draft): draft is Metric =>
      draft.value !== null &&
      draft.value >= 0 &&
      (draft.type === "g"
        ? draft.value <= Number.MAX_SAFE_INTEGER
        : Number.isSafeInteger(draft.value)),
  );
