/**
 * Every byte exactly once: random histories of a fake Linux, held against books that simply add up what each task did.
 * The ordinary run plays the same 500 every time, CI the same 10,000; IOTOP_HISTORIES=10000 plays that many others.
 */
import { test } from "bun:test";
import fc from "fast-check";
import { COUNTERS } from "../../src/model/delta.ts";
import type { IoDelta, Sample, TaskDelta } from "../../src/model/sample.ts";
import {
  arbitraryHistory,
  Play,
  type History,
  type Op,
  type Race,
} from "../support/fake-history.ts";
import {
  FAKE_COUNTERS,
  noCounters,
  type FakeCounters,
} from "../support/fake-linux.ts";
import type { FakeSamplerOptions } from "../support/fake-sampler.ts";
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
const TIMEOUT_MS = 20_000 + HISTORIES * 20;

const VARIANTS: Readonly<Record<string, FakeSamplerOptions>> = {
  "as the kernel is today": {},
  "asking every thread every time": { idleDetection: false },
  "version 15 of the struct, few datagrams a call": {
    version: 15,
    answers: { batch: 2 },
    exits: { batch: 3 },
  },
  "version 14 of the struct": { version: 14 },
};

test.each(Object.entries(VARIANTS))(
  "sums of all rows are what the tasks did: %s",
  (_, options) => {
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

test(
  "idle detection changes no number",
  () => {
    const play = (history: History, idleDetection: boolean): Play => {
      const one = new Play({ idleDetection });
      // The looks of the two are not the same ones, so nothing happens during them.
      one.run(withoutRaces(history));
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

/**
 * What the rows say of all the time since the watch began is the sum of what they said in every sample. A row for what
 * an ended task did on its way out, after a sample told its end, says that alone.
 */
function expectSumsSince(sample: Sample, play: Play): void {
  const { samples, reported, linux } = play;
  const toldBefore = new Set(
    samples
      .slice(0, -1)
      .flatMap(({ threads }) => threads)
      .filter((row) => row.exit !== null)
      .map((row) => row.task.key),
  );
  const isFirst = (row: TaskDelta): boolean =>
    row.exit === null || !toldBefore.has(row.task.key);
  for (const row of sample.threads.filter(isFirst))
    expectSum(
      `since of ${row.task.comm}`,
      row.since,
      reported.get(linux.taskOfComm.get(row.task.comm)!)!,
    );
  for (const row of sample.processes.filter(isFirst)) {
    const sum = noCounters();
    for (const [task, io] of reported)
      if (task.process.uid === row.task.uid) addTo(sum, io);
    expectSum(`since of process ${row.task.comm}`, row.since, sum);
  }
  const total = noCounters();
  for (const { host } of samples) addTo(total, host);
  expectSum("since of the host", sample.host.since, total);
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

function expectSound(sample: Sample): void {
  const keys = new Set(sample.threads.map((row) => row.task.key));
  if (keys.size < sample.threads.length) throw new Error("a key comes twice");
  for (const name of COUNTERS) {
    const total = sample.host[name] ?? 0;
    const threads = sumOf(sample.threads, name);
    const processes = sumOf(sample.processes, name);
    if (threads !== total)
      throw new Error(`${name}: rows ${threads}, total ${total}`);
    if (processes !== threads)
      throw new Error(`${name}: processes ${processes}, threads ${threads}`);
  }
}

function sumOf(rows: readonly TaskDelta[], name: keyof IoDelta): number {
  let sum = 0;
  for (const row of rows) {
    const value = row[name];
    if (value !== null && !(value >= 0))
      throw new Error(`${row.task.comm} ${name}: ${value}`);
    sum += value ?? 0;
  }
  return sum;
}

function expectSum(
  what: string,
  sum: FakeCounters | IoDelta | undefined,
  expected: FakeCounters,
): void {
  for (const name of FAKE_COUNTERS)
    if ((sum?.[name] ?? 0) !== expected[name])
      throw new Error(
        `${what}, ${name}: told ${sum?.[name]}, did ${expected[name]}`,
      );
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

function addTo(sum: FakeCounters, io: FakeCounters | IoDelta): void {
  for (const name of FAKE_COUNTERS) sum[name] += io[name] ?? 0;
}
