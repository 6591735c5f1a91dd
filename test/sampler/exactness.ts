/**
 * Every byte exactly once: random histories of a fake Linux, held against books that simply add up what each task did.
 * The ordinary run plays the same 500 every time, CI the same 10,000; IOTOP_HISTORIES=10000 plays that many others.
 *
 * A file in test/sampler/exactness for each variant, so that several processes share the work.
 */
import { test } from "bun:test";
import fc from "fast-check";
import type { Sample } from "../../src/model/sample.ts";
import { arbitraryHistory } from "../support/fake-linux/arbitrary-history.ts";
import { Play } from "../support/fake-linux/fake-history.ts";
import type { History, Op, Race } from "../support/fake-linux/history.ts";
import {
  FAKE_COUNTERS,
  noCounters,
} from "../support/fake-linux/fake-linux-tasks.ts";
import type { FakeSamplerOptions } from "../support/fake-linux/fake-sampler.ts";
import {
  expectSound,
  expectSum,
  expectSumsSince,
} from "../support/fake-linux/history-books.ts";
import { KNOWN_HISTORIES } from "./known-histories.ts";

const HISTORIES = Number(
  Bun.env.IOTOP_HISTORIES ?? (Bun.env.CI === "true" ? 10_000 : 500),
);
const RUN: fc.Parameters<[History]> = {
  numRuns: HISTORIES,
  includeErrorInReport: true,
  examples: KNOWN_HISTORIES.map((history) => [history]),
  ...(Bun.env.IOTOP_HISTORIES === undefined ? { seed: 20_071_109 } : {}),
};
/** A history takes 4 to 9 ms on an idle machine, and many times as long on a busy one. */
const TIMEOUT_MS = 60_000 + HISTORIES * 150;

export function testSums(variant: string, options: FakeSamplerOptions): void {
  test(
    `sums of all rows are what the tasks did: ${variant}`,
    () => {
      holds(
        (play) => {
          expectExact(play);
          expectNothingLost(play);
        },
        options,
        { eachSample: expectSumsSince },
      );
    },
    TIMEOUT_MS,
  );
}

export function testDroppedMessages(): void {
  test(
    "when messages are dropped: losses are counted, nothing is told that was not done, and who lives is exact",
    () => {
      holds(
        expectHonest,
        {
          exits: { room: 3, batch: 2 },
          answers: { room: 7, batch: 4 },
        },
        { restrict: withoutThreadExec },
      );
    },
    TIMEOUT_MS,
  );
}

export function testIdleDetection(): void {
  test(
    "idle detection changes no number",
    () => {
      const play = (history: History, idleDetection: boolean): Play => {
        const one = new Play({ idleDetection });
        // The looks of the two are not the same ones, so nothing happens during them. And who has an id out of turn shows
        // later to one that does not list all processes each time.
        one.run(withIdsInTurn(withoutRaces(history)));
        return one;
      };
      fc.assert(
        fc.property(arbitraryHistory, (history) => {
          const [on, off] = [play(history, true), play(history, false)];
          for (const [i, sample] of on.samples.entries())
            expectSameRows(sample, off.samples[i]!, on);
        }),
        RUN,
      );
    },
    TIMEOUT_MS,
  );
}

/** Plays random histories; the script of one that fails is printed. */
function holds(
  check: (play: Play) => void,
  options: FakeSamplerOptions,
  {
    restrict = (history: History) => history,
    eachSample = (_sample: Sample, _play: Play): void => {},
  } = {},
): void {
  const property = (history: History): void => {
    const play = new Play(options);
    play.onSample = (sample) => {
      expectSound(sample);
      eachSample(sample, play);
    };
    try {
      play.run(restrict(history));
      check(play);
    } catch (error) {
      const script = play.script.join("\n");
      throw new Error(`${(error as Error).message}\n${script}`);
    }
  };
  fc.assert(fc.property(arbitraryHistory, property), RUN);
}

function expectExact({ linux, reported }: Play): void {
  for (const task of linux.everyTask)
    expectSum(
      `${task.comm} (${task.tid} of ${task.process.pid})`,
      reported.get(task),
      linux.watchedOf(task),
    );
}

/** Every exit message came, so nobody can have got lost. */
function expectNothingLost({ samples }: Play): void {
  for (const { seq, health } of samples)
    if (health.vanished + health.lostExits > 0)
      throw new Error(`sample ${seq}: ${JSON.stringify(health)}`);
}

/** With a receive buffer that is too small. */
function expectHonest({ linux, rig, reported, samples }: Play): void {
  for (const task of linux.everyTask) {
    const told = reported.get(task) ?? noCounters();
    const did = linux.watchedOf(task);
    if (!task.hasEnded) expectSum(task.comm, told, did);
    for (const name of FAKE_COUNTERS)
      if (told[name] > did[name])
        throw new Error(`${task.comm}, ${name}: told ${told[name]}`);
  }
  const isComplete = [...linux.everyTask].every((task) =>
    FAKE_COUNTERS.every(
      (name) =>
        (reported.get(task)?.[name] ?? 0) === linux.watchedOf(task)[name],
    ),
  );
  const losses = samples.reduce(
    (sum, { health }) => sum + health.lostExits + health.vanished,
    0,
  );
  if (!isComplete && losses === 0) throw new Error("lost without a word");
  if (rig.kernel.dropped > 0 && losses === 0)
    throw new Error("dropped without a word");
}

function expectSameRows(a: Sample, b: Sample, play: Play): void {
  const describe = ({ threads }: Sample): string =>
    threads
      .map((row) => [
        row.task.tid,
        // No two tasks ever have the same name.
        row.task.comm,
        row.born,
        row.exit !== null,
        ...FAKE_COUNTERS.map((name) => row[name]),
      ])
      .map((facts) => facts.join(" "))
      .sort()
      .join("\n");
  if (describe(a) !== describe(b))
    throw new Error(
      `with:\n${describe(a)}\nwithout:\n${describe(b)}\n${play.script.join("\n")}`,
    );
}

/**
 * Without the main thread's message an execve in another thread cannot be told from a main thread that goes on: what it
 * did before is then given to the main thread.
 */
function withoutThreadExec(history: History): History {
  const isOther = ({ op }: Op): boolean => op !== "exec";
  const kept = (races: readonly Race[]) =>
    races.filter(({ does }) => isOther(does));
  return {
    before: history.before,
    atBaseline: kept(history.atBaseline),
    ops: history.ops
      .filter(isOther)
      .map((op) =>
        op.op === "sample" ? { ...op, races: kept(op.races) } : op,
      ),
  };
}

function withoutRaces(history: History): History {
  const ops = history.ops.map((op) =>
    op.op === "sample" ? { ...op, races: [] } : op,
  );
  return { ...history, atBaseline: [], ops };
}

function withIdsInTurn(history: History): History {
  const inTurn = (op: Op): Op =>
    "birth" in op && op.birth === "out of turn"
      ? { ...op, birth: "in turn" }
      : op;
  return {
    ...history,
    before: history.before.map(inTurn),
    ops: history.ops.map(inTurn),
  };
}
