import { expect, test } from "bun:test";
import { stallOf } from "../../../outputs/prometheus/stall.ts";

test.each([
  // Short intervals: a busy machine is late.
  [3_000, 100, 1e8, null],
  [3_001, 100, 1e8, "no sample for 3.0 s"],
  [30_000, 10_000, 10e9, null],
  [30_001, 10_000, 10e9, "no sample for 30.0 s"],
  // Keys of the screen make the interval longer.
  [90_000, 10_000, 30e9, null],
  // A recording may stand still.
  [1e9, null, 1e9, null],
] as const)(
  "%d ms after a sample, at one in %p ms, the last of %d ns: %p",
  (quietMs, nominalMs, lastNs, reason) =>
    expect(stallOf(quietMs, nominalMs, lastNs)).toBe(reason),
);
