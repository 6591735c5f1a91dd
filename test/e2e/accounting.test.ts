// alone: its tasks take process ids that were used a moment ago, and more end than a socket holds
/** Loses nothing: what short lives do is told exactly once, by the built program. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { ensureBinary, startBinary } from "../support/binary.ts";
import { DD_BYTES, runDds } from "../support/machine/dd.ts";
import { eventually } from "../support/eventually.ts";
import {
  expectSums,
  parseLines,
  recordWhile,
  sumOf,
  tasksOf,
  totalOf,
} from "../support/json-run.ts";
import { startStatsd } from "../support/servers/statsd-server.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import {
  diskFolder,
  runBurst,
  runReuse,
  startWorkload,
  startWriter,
  workloadAs,
  writtenBy,
} from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("bytes"), () => {
  test("of 300 dd, each shorter than the interval, add up in JSON lines", async () => {
    using disk = diskFolder();
    const { records, result, status } = await recordWhile(
      () => runDds(300, disk.path),
      ["-d", "1"],
    );
    const dds = tasksOf(records, ({ comm }) => comm === result.comm);
    // One that a sample finds alive, and that does nothing more, has no second row.
    expect(new Set(dds.map(({ key }) => key)).size).toBe(300);
    const exited = dds.filter(({ life }) => life === "exited");
    expect(exited.length).toBeGreaterThan(0);
    expect(exited.every(({ exit_code }) => exit_code === 0)).toBe(true);
    expect(sumOf(dds)).toBe(result.written);
    expect(result.written).toBeGreaterThanOrEqual(300 * DD_BYTES);
    for (const { health } of records)
      expect(health).toMatchObject({ lost_exit_events: 0, vanished_tasks: 0 });
    expectSums(records);
    expect(status).toBe(0);
  });

  test("of 300 dd add up on a statsd server", async () => {
    using disk = diskFolder();
    await using server = await startStatsd();
    const comm = `ddstatsd${process.pid}`;
    const counter = async (name: string) =>
      (await server.counters()).get(`iotop.${name}.write_bytes`) ?? NaN;
    const { result, records } = await recordWhile(
      () => runDds(300, disk.path, comm),
      ["-d", "0.5", "--output", `statsd=${server.place.text},host=off`],
    );
    const named = await eventually(
      () => counter(`comm.${comm}`),
      (value) => value >= result.written,
    );
    expect(named).toBe(result.written);
    expect(await counter("tasks")).toBe(totalOf(records));
  });

  test("of the only sample of a run have their name on a statsd server", async () => {
    using disk = diskFolder();
    await using server = await startStatsd();
    const comm = `once${process.pid}`;
    const program = workloadAs(comm, disk.path);
    const file = join(disk.path, "file");
    await using writer = startWriter(program, 1, 4, file);
    const target = `statsd=${server.place.text},host=off`;
    await using running = startBinary(["-n", "1", "--output", target]);
    let isOver = false;
    const over = running.exited.finally(() => (isOver = true));
    while (!isOver) {
      await writer.write();
      await Bun.sleep(1);
    }
    expect((await over).status).toBe(0);
    await eventually(
      () => server.counters(),
      (counters) => (counters.get(`iotop.comm.${comm}.write_bytes`) ?? 0) > 0,
    );
  }, 60_000);

  test("of threads that write and end between samples add up", async () => {
    using disk = diskFolder();
    const { records, result } = await recordWhile(async (oneMoreLine) => {
      await using work = startWorkload(
        ...["threads", 50, 64, join(disk.path, "file"), 5],
      );
      await work.ready;
      const written = writtenBy(work.pid);
      await oneMoreLine();
      return { pid: work.pid, written };
    });
    const threads = tasksOf(records, ({ pid }) => pid === result.pid);
    const ended = threads.filter(({ life }) => life === "exited");
    const shortLived = threads.filter(({ comm }) => comm === "short-lived");
    expect(new Set(shortLived.map(({ key }) => key)).size).toBe(50);
    expect(ended.length).toBeGreaterThan(0);
    expect(sumOf(threads)).toBe(result.written);
    expect(result.written).toBeGreaterThanOrEqual(50 * 64 * 1024);
    expectSums(records);
  });

  test("of processes, with their ended threads, add up as well", async () => {
    using disk = diskFolder();
    const { records, result } = await recordWhile(
      async (oneMoreLine) => {
        await using work = startWorkload(
          ...["threads", 50, 64, join(disk.path, "file"), 5],
        );
        await work.ready;
        const written = writtenBy(work.pid);
        await oneMoreLine();
        return { pid: work.pid, written };
      },
      ["-P", "-d", "0.2"],
    );
    const rows = tasksOf(records, ({ pid }) => pid === result.pid);
    expect(rows.every(({ tid, pid }) => tid === pid)).toBe(true);
    expect(sumOf(rows)).toBe(result.written);
    // What it is said to have done so far never shrinks.
    const since = rows.map((row) => row.since_write_bytes!);
    expect(since).toEqual(since.toSorted((a, b) => a - b));
    expect(since.at(-1)).toBe(result.written);
    expectSums(records);
  });

  test.each([[[]], [["-P"]], [["-o"]], [["-u", "nobody"]]])(
    "tasks and others make up the total with %j",
    async (args) => {
      using disk = diskFolder();
      const { records } = await recordWhile(
        () => runDds(20, disk.path),
        ["-d", "0.2", ...args],
      );
      expectSums(records);
      expect(totalOf(records)).toBeGreaterThanOrEqual(20 * DD_BYTES);
    },
  );

  test("with every task listed nothing is left to others", async () => {
    await using running = startBinary(["--output", "jsonl,all", "-d", "0.2"]);
    await running.until((text) => text.split("\n").length > 4);
    running.kill("SIGTERM");
    const records = parseLines((await running.exited).stdout);
    expectSums(records);
    for (const { other, total, tasks } of records) {
      expect(other).toMatchObject({ read_bytes: 0, write_bytes: 0, tasks: 0 });
      const living = tasks.filter(({ life }) => life !== "exited");
      expect(living).toHaveLength(total.tasks);
    }
  });

  test("that found no room while iotop could not run are counted as lost, and the rest goes on", async () => {
    using disk = diskFolder();
    await using running = startBinary([
      ...["--output", "jsonl", "-d", "0.5"],
      ...["--source", "auto,buffer=2048"],
    ]);
    const lines = () => running.stdout.split("\n").length - 1;
    await running.until(() => lines() >= 1);
    running.kill("SIGSTOP");
    // More exits than the buffer holds.
    const COUNT = 10_000;
    const { pid, written } = await runBurst(COUNT, join(disk.path, "file"));
    running.kill("SIGCONT");
    const told = lines();
    await running.until(() => lines() >= told + 2);
    const { comm } = await runDds(3, disk.path);
    running.kill("SIGTERM");
    const { status, stdout, stderr } = await running.exited;
    const records = parseLines(stdout);
    const lost = records.map(({ health }) => health.lost_exit_events);
    expect(Math.max(...lost)).toBeGreaterThan(0);
    expect(lost.at(-1)).toBe(0);
    const seen = tasksOf(records, ({ ppid }) => ppid === pid);
    expect(seen.length).toBeWithin(1, COUNT);
    expect(sumOf(seen)).toBeLessThan(written);
    expect(stderr).toContain("dropped messages about tasks that exited");
    const later = tasksOf(records, (task) => task.comm === comm);
    expect(new Set(later.map(({ key }) => key)).size).toBe(3);
    expectSums(records);
    expect(status).toBe(0);
  });

  test.each([0.1, 1])(
    "that a tiny buffer drops are counted as lost, and who lives on keeps exact numbers, -d %d",
    async (delayS) => {
      using disk = diskFolder();
      const file = (name: string) => join(disk.path, `${name}.data`);
      const program = (name: string) => workloadAs(name, disk.path);
      const [old, young, short] = ["old", "young", "short"].map(
        (role) => `${role}${process.pid}`,
      ) as [string, string, string];
      await using before = startWriter(program(old), 3, 64, file(old));
      const beforeBytes = await before.write();
      const { records, result, status, stderr } = await recordWhile(
        async (oneMoreLine) => {
          await using after = startWriter(program(young), 3, 64, file(young));
          const shortProgram = program(short);
          const many = runBurst(5000, file("burst"), shortProgram);
          const manyOfOneId = runReuse(300, file("reuse"), 2, shortProgram);
          const both = Promise.all([many, manyOfOneId]);
          let written = { old: 0, young: 0 };
          for (
            let turn = 0;
            turn < 20 || Bun.peek.status(both) === "pending";
            turn++
          ) {
            written = {
              old: (await before.write()) - beforeBytes,
              young: await after.write(),
            };
            await Bun.sleep(10);
          }
          const shorts = await both;
          await oneMoreLine();
          return {
            ...written,
            short: shorts.reduce((sum, burst) => sum + burst.writtenByAll, 0),
          };
        },
        ["-d", String(delayS), "--source", "taskstats,buffer=2"],
      );
      const rowsOf = (name: string) =>
        tasksOf(records, ({ comm }) => comm === name);
      const lost = records.map(({ health }) => health.lost_exit_events);
      expect(Math.max(...lost)).toBeGreaterThan(0);
      expect(stderr).toContain("dropped messages about tasks that exited");
      expect(rowsOf(short).length).toBeLessThan(5300);
      expect(sumOf(rowsOf(short))).toBeLessThan(result.short);

      expect({
        old: sumOf(rowsOf(old)),
        young: sumOf(rowsOf(young)),
      }).toEqual({ old: result.old, young: result.young });
      expect(result.young).toBeGreaterThanOrEqual(20 * 3 * 64 * 1024);
      for (const name of [old, young])
        expect(
          new Set(
            rowsOf(name).map(({ tid, start_time }) => `${tid} ${start_time}`),
          ).size,
        ).toBe(3);
      expectSums(records);
      expect(status).toBe(0);
    },
  );
});
