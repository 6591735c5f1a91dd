/** The reader without privileges, on a /proc made of files. */
import { afterEach, beforeEach, expect, test, spyOn } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NumberList } from "../../src/kernel/files.ts";
import type { ProcIo } from "../../src/kernel/procfs-parse.ts";
import { Procfs } from "../../src/kernel/procfs.ts";
import type { Sample } from "../../src/model/sample.ts";
import { ProcfsTaskFacts } from "../../src/sampler/task-facts-from-procfs.ts";
import { IdleProcesses } from "../../src/sampler/idle-processes.ts";
import { TaskTracker } from "../../src/sampler/tracker.ts";
import { ProcfsReader } from "../../src/sampler/counters-from-procfs.ts";
import { Lives } from "../../src/sampler/lives.ts";
import { Sampler } from "../../src/sampler/sampler.ts";

const UPTIME_S = 1000;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "iotop-proc-"));
  write("sys/kernel/task_delayacct", "1\n");
  write("sys/kernel/pid_max", "32768\n");
  write("sys/kernel/hostname", "box\n");
  write("cmdline", "ro delayacct\n");
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}

interface FakeStat {
  readonly tid: number;
  readonly pid?: number;
  readonly comm?: string;
  readonly state?: string;
  readonly startTicks?: number;
  readonly ioTicks?: number;
  readonly readBytes?: number;
  readonly uid?: number;
}

/** Writes the files of one task. */
function task(fields: FakeStat): void {
  const { tid, pid = tid, comm = "dd", state = "S" } = fields;
  const {
    startTicks = 50_000,
    ioTicks = 0,
    readBytes = 0,
    uid = 1000,
  } = fields;
  const numbers = Array.from({ length: 50 }, () => 0);
  numbers[4] = 1;
  numbers[22] = startTicks;
  numbers[42] = ioTicks;
  const stat = `${tid} (${comm}) ${state} ${numbers.slice(4).join(" ")}\n`;
  write(`${pid}/task/${tid}/stat`, stat);
  write(`${tid}/task/${tid}/stat`, stat);
  write(
    `${tid}/status`,
    `Name:\t${comm}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
  );
  write(
    `${pid}/task/${tid}/io`,
    `rchar: 10\nwchar: 20\nsyscr: 3\nsyscw: 4\nread_bytes: ${readBytes}\nwrite_bytes: 0\ncancelled_write_bytes: 0\n`,
  );
}

/** Root may read everything, so what others see is made here. */
class RefusingProcfs extends Procfs {
  readonly refused = new Set<number>();
  /** A thread's own directory can be opened by name, but is not listed. */
  readonly unlisted = new Set<number>();

  /** Whether tasks are hidden as well, and how many the machine has. */
  taskTotal: number | null | "shown" = "shown";

  override hidesProcesses(): boolean {
    return this.taskTotal !== "shown";
  }

  override readTaskTotal(): number | null {
    return this.taskTotal === "shown" ? null : this.taskTotal;
  }

  override readUptimeS(): number {
    return UPTIME_S;
  }

  override listProcesses(into: NumberList): void {
    const all = new NumberList();
    super.listProcesses(all);
    into.clear();
    for (let i = 0; i < all.length; i++)
      if (!this.unlisted.has(all.get(i))) into.push(all.get(i));
  }

  override readTaskIo(pid: number, tid: number): ProcIo | null | "denied" {
    return this.refused.has(tid) ? "denied" : super.readTaskIo(pid, tid);
  }
}

/** The sampler after its first scan. */
function open({ unlisted = [] as number[] } = {}): {
  procfs: RefusingProcfs;
  /** Processes whose CPU time stands still. */
  asleep: Set<number>;
  sample: () => Sample;
} {
  let nowNs = 5e15;
  const clock = {
    monotonicNs: () => (nowNs += 1000),
    wallMs: () => 1_700_000_000_000 + nowNs / 1e6,
  };
  const procfs = new RefusingProcfs(root);
  for (const tid of unlisted) procfs.unlisted.add(tid);
  const details = new ProcfsTaskFacts(procfs);
  const lives = new Lives(procfs.readPidMax(), details, clock);
  const asleep = new Set<number>();
  let runNs = 0;
  const cpuClock = {
    processRunNs: (pid: number) => (asleep.has(pid) ? 1 : ++runNs),
  };
  const idle = new IdleProcesses(cpuClock, lives, 1, true);
  const tracker = new TaskTracker(lives, { isExiting: () => null });
  const sampler = new Sampler({
    procfs,
    clock,
    lives,
    tracker,
    idle,
    details,
    reader: new ProcfsReader({ procfs, clock, lives, tracker, idle }),
    delaysSinceBoot: procfs.readWaitsSinceBoot(),
  });
  for (const _ of sampler.watch());
  const sample = (): Sample => {
    nowNs += 1e9;
    const steps = sampler.sample();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  };
  return { procfs, asleep, sample };
}

const rowOf = (sample: Sample, tid: number) =>
  sample.threads.find((row) => row.task.tid === tid);

test("what a task did between two lives, its calls too", () => {
  task({ tid: 100, readBytes: 4096 });
  const { sample } = open();
  task({ tid: 100, readBytes: 12_288, ioTicks: 7 });
  const { origin, threads, health } = sample();
  expect(origin).toMatchObject({ accounting: "procfs", hostname: "box" });
  expect(health).toMatchObject({ denied: 0, exitEvents: false });
  expect(threads).toHaveLength(1);
  expect(threads[0]).toMatchObject({
    readBytes: 8192,
    writeBytes: 0,
    readCalls: 0,
    ioWaitNs: 70_000_000,
    swapWaitNs: null,
  });
  expect(threads[0]!.task).toMatchObject({ comm: "dd", uid: 1000, ppid: 1 });
});

test("tasks that may not be read: counted, and unknown but for their waits", () => {
  task({ tid: 100 });
  task({ tid: 200, readBytes: 4096 });
  const { sample, procfs } = open();
  procfs.refused.add(200);
  task({ tid: 300, readBytes: 4096, ioTicks: 1, startTicks: 100_050 });
  procfs.refused.add(300);
  const first = sample();
  expect(first.health.denied).toBe(2);
  expect(rowOf(first, 300)).toMatchObject({
    readBytes: null,
    writeBytes: null,
    readCalls: null,
    ioWaitNs: 10_000_000,
  });
  const second = sample();
  expect(rowOf(second, 300)).toMatchObject({ readBytes: null, ioWaitNs: 0 });
  expect(rowOf(second, 100)).toMatchObject({ readBytes: 0 });
});

test("sums are of those that can be read, and unknown where nobody can", () => {
  task({ tid: 100, readBytes: 4096 });
  task({ tid: 200, readBytes: 4096 });
  const { sample, procfs } = open();
  procfs.refused.add(100).add(200);
  const host = () => {
    const { readBytes, ioWaitNs, since } = sample().host;
    return [readBytes, ioWaitNs, since.readBytes];
  };
  // Both were read at first: of what they do from now on nobody knows.
  for (let n = 0; n < 3; n++) expect(host()).toEqual([null, 0, null]);
  task({ tid: 300, readBytes: 8192, startTicks: 100_350 });
  expect(host()).toEqual([8192, 0, 8192]);
  // It did nothing; of the other nobody knows.
  expect(host()).toEqual([null, 0, 8192]);
  procfs.refused.add(300);
  task({ tid: 300, readBytes: 9999, startTicks: 100_350 });
  expect(host()).toEqual([null, 0, 8192]);
  rmSync(join(root, "300"), { recursive: true });
  expect(host()).toEqual([null, 0, 8192]);
  rmSync(join(root, "100"), { recursive: true });
  rmSync(join(root, "200"), { recursive: true });
  // Until their end, of which they leave a row, nobody waited.
  expect(host()).toEqual([null, 0, 8192]);
  expect(host()).toEqual([null, null, 8192]);
});

test("a task that turns unreadable, as sudo does, is unknown from then on", () => {
  task({ tid: 100, comm: "bash" });
  const { sample, procfs } = open();
  task({ tid: 100, comm: "bash", readBytes: 4096 });
  expect(rowOf(sample(), 100)?.readBytes).toBe(4096);
  task({ tid: 100, comm: "sudo", readBytes: 8192, uid: 0 });
  procfs.refused.add(100);
  const unknown = { readBytes: null, since: { readBytes: null } };
  expect(rowOf(sample(), 100)).toMatchObject(unknown);
  expect(rowOf(sample(), 100)).toMatchObject(unknown);
});

test("a task that is gone ended, nobody knows how", () => {
  task({ tid: 100 });
  task({ tid: 200 });
  const { sample } = open();
  rmSync(join(root, "200"), { recursive: true });
  const { threads, health } = sample();
  expect(threads.find((row) => row.task.tid === 200)?.exit).toEqual({
    code: null,
    signal: null,
  });
  expect(health.vanished).toBe(1);
  expect(sample().threads).toHaveLength(1);
});

test("threads belong to their process", () => {
  task({ tid: 100 });
  task({ tid: 101, pid: 100 });
  const { sample } = open({ unlisted: [101] });
  task({ tid: 101, pid: 100, readBytes: 4096 });
  const { processes } = sample();
  const row = processes.find(({ task: { pid } }) => pid === 100);
  expect(row).toMatchObject({ readBytes: 4096, count: 2 });
});

test("a pid that is used again is a new task, counted in full", () => {
  task({ tid: 100, readBytes: 1 << 20, comm: "old" });
  const { sample } = open();
  task({ tid: 100, readBytes: 4096, comm: "new", startTicks: 100_050, uid: 7 });
  const { threads } = sample();
  const young = threads.find((row) => row.task.comm === "new");
  expect(young).toMatchObject({ readBytes: 4096, born: true });
  expect(young?.task.uid).toBe(7);
  expect(threads.find((row) => row.task.comm === "old")).toMatchObject({
    readBytes: 0,
    exit: { code: null },
  });
});

test("a new owner is read with a new name", () => {
  task({ tid: 100, comm: "su", uid: 0 });
  const { sample } = open();
  task({ tid: 100, comm: "bash", uid: 1000 });
  expect(rowOf(sample(), 100)?.task).toMatchObject({ comm: "bash", uid: 1000 });
});

test("a process that has not run is not read, and stays in the list", () => {
  task({ tid: 100, readBytes: 4096 });
  const { procfs, asleep, sample } = open();
  asleep.add(100);
  sample();
  const reads = spyOn(procfs, "readTaskIo");
  task({ tid: 100, readBytes: 8192 });
  const still = sample();
  expect(reads).not.toHaveBeenCalledWith(100, 100);
  expect(rowOf(still, 100)).toMatchObject({ readBytes: 0, exit: null });
  asleep.delete(100);
  expect(rowOf(sample(), 100)).toMatchObject({ readBytes: 4096 });
});

test("tasks of a process that has not run are denied as before", () => {
  task({ tid: 100 });
  const { procfs, asleep, sample } = open();
  procfs.refused.add(100);
  expect(sample().health.denied).toBe(1);
  asleep.add(100);
  for (let i = 0; i < 3; i++) expect(sample().health.denied).toBe(1);
});

test("tasks that are not even shown are counted with those that may not be read", () => {
  for (const tid of [100, 200, 300]) task({ tid });
  const { sample, procfs } = open();
  procfs.refused.add(200);
  procfs.taskTotal = 10;
  expect(sample().health.denied).toBe(1 + 7);
  procfs.taskTotal = null;
  expect(sample().health.denied).toBeNull();
  procfs.taskTotal = "shown";
  expect(sample().health.denied).toBe(1);
});

test("a task whose owner cannot be read is none of root's", () => {
  const { sample } = open();
  task({ tid: 100, startTicks: 100_050 });
  rmSync(join(root, "100/status"));
  task({ tid: 200, startTicks: 100_050 });
  const { threads } = sample();
  expect(threads.map((row) => row.task.tid)).toEqual([200]);
});

test("waits of which nothing is known are unknown", () => {
  task({ tid: 100 });
  rmSync(join(root, "sys/kernel/task_delayacct"));
  rmSync(join(root, "cmdline"));
  const { origin, host, threads } = open().sample();
  expect(origin.delayAccounting).toBeNull();
  expect(host.ioWaitNs).toBeNull();
  expect(threads[0]!.ioWaitNs).toBeNull();
});

test("a thread that is stuck while another one of its process runs", () => {
  const runs = (tid: number, count: number) =>
    write(`${tid}/task/${tid}/schedstat`, `1 2 ${count}\n`);
  const threads = (state: string) => {
    task({ tid: 100 });
    task({ tid: 101, pid: 100, state });
  };
  threads("S");
  runs(101, 5);
  const { sample } = open({ unlisted: [101] });
  const blockedMs = () => {
    const { blockedNs } = rowOf(sample(), 101)!;
    return blockedNs === null ? null : Math.round(blockedNs / 1e6);
  };
  expect(blockedMs()).toBe(0);
  threads("D");
  runs(101, 6);
  // From /proc it does not show whether it has run in between: a second look tells.
  expect([blockedMs(), blockedMs(), blockedMs()]).toEqual([0, 1000, 2000]);
  // It ran, and waits again.
  runs(101, 7);
  expect([blockedMs(), blockedMs()]).toEqual([0, 1000]);
  threads("S");
  expect(blockedMs()).toBe(0);
});
