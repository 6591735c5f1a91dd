/** Random histories of a fake Linux. */
import fc from "fast-check";
import {
  FAKE_COUNTERS,
  type FakeCounters,
  type Halt,
} from "./fake-linux-tasks.ts";
import { FIRST_AGAIN } from "./fake-pids.ts";
import { PID_MAX, type History, type Op, type ShortLife } from "./history.ts";

/** Anybody, or one of the three newest, so that what happens often happens to the same ones. */
const on = fc.oneof(fc.nat(20), fc.integer({ min: -3, max: -1 }));
const amount = fc.oneof(fc.nat(5000), fc.constant(262_144));
const did: fc.Arbitrary<Partial<FakeCounters>> = fc.record(
  Object.fromEntries(FAKE_COUNTERS.map((name) => [name, amount])),
  { requiredKeys: [] },
);
const seldom = fc.nat(3).map((n) => n === 3);
const halt: fc.Arbitrary<Halt> = fc.oneof(
  { weight: 4, arbitrary: fc.constant("nowhere" as const) },
  fc.constantFrom(
    "before its message is sent" as const,
    "with its memory" as const,
    "with its files" as const,
  ),
);
const birth = fc.oneof(
  { weight: 6, arbitrary: fc.constant("in turn" as const) },
  fc.constantFrom("out of turn" as const, "held up" as const),
);
const op = <T extends string>(name: T) => fc.constant(name);

const shortLife: fc.Arbitrary<ShortLife> = fc.record({
  as: fc.constantFrom("process", "process", "thread", "pool"),
  us: fc.oneof(fc.nat(20), fc.nat(3000)),
  did,
});

/** Whatever a task may do. */
const acts = {
  fork: fc.record({ op: op("fork"), on, again: fc.boolean(), birth }),
  clone: fc.record({ op: op("clone"), on, again: fc.boolean(), birth }),
  io: fc.record({ op: op("io"), on, did, unaccounted: seldom }),
  exit: fc.record({ op: op("exit"), on, halt }),
  kill: fc.record({
    op: op("kill"),
    on,
    mainFirst: fc.boolean(),
    reaped: fc.boolean(),
  }),
  reap: fc.record({ op: op("reap"), on }),
  leave: fc.record({ op: op("leave"), on }),
  exec: fc.record({ op: op("exec"), on }),
  late: fc.record({ op: op("late"), on, did }),
  flood: fc.record({
    op: op("flood"),
    on,
    lives: fc.array(shortLife, { minLength: 1, maxLength: 6 }),
    stays: fc.boolean(),
  }),
} satisfies Record<string, fc.Arbitrary<Op>>;

type Weights = Readonly<Record<keyof typeof acts, number>>;

/** A machine on which a bit of everything happens. */
const MIXED: Weights = {
  fork: 4,
  clone: 4,
  io: 10,
  exit: 4,
  kill: 4,
  reap: 3,
  leave: 1,
  exec: 3,
  late: 1,
  flood: 2,
};
/** Few processes, with threads that end and call execve. */
const THREADS: Weights = {
  fork: 1,
  clone: 8,
  io: 10,
  exit: 4,
  kill: 1,
  reap: 1,
  leave: 1,
  exec: 6,
  late: 0,
  flood: 0,
};

const actOf = (weights: Weights): fc.Arbitrary<Op> =>
  fc.oneof(
    ...Object.entries(acts).map(([name, arbitrary]) => ({
      weight: weights[name as keyof Weights],
      arbitrary: arbitrary as fc.Arbitrary<Op>,
    })),
  );

function historyOf(weights: Weights): fc.Arbitrary<History> {
  const act = actOf(weights);
  const races = fc.array(
    fc.oneof(
      // A scan takes 12 to 60 looks.
      { weight: 4, arbitrary: fc.record({ look: fc.nat(25), does: act }) },
      { weight: 1, arbitrary: fc.record({ look: fc.nat(80), does: act }) },
      // The rounds of asking again come last, and few scans have any.
      {
        weight: 3,
        arbitrary: fc.record({
          look: fc.oneof(fc.nat(8), fc.nat(25)),
          again: fc.constant(true as const),
          does: actOf(THREADS),
        }),
      },
    ),
    { maxLength: 4 },
  );
  const step: fc.Arbitrary<Op> = fc.oneof(
    { weight: 12, arbitrary: act },
    { weight: 2, arbitrary: fc.record({ op: op("sleep"), ms: fc.nat(1500) }) },
    { weight: 2, arbitrary: fc.record({ op: op("drain") }) },
    { weight: 4, arbitrary: fc.record({ op: op("sample"), races }) },
  );
  return fc.record({
    lastPid: fc.oneof(
      fc.integer({ min: FIRST_AGAIN, max: PID_MAX - 1 }),
      fc.integer({ min: PID_MAX - 20, max: PID_MAX - 1 }),
    ),
    before: fc.array(act, { maxLength: 12 }),
    atBaseline: races,
    // Else most would have fewer than ten.
    ops: fc.array(step, { maxLength: 40, size: "max" }),
  });
}

export const arbitraryHistory: fc.Arbitrary<History> = fc.oneof(
  { weight: 2, arbitrary: historyOf(MIXED) },
  { weight: 1, arbitrary: historyOf(THREADS) },
);
