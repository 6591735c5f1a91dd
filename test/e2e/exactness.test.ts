/**
 * Loses nothing: whatever the ways in which tasks live and end, the built program tells what the kernel counts for them,
 * to the byte, in JSON lines and on a statsd server, three runs in a row.
 */
import { describe, expect, test } from "bun:test";
import type { SampleRecord } from "../../src/model/record-types.ts";
import { eventually } from "../support/eventually.ts";
import {
  expectSums,
  recordWhile,
  sumOf,
  tasksOf,
  totalOf,
} from "../support/json-run.ts";
import { startStatsd, type Values } from "../support/statsd-server.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/taskstats-client.ts";
import {
  diskFolder,
  runBurst,
  runReuse,
  runWriter,
  workloadAs,
} from "../support/workload.ts";

interface Way {
  readonly title: string;
  /** Names that the process has in turn; by default one. */
  readonly names?: number;
  /** @returns bytes that the kernel counts */
  run(file: string, programs: readonly [string, ...string[]]): Promise<number>;
}

/** Those that last a second or two are seen by several samples, and each task by some; the others fall between two. */
const SIDE_BY_SIDE: readonly Way[] = [
  {
    title: "2,000 short processes",
    run: async (file, [program]) =>
      (await runBurst(2000, file, program)).writtenByAll,
  },
  {
    title: "8 threads a second, each for 200 ms",
    run: (file, [program]) =>
      runWriter(program, "churn", 16, 125, 200, 64, file),
  },
  {
    title: "500 short threads",
    run: (file, [program]) => runWriter(program, "churn", 500, 1, 0, 16, file),
  },
  {
    title: "200 execve",
    names: 3,
    run: (file, programs) =>
      runWriter(programs[0], "chain", 200, 0, 16, file, ...programs),
  },
  {
    title: "an execve every 150 ms",
    names: 3,
    run: (file, programs) =>
      runWriter(programs[0], "chain", 12, 150, 64, file, ...programs),
  },
  {
    title: "100 execve by a thread while others write",
    names: 2,
    run: (file, programs) =>
      runWriter(programs[0], "seize", 100, 0, 16, file, ...programs),
  },
  {
    title: "an execve by a thread every 150 ms",
    names: 2,
    run: (file, programs) =>
      runWriter(programs[0], "seize", 12, 150, 16, file, ...programs),
  },
];

/** Where nobody else may take the process id. */
const ONE_BY_ONE: readonly Way[] = [
  reuse(1000, 0),
  reuse(500, 1),
  reuse(200, 5),
  reuse(50, 20),
];

function reuse(count: number, lifeMs: number): Way {
  return {
    title: `${count} processes of ${lifeMs} ms with one process id`,
    async run(file, [program]) {
      const burst = await runReuse(count, file, lifeMs, program);
      expect(burst.reused).toBeGreaterThan(count / 2);
      return burst.writtenByAll;
    },
  };
}

const COUNTER = "write_bytes";
const counterOf = (name: string) => `iotop.comm.${name}.${COUNTER}`;
const TASKS = `iotop.tasks.${COUNTER}`;

const sumOfGroups = (counters: Values): number =>
  [...counters].reduce(
    (sum, [name, value]) =>
      name.startsWith("iotop.comm.") && name.endsWith(`.${COUNTER}`)
        ? sum + value
        : sum,
    0,
  );

interface Told {
  readonly title: string;
  /** Bytes. */
  readonly json: number;
  readonly statsd: number;
}

const exact = (title: string, written: number): Told => ({
  title,
  json: written,
  statsd: written,
});

interface Group {
  readonly way: Way;
  readonly names: readonly string[];
  readonly programs: readonly [string, ...string[]];
}

function makeGroups(ways: readonly Way[], folder: string): Group[] {
  return ways.map((way, i) => {
    const names = Array.from(
      { length: way.names ?? 1 },
      (_, n) => `w${process.pid}_${i}_${n}`,
    );
    const [first, ...others] = names.map((name) => workloadAs(name, folder));
    return { way, names, programs: [first!, ...others] };
  });
}

/** Bytes that the kernel counts for one short process under each name of the group. */
async function writeOnce({ programs }: Group): Promise<number> {
  let bytes = 0;
  for (const program of programs)
    bytes += (await runBurst(1, `${program}.first`, program)).writtenByAll;
  return bytes;
}

const write = ({ way, programs }: Group): Promise<number> =>
  way.run(`${programs[0]}.data`, programs);

interface Watched {
  /** Of each group, and what should have been. */
  readonly told: readonly Told[];
  readonly expected: readonly Told[];
  readonly health: readonly SampleRecord["health"][];
}

/** Does it all. */
async function watch(delayS: number): Promise<Watched> {
  using disk = diskFolder();
  await using server = await startStatsd();
  const groups = makeGroups([...SIDE_BY_SIDE, ...ONE_BY_ONE], disk.path);
  const { records, result, status, stderr } = await recordWhile(
    async (oneMoreLine) => {
      // A name gets its own counter once it has been seen.
      const first = await Promise.all(groups.map(writeOnce));
      const lines = await oneMoreLine();
      const before = await eventually(
        () => server.counters(),
        (counters) => (counters.get(TASKS) ?? 0) >= totalOf(lines),
      );
      const together = groups.slice(0, SIDE_BY_SIDE.length);
      const written = await Promise.all(together.map(write));
      for (const group of groups.slice(SIDE_BY_SIDE.length))
        written.push(await write(group));
      return { first, before, written };
    },
    [
      ...["-d", String(delayS)],
      ...["--output", `statsd=127.0.0.1:${server.port},host=off`],
    ],
  );
  expect([status, stderr]).toEqual([0, expect.not.stringContaining("dropped")]);
  const total = totalOf(records);
  const after = await eventually(
    () => server.counters(),
    (counters) =>
      counters.get(TASKS) === total && sumOfGroups(counters) === total,
  );
  expectSums(records);

  const { first, before, written } = result;
  const added = (name: string) =>
    (after.get(counterOf(name)) ?? 0) - (before.get(counterOf(name)) ?? 0);
  return {
    told: groups.map(({ way: { title }, names }, i) => ({
      title,
      json:
        sumOf(tasksOf(records, ({ comm }) => names.includes(comm))) - first[i]!,
      statsd: names.reduce((sum, name) => sum + added(name), 0),
    })),
    expected: groups.map(({ way }, i) => exact(way.title, written[i]!)),
    health: records.map((record) => record.health),
  };
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("bytes"), () => {
  describe.each([1, 0.1])("with a delay of %d s", (delayS) => {
    test.each([1, 2, 3])(
      "are those of the kernel, run %d",
      async () => {
        const { told, expected, health } = await watch(delayS);
        expect(told).toEqual(expected);
        for (const { lost_exit_events, vanished_tasks } of health)
          expect([lost_exit_events, vanished_tasks]).toEqual([0, 0]);
      },
      60_000,
    );
  });
});
