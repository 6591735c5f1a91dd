/** Random short runs of samples, with the names that processes give themselves when they mean harm. */
import fc from "fast-check";
import { COUNTERS, type Counter } from "../../../src/model/counters.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { makeSample, row } from "../samples.ts";

const HOSTILE_NAMES = [
  "_other",
  " other",
  "_other/0",
  "",
  "/",
  "a.b",
  "a:b",
  "a|b",
  "x|y@z#3",
  "a\nb:1|c",
  'a\x01\x1b"\\\u{fffd}\n]',
  "käse",
  "日本語",
  "~tilde",
  "__proto__",
  "constructor",
  "\ud800",
  "\u202etxt.exe",
  "a b",
  "a_b",
  "1",
];

export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES),
  fc.string({ maxLength: 15 }),
  fc.string({ maxLength: 15, unit: "binary" }),
);

const counter = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 2 ** 40 }) },
);

const COUNTER_ARBITRARIES = Object.fromEntries(
  COUNTERS.map((name) => [name, counter]),
) as Record<Counter, typeof counter>;

/** Few tids and few names, so that threads share processes and groups come back. */
const rowsArbitrary = (names: readonly string[]) => {
  const name = fc.constantFrom(...names);
  const fields = fc.record({
    tid: fc.integer({ min: 1, max: 40 }),
    comm: name,
    user: name,
    cgroup: fc.oneof(fc.constant(null), name),
    isKernelThread: fc.boolean(),
    ...COUNTER_ARBITRARIES,
    exit: fc.constantFrom(null, { code: 0, signal: 9 }),
  });
  const active = fields.map((chosen) =>
    row({ ...chosen, pid: Math.max(1, chosen.tid - (chosen.tid % 3)) }),
  );
  const idle = fc.integer({ min: 41, max: 50 }).map((tid) => row({ tid }));
  return fc.uniqueArray(
    fc.oneof({ weight: 4, arbitrary: active }, { weight: 1, arbitrary: idle }),
    { selector: ({ task }) => task.tid, maxLength: 15 },
  );
};

/** Up to eight samples of up to fifteen threads. Totals are the sums of the rows. */
export const samplesArbitrary: fc.Arbitrary<Sample[]> = fc
  .array(hostileName, { minLength: 1, maxLength: 8 })
  .chain((names) => fc.array(rowsArbitrary(names), { maxLength: 8 }))
  .map((runs) =>
    runs.map((threads, index) => makeSample({ seq: index + 1, threads })),
  );
