// alone: its tasks take process ids that were used a moment ago
/** The live source against the running kernel: what children do is shown, each byte once. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { openLiveSource, type LiveOptions } from "../../src/sources/live.ts";
import { COUNTERS } from "../../src/model/counters.ts";
import { EndedTally } from "../../src/model/tasks/ended-tally.ts";
import { mergeSamples } from "../../src/model/merge/merge.ts";
import type { Sample, TaskDelta } from "../../src/model/sample.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import { runDds } from "../support/machine/dd.ts";
import { eventually } from "../support/eventually.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import {
  type Burst,
  diskFolder,
  runBurst,
  runReuse,
  runWorker,
  startWorkload,
  startWriter,
  workloadAs,
  writtenBy,
} from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);

const KIB = 1024;
const taskstats = { source: "taskstats" } as const;

/** Resolves when one more sample has been begun and taken. */
type OneMoreSample = () => Promise<void>;

/** All samples that are taken while `work` runs, and the one that holds its end. */
async function watch(
  work: (oneMoreSample: OneMoreSample) => Promise<void>,
  options: LiveOptions = taskstats,
  intervalMs = 100,
): Promise<Sample[]> {
  using source = openLiveSource(options);
  const ending = new AbortController();
  const samples: Sample[] = [];
  const oneMoreSample = async () => {
    const { length } = samples;
    await eventually(
      () => samples.length,
      (now) => now >= length + 2,
    );
  };
  let begun: Promise<void> | undefined;
  for await (const sample of source.samples(
    { intervalMs, count: null },
    ending.signal,
  )) {
    samples.push(sample);
    begun ??= work(oneMoreSample).finally(() => ending.abort());
  }
  await begun;
  return samples;
}

const rowsOf = (
  samples: readonly Sample[],
  isWanted: (row: TaskDelta) => boolean,
): TaskDelta[] => samples.flatMap((sample) => sample.threads.filter(isWanted));

const sumOf = (rows: readonly TaskDelta[]): number =>
  rows.reduce((sum, row) => sum + row.writeBytes!, 0);

const sumSince = (rows: readonly TaskDelta[]): number =>
  rows.reduce((sum, row) => sum + (row.since.writeBytes ?? 0), 0);

/**
 * All that the kernel had counted for a process when it was asked, and what closing its files on its way out made dirty:
 * some pages of metadata, if the file system is busy.
 */
function expectWritten(
  rows: readonly TaskDelta[],
  writtenBefore: number,
): void {
  const onItsWayOut = sumOf(rows) - writtenBefore;
  expect(onItsWayOut).toBeWithin(0, 256 * KIB);
  expect(onItsWayOut % (4 * KIB)).toBe(0);
}

/** What an output gets that takes only every so many samples. */
function mergeEach(samples: readonly Sample[], parts: number): Sample[] {
  const merged: Sample[] = [];
  for (let at = 0; at < samples.length; at += parts)
    merged.push(
      samples.slice(at, at + parts).reduce((a, b) => mergeSamples(a, b)),
    );
  return merged;
}

/** For each sample and counter, the rows make up the total. */
function expectTotals(samples: readonly Sample[]): void {
  for (const { threads, host, seq } of samples)
    for (const name of COUNTERS) {
      const sum = threads.reduce((all, row) => all + (row[name] ?? 0), 0);
      expect({ seq, name, sum }).toEqual({ seq, name, sum: host[name] ?? 0 });
    }
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("taskstats"), () => {
  test("a dd that lives between two samples is shown with its bytes and its end", async () => {
    using disk = diskFolder();
    let comm = "";
    let written = 0;
    const samples = await watch(async () => {
      ({ comm, written } = await runDds(1, disk.path));
    });
    const rows = rowsOf(samples, ({ task }) => task.comm === comm);
    expect(sumOf(rows)).toBe(written);
    expect(rows.filter((row) => row.born)).toHaveLength(1);
    expect(rows.filter((row) => row.exit)).toHaveLength(1);
    expect(rows.at(-1)).toMatchObject({
      task: { comm, uid: 0, user: "root" },
      exit: { code: 0, signal: 0 },
      since: { writeBytes: written },
    });
    expectTotals(samples);
  });

  test("a process that runs on is shown with the same sum, over many samples", async () => {
    using disk = diskFolder();
    let pid = 0;
    let written = 0;
    const comm = `many-${process.pid}`;
    const samples = await watch(
      async (oneMoreSample) => {
        await using work = startWriter(
          workloadAs(comm, disk.path),
          ...([1, 4096, join(disk.path, "file")] as const),
        );
        pid = work.pid;
        for (let round = 0; round < 4; round++) {
          written = await work.write();
          await oneMoreSample();
        }
        await work.end();
        await oneMoreSample();
      },
      taskstats,
      20,
    );
    const rows = rowsOf(samples, ({ task }) => task.pid === pid);
    expect(written).toBeGreaterThanOrEqual(4 * 4096 * KIB);
    expectWritten(rows, written);
    expect(
      rows.filter((row) => row.writeBytes! > 0).length,
    ).toBeGreaterThanOrEqual(4);
    expect(new Set(rows.map((row) => row.task)).size).toBe(1);
    expect(rows.at(-1)).toMatchObject({ exit: { code: 0, signal: 0 } });
    expectTotals(samples);
  });

  test("one that was there before counts from there", async () => {
    using disk = diskFolder();
    await using work = startWorkload(
      ...["write", "6561726c79", 512, join(disk.path, "file")],
    );
    await work.ready;
    // When it began is known to as long as the kernel's answer takes, which on a busy machine may be long.
    await Bun.sleep(1000);
    const samples = await watch(() => work.end());
    const rows = rowsOf(samples, ({ task }) => task.pid === work.pid);
    expect(rows.length).toBeGreaterThan(0);
    expectWritten(rows, 0);
  });

  test("threads that write and end between samples belong to their process", async () => {
    using disk = diskFolder();
    let pid = 0;
    let written = 0;
    const samples = await watch(async (oneMoreSample) => {
      await using work = startWorkload(
        ...["threads", 60, 64, join(disk.path, "file"), 7],
      );
      pid = work.pid;
      await work.ready;
      written = writtenBy(pid);
      await oneMoreSample();
    });
    expect(written).toBeGreaterThanOrEqual(60 * 64 * KIB);
    const rows = rowsOf(
      samples,
      ({ task }) => task.pid === pid && task.comm === "short-lived",
    );
    expect(rows.filter((row) => row.exit)).toHaveLength(60);
    expect(sumOf(rows)).toBeGreaterThanOrEqual(60 * 64 * KIB);
    const whole = samples.flatMap((sample) =>
      sample.processes.filter(({ task }) => task.pid === pid),
    );
    expectWritten(whole, written);
    expect(Math.max(...whole.map((row) => row.since.writeBytes!))).toBe(
      sumOf(whole),
    );
    expectTotals(samples);
  });

  test("10,000 children in a burst: all of them, all of their bytes", async () => {
    using disk = diskFolder();
    let pid = 0;
    let written = 0;
    const samples = await watch(
      async () => {
        ({ pid, written } = await runBurst(10_000, join(disk.path, "file")));
      },
      taskstats,
      500,
    );
    const rows = rowsOf(samples, ({ task }) => task.ppid === pid);
    expect(rows.filter((row) => row.exit)).toHaveLength(10_000);
    expect(sumOf(rows)).toBe(written);
    for (const { health } of samples)
      expect(health).toMatchObject({
        lostExits: 0,
        vanished: 0,
        exitEvents: true,
      });
    expectTotals(samples);
  });

  /** Ids that the kernel would give again after tens of thousands of others. */
  test.each([
    ["many a sample", 0, 1000, 1000],
    ["some samples each", 60, 12, 20],
  ])(
    "lives with one and the same process id are told apart: %s",
    async (_, lifeMs, count, intervalMs) => {
      using disk = diskFolder();
      let result: Burst | undefined;
      const samples = await watch(
        async () => {
          result = await runReuse(count, join(disk.path, "file"), lifeMs);
        },
        taskstats,
        intervalMs,
      );
      const { pid, written, reused } = result!;
      expect(reused).toBeGreaterThan(0);
      const rows = rowsOf(samples, ({ task }) => task.ppid === pid);
      expect(rows.filter((row) => row.exit)).toHaveLength(count);
      expect(rows.filter((row) => row.born)).toHaveLength(count);
      expect(new Set(rows.map(({ task }) => task)).size).toBe(count);
      expect(sumOf(rows)).toBe(written);
      expectTotals(samples);
    },
  );

  test("lives of two programs that take turns under one process id: none is doubled, none joined", async () => {
    using disk = diskFolder();
    const COUNT = 500;
    const comms = ["left", "right"].map((side) => `${side}-${process.pid}`);
    let bursts: readonly Burst[] = [];
    const samples = await watch(async (oneMoreSample) => {
      bursts = await Promise.all(
        comms.map((comm) => {
          const program = workloadAs(comm, disk.path);
          return runReuse(COUNT, `${program}.data`, 0, program);
        }),
      );
      await oneMoreSample();
    });
    for (const { threads } of samples)
      expect(new Set(threads.map(({ task }) => task.key)).size).toBe(
        threads.length,
      );
    const threads = samples.flatMap((sample) => sample.threads);
    const processes = samples.flatMap((sample) => sample.processes);
    for (const [i, { pid, writtenByAll, reused }] of bursts.entries()) {
      // The others found the id of the one before them taken by the other program.
      expect(reused).toBeGreaterThan(0);
      for (const rows of [threads, processes]) {
        const own = rows.filter(({ task }) => task.comm === comms[i]);
        expect(sumOf(own)).toBe(writtenByAll);
        const lives = own.filter(({ task }) => task.ppid === pid);
        expect(lives.filter((row) => row.exit)).toHaveLength(COUNT);
        expect(new Set(lives.map(({ task }) => task.key)).size).toBe(COUNT);
      }
    }
    expectTotals(samples);
  });

  describe.each(["first", "last"])(
    "a relay of threads, the main one ends %s",
    (main) => {
      test("is told to the byte by thread and by process, and with what has ended nothing is counted twice", async () => {
        using disk = diskFolder();
        const comm = `relay-${process.pid}`;
        const program = workloadAs(comm, disk.path);
        let written = 0;
        const samples = await watch(
          async (oneMoreSample) => {
            const file = join(disk.path, "file");
            written = await runWorker(program, "relay", 5000, 0, 4, file, main);
            await oneMoreSample();
          },
          taskstats,
          5,
        );
        const isRunner = ({ task }: TaskDelta) => task.comm === comm;
        for (const parts of [1, 2, 5])
          for (const mode of ["threads", "processes"] as const) {
            const view = { ...DEFAULT_VIEW, processes: mode === "processes" };
            const tally = new EndedTally(view);
            let told = 0;
            for (const sample of mergeEach(samples, parts)) {
              const rows = sample[mode].filter(isRunner);
              told += sumOf(rows);
              const living = rows.filter((row) => row.exit === null);
              const ended = tally.add(sample).groups.filter(isRunner);
              expect(sumSince([...living, ...ended])).toBe(told);
              if (mode === "processes" && rows.length > 0)
                expect(sumSince(rows)).toBe(told);
            }
            expect(told).toBe(written);
          }
        expectTotals(samples);
        // Between two of its threads, both unseen, the process goes on.
        const ended = samples
          .flatMap(({ processes }) => processes.filter(isRunner))
          .filter((row) => row.exit !== null);
        expect(ended).toHaveLength(1);
      });
    },
  );

  test("asking every thread every time tells the same", async () => {
    using disk = diskFolder();
    let pid = 0;
    let written = 0;
    const samples = await watch(
      async () => {
        await using work = startWorkload(
          ...["threads", 20, 64, join(disk.path, "file"), 7],
        );
        pid = work.pid;
        await work.ready;
        written = writtenBy(pid);
        await work.end();
      },
      { ...taskstats, idleDetection: false },
    );
    expect(written).toBeGreaterThanOrEqual(20 * 64 * KIB);
    expectWritten(
      rowsOf(samples, ({ task }) => task.pid === pid),
      written,
    );
    expectTotals(samples);
  });

  test("a task that does nothing keeps its row", async () => {
    await using work = startWorkload("sleepers", 1, 3);
    await work.ready;
    const samples = await watch(async (oneMoreSample) => {
      await oneMoreSample();
      await oneMoreSample();
    });
    const rows = samples
      .slice(1, -1)
      .map((sample) =>
        sample.threads.filter(({ task }) => task.pid === work.pid),
      );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows[0]).toHaveLength(3);
    for (const [i, row] of rows[0]!.entries())
      for (const other of rows) expect(other[i]).toBe(row);
  });
});

describe("procfs", () => {
  test("shows what a child that runs on has done", async () => {
    using disk = diskFolder();
    let pid = 0;
    let written = 0;
    const samples = await watch(
      async (oneMoreSample) => {
        await using child = startWorkload(
          ...["write", "6c617465", 512, join(disk.path, "file")],
        );
        await child.ready;
        pid = child.pid;
        written = writtenBy(pid);
        await oneMoreSample();
      },
      { source: "procfs" },
    );
    expect(written).toBeGreaterThanOrEqual(512 * KIB);
    expect(sumOf(rowsOf(samples, ({ task }) => task.pid === pid))).toBe(
      written,
    );
    for (const { origin, health } of samples) {
      expect(origin.accounting).toBe("procfs");
      expect(health.exitEvents).toBe(false);
    }
  });
});
