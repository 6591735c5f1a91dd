// alone: more tasks end than a socket holds
/** The kernel room against the running kernel. Needs root and taskstats; under CI their absence is a failure. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseIo, type ProcIo } from "../../src/kernel/procfs-parse.ts";
import { commOf } from "../../src/kernel/taskstats.ts";
import {
  TASKSTATS_CMD_ATTR_PID,
  TASKSTATS_CMD_ATTR_TGID,
} from "../../src/kernel/taskstats-requests.ts";
import {
  COUNTER,
  PROC_IO_FIELDS,
  TASKSTATS_FIELDS,
} from "../../src/model/counters.ts";
import { runDds } from "../support/machine/dd.ts";
import { eventually } from "../support/eventually.ts";
import {
  TASKSTATS_REFUSAL,
  TaskstatsClient,
  isOverflow,
  needsTaskstats,
  type Reply,
} from "../support/machine/taskstats-client.ts";
import { diskFolder, runBurst, startWorkload } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);

const KIB = 1024;
const MAX_PID_EVER = 4_194_304;

const ioOf = (pid: number, tid = pid): ProcIo =>
  parseIo(readFileSync(`/proc/${pid}/task/${tid}/io`, "utf8"))!;

const isReply = (answer: Reply | number | undefined): answer is Reply =>
  typeof answer === "object";

/** The kernel cuts the I/O fields of taskstats to whole KiB. */
const wholeKiB = (bytes: number): number => Math.floor(bytes / KIB) * KIB;

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("taskstats"), () => {
  test("agrees with /proc on a task that waits", async () => {
    using disk = diskFolder();
    await using work = startWorkload(
      ...["write", "776169746572", 300, join(disk.path, "file")],
    );
    await work.ready;
    const io = ioOf(work.pid);
    using client = new TaskstatsClient();
    const [answer] = client.ask(TASKSTATS_CMD_ATTR_PID, [work.pid]);
    if (!isReply(answer)) throw new Error(`errno ${answer}`);
    const { record } = answer;
    expect(commOf(record)).toBe("waiter");
    expect(record).toMatchObject({
      tid: work.pid,
      tgid: work.pid,
      ppid: process.pid,
      uid: 0,
    });
    expect(io.write_bytes).toBeGreaterThanOrEqual(300 * KIB);
    expect([...record.counters]).toEqual(
      TASKSTATS_FIELDS.map((field, i) => {
        const procIo = PROC_IO_FIELDS[i]!;
        if (field === null) return NaN;
        return procIo === null ? expect.any(Number) : wholeKiB(io[procIo]);
      }),
    );
    expect(record.peakVirtualKiB).toBeGreaterThan(0);
  });

  test("lies between two lives of our own /proc/self/io", () => {
    using client = new TaskstatsClient();
    for (let round = 0; round < 20; round++) {
      const before = ioOf(process.pid);
      const [answer] = client.ask(TASKSTATS_CMD_ATTR_PID, [process.pid]);
      const after = ioOf(process.pid);
      if (!isReply(answer)) throw new Error(`errno ${answer}`);
      const read = answer.record.counters[COUNTER.logicalReadBytes]!;
      expect(read).toBeGreaterThanOrEqual(wholeKiB(before.rchar));
      expect(read).toBeLessThanOrEqual(after.rchar);
      expect(read).toBeGreaterThan(0);
    }
  });

  test("counts how long the task and its process have lived, in µs", async () => {
    const startedMs = performance.now();
    await using work = startWorkload("sleepers", 1, 2);
    await work.ready;
    using client = new TaskstatsClient();
    await Bun.sleep(50);
    const tids = readdirSync(`/proc/${work.pid}/task`).map(Number);
    const ages = client.ask(TASKSTATS_CMD_ATTR_PID, tids).map((answer) => {
      if (!isReply(answer)) throw new Error(`errno ${answer}`);
      const { elapsedUs, processElapsedUs } = answer.record;
      return [elapsedUs, processElapsedUs] as const;
    });
    const upperUs = (performance.now() - startedMs) * 1000;
    expect(ages.length).toBeGreaterThan(1);
    const [main, ...others] = ages;
    expect(main![1]).toBe(main![0]);
    for (const [ofThread, ofProcess] of [main!, ...others]) {
      expect(ofThread).toBeGreaterThan(50_000);
      expect(ofProcess).toBeGreaterThanOrEqual(main![1]);
      expect(ofProcess).toBeLessThan(upperUs);
    }
    for (const [ofThread, ofProcess] of others)
      expect(ofThread).toBeLessThan(ofProcess);
  });

  test("a process whose threads sleep keeps its fingerprint; one that runs changes it", async () => {
    await using work = startWorkload("sleepers", 1, 20);
    await work.ready;
    using client = new TaskstatsClient();
    const fingerprintOf = (pid: number) => {
      const [answer] = client.ask(TASKSTATS_CMD_ATTR_TGID, [pid]);
      if (!isReply(answer)) throw new Error(`errno ${answer}`);
      expect(answer).toMatchObject({ isProcess: true, id: pid });
      const { cpuCount, cpuRunNs } = answer.record;
      expect(cpuCount).toBeGreaterThan(0);
      return `${cpuCount} ${cpuRunNs}`;
    };
    // On a busy machine it takes a while until the last thread sleeps. From then on, nothing changes.
    let asleep = "";
    await eventually(
      () => fingerprintOf(work.pid),
      (now) => {
        const isSame = now === asleep;
        asleep = now;
        return isSame;
      },
    );
    const ours = fingerprintOf(process.pid);
    await Bun.sleep(50);
    expect(fingerprintOf(work.pid)).toBe(asleep);
    expect(fingerprintOf(process.pid)).not.toBe(ours);
  });

  test("one send for many: every request is answered in its place, a gone task by ESRCH", async () => {
    const gone = Bun.spawn(["true"]);
    await gone.exited;
    using client = new TaskstatsClient();
    const ids = Array.from({ length: 256 }, (_, i) =>
      i % 3 === 0 ? process.pid : i % 3 === 1 ? gone.pid : MAX_PID_EVER,
    );
    const answers = client.ask(TASKSTATS_CMD_ATTR_PID, ids);
    expect(
      answers.map((answer) => (isReply(answer) ? answer.id : answer)),
    ).toEqual(ids.map((id) => (id === process.pid ? id : 3)));
  });

  test("a gone process is ESRCH by its process id too", async () => {
    using client = new TaskstatsClient();
    expect(client.ask(TASKSTATS_CMD_ATTR_TGID, [MAX_PID_EVER])).toEqual([3]);
  });
});

describe.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("exit messages"),
  () => {
    test("tell the bytes and the status of a child", async () => {
      using disk = diskFolder();
      using client = new TaskstatsClient();
      client.listen();
      const { comm, written } = await runDds(1, disk.path);
      const failed = Bun.spawn(["sh", "-c", "exit 7"]);
      await failed.exited;
      const exits = client.drain().filter(({ isProcess }) => !isProcess);
      const dd = exits.find(({ record }) => commOf(record) === comm)!.record;
      expect(dd.counters[COUNTER.writeBytes]).toBe(written);
      expect(dd.exitCode).toBe(0);
      const { record } = exits.find(
        ({ id, record }) => id === failed.pid && record.ppid === process.pid,
      )!;
      expect(record).toMatchObject({
        exitCode: 7 << 8,
        ppid: process.pid,
        tid: failed.pid,
      });
    });

    test("come for each thread; the last one's holds the process as well", async () => {
      using disk = diskFolder();
      using client = new TaskstatsClient();
      client.listen();
      const work = startWorkload(
        ...["threads", 5, 64, join(disk.path, "file"), 0],
      );
      await work.ready;
      const { write_bytes: writeBytes } = parseIo(
        readFileSync(`/proc/${work.pid}/io`, "utf8"),
      )!;
      await work.end();
      const exits = client
        .drain()
        .filter(
          ({ record, id }) => record.tgid === work.pid || id === work.pid,
        );
      const tasks = exits.filter(({ isProcess }) => !isProcess);
      expect(tasks).toHaveLength(6);
      expect(exits.filter(({ isProcess }) => isProcess)).toHaveLength(1);
      const written = tasks.map(
        ({ record }) => record.counters[COUNTER.writeBytes]!,
      );
      expect(written.filter((bytes) => bytes >= 64 * KIB)).toHaveLength(5);
      expect(written.reduce((sum, bytes) => sum + bytes, 0)).toBe(writeBytes);
    });

    test("of a burst of 10,000 children: every one, every byte", async () => {
      using disk = diskFolder();
      using client = new TaskstatsClient(32 << 20);
      client.listen();
      const file = join(disk.path, "file");
      const { pid, written } = await runBurst(10_000, file);
      const bytes = client
        .drain()
        .filter(({ record, isProcess }) => !isProcess && record.ppid === pid)
        .map(({ record }) => record.counters[COUNTER.writeBytes]!);
      expect(bytes).toHaveLength(10_000);
      expect(bytes.reduce((sum, n) => sum + n, 0)).toBe(written);
    });

    test("that do not fit are not silently lost", async () => {
      using disk = diskFolder();
      using client = new TaskstatsClient(64 << 10);
      client.listen();
      await runBurst(500, join(disk.path, "file"));
      const overflows: unknown[] = [];
      let messages = 0;
      for (let round = 0; round < 3; round++)
        try {
          messages += client.drain().length;
        } catch (error) {
          overflows.push(error);
        }
      expect(overflows.some(isOverflow)).toBe(true);
      expect(messages).toBeGreaterThan(0);
      expect(messages).toBeLessThan(500);
    });
  },
);
