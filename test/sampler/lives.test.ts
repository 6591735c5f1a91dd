/** One test for every way in which bytes could be counted twice, dropped, or given to somebody else. */
import { describe, expect, test } from "bun:test";
import type { Sample } from "../../src/model/sample.ts";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import type { FakeTask } from "../support/fake-linux/fake-linux-tasks.ts";
import { FakeSampler, rowOf } from "../support/fake-linux/fake-sampler.ts";
import {
  allBytes,
  bytes,
  during,
  KIB,
  pair,
  start,
} from "../support/fake-linux/fake-watch.ts";

describe("birth", () => {
  test("who was there counts from there, who came later in full", () => {
    let old!: FakeTask;
    const rig = start((linux) => {
      old = linux.fork(1);
      linux.io(old, { readBytes: 64 * KIB });
    });
    rig.linux.io(old, { readBytes: 4 * KIB });
    const young = rig.linux.fork(1);
    rig.linux.io(young, { readBytes: 8 * KIB });
    const sample = rig.sample();
    expect(rowOf(sample, old.comm)).toMatchObject({
      readBytes: 4 * KIB,
      born: false,
    });
    expect(rowOf(sample, young.comm)).toMatchObject({
      readBytes: 8 * KIB,
      born: true,
    });
  });

  test("who ended before the watch began has no row and is not missed", () => {
    const rig = start((linux) => {
      linux.exitProcess(linux.fork(1).process);
    });
    const first = rig.sample();
    rig.linux.reap([...rig.linux.processes.values()].at(-1)!);
    const second = rig.sample();
    expect(first.threads).toHaveLength(2);
    expect(second.threads).toHaveLength(2);
    expect(second.health.vanished).toBe(0);
  });

  test("who ends at the baseline has one row, with what it did since it answered", () => {
    const linux = new FakeLinux();
    linux.fork(0, 1);
    const task = linux.fork(1);
    linux.fork(1);
    linux.io(task, { readBytes: 64 * KIB });
    linux.sleep(1000);
    const rig = new FakeSampler(linux);
    linux.look = (at) => {
      if (at !== "answer 1001") return;
      linux.look = () => {};
      linux.io(task, { readBytes: 4 * KIB });
      linux.exit(task);
    };
    rig.watch();
    linux.sleep(1000);
    expect(rowOf(rig.sample(), task.comm)).toMatchObject({
      readBytes: 4 * KIB,
      born: false,
      exit: {},
    });
    linux.reap(task.process);
    const second = rig.sample();
    expect(rowOf(second, task.comm)).toBeUndefined();
    expect(second.health.vanished).toBe(0);
  });

  test("of a tid that two tasks have within microseconds of the beginning of the watch, the second one counts in full", () => {
    const linux = new FakeLinux();
    const main = linux.fork(0, 1);
    linux.sleep(1000);
    const rig = new FakeSampler(linux);
    linux.look = (at) => {
      if (at !== "list /proc") return;
      linux.look = () => {};
      const first = linux.clone(main.process);
      linux.exit(first);
      linux.io(linux.clone(main.process, first.tid), { readBytes: 4 * KIB });
    };
    rig.watch();
    linux.sleep(1000);
    expect(allBytes([rig.sample(), rig.sample()])).toBe(4 * KIB);
  });
});

describe("end", () => {
  test("a life between two samples: its bytes, its status, once", () => {
    const rig = start();
    const task = rig.linux.fork(1);
    rig.linux.io(task, { readBytes: 4 * KIB, writeBytes: 8 * KIB });
    rig.linux.exit(task, 3 << 8);
    rig.linux.reap(task.process);
    const sample = rig.sample();
    expect(rowOf(sample, task.comm)).toMatchObject({
      readBytes: 4 * KIB,
      writeBytes: 8 * KIB,
      born: true,
      exit: { code: 3, signal: 0 },
    });
    expect(rowOf(rig.sample(), task.comm)).toBeUndefined();
  });

  test("a zombie that answers for long is told once", () => {
    const rig = start();
    const task = rig.linux.fork(1);
    rig.linux.io(task, { readBytes: 4 * KIB });
    rig.linux.exit(task);
    const samples = [rig.sample(), rig.sample(), rig.sample()];
    expect(bytes(samples, task.comm)).toBe(4 * KIB);
    expect(rowOf(samples[1]!, task.comm)).toBeUndefined();
  });

  test("what a zombie still waited for is in a row, as it is in the total", () => {
    const rig = start();
    const task = rig.linux.fork(1);
    rig.sample();
    rig.linux.exit(task, 0, "with its files");
    rig.sample();
    rig.linux.lateIo(task, { swapWaitNs: 500 });
    const sample = rig.sample();
    expect(sample.host.swapWaitNs).toBe(500);
    expect(rowOf(sample, task.comm)?.swapWaitNs).toBe(500);
  });

  test("what a main thread does on its way out is in the sums of its process", () => {
    const rig = start();
    const { main, other } = pair(rig.linux);
    rig.sample();
    rig.linux.exit(main, 0, "with its files");
    rig.sample();
    rig.linux.lateIo(main, { readBytes: 4 * KIB });
    rig.sample();
    rig.linux.io(other, { readBytes: 8 * KIB });
    const row = rig
      .sample()
      .processes.find((each) => each.task.pid === main.tid);
    expect(row?.since.readBytes).toBe(12 * KIB);
  });

  test("a main thread that makes a thread and ends: the thread is seen", () => {
    const rig = start();
    const main = rig.linux.fork(1);
    rig.sample();
    rig.sample();
    const other = rig.linux.clone(main.process);
    rig.linux.exit(main);
    rig.linux.io(other, { readBytes: 4 * KIB });
    expect(rowOf(rig.sample(), other.comm)?.readBytes).toBe(4 * KIB);
  });

  test("a thread that ends before its main thread is seen stays in the sums of its process, which goes on", () => {
    const rig = start();
    let main!: FakeTask;
    const processIn = ({ processes }: Sample) =>
      processes.find((row) => row.task.pid === main.tid);
    const first = during(rig, ["answer 1"], () => {
      const { main: born, other } = pair(rig.linux);
      main = born;
      rig.linux.io(other, { readBytes: 4 * KIB });
      rig.linux.exit(other);
    });
    const early = processIn(first)!;
    expect(early).toMatchObject({ readBytes: 4 * KIB, born: true, exit: null });
    expect(early.task.tid).not.toBe(main.tid);
    rig.sample();
    rig.linux.io(main, { readBytes: 8 * KIB });
    expect(processIn(rig.sample())).toMatchObject({
      task: { tid: main.tid, processKey: early.task.processKey },
      since: { readBytes: 12 * KIB },
      count: 2,
      exit: null,
    });
  });

  test("a message that was made up before the last look for messages, and came behind it", () => {
    const rig = start();
    const { linux } = rig;
    const task = linux.fork(1);
    linux.io(task, { readBytes: 4 * KIB });
    const samples = [rig.sample()];
    linux.exit(task, 0, "before its message is sent");
    linux.sleep(1);
    rig.drain();
    linux.leave(task);
    linux.reap(task.process);
    samples.push(rig.sample());
    expect(allBytes(samples)).toBe(4 * KIB);
    expect(samples.map(({ health }) => health.vanished)).toEqual([0, 0]);
  });

  test("a thread whose message comes after that of the last one is of the same process", () => {
    const rig = start();
    const { linux } = rig;
    const { main, other } = pair(linux);
    linux.io(main, { readBytes: 8 * KIB });
    linux.io(other, { readBytes: 4 * KIB });
    linux.exit(other, 0, "before its message is sent");
    linux.exit(main);
    linux.reap(main.process);
    const { processes } = rig.sample();
    const ended = processes.filter((row) => row.task.pid === main.tid);
    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject({
      readBytes: 12 * KIB,
      count: 2,
      exit: { code: 0, signal: 0 },
    });
  });

  test("without exit messages an ended task is counted as vanished", () => {
    const rig = start(() => {}, { hearsExits: false });
    const task = rig.linux.fork(1);
    rig.sample();
    rig.linux.exit(task);
    rig.linux.reap(task.process);
    const { threads, health } = rig.sample();
    expect(health).toMatchObject({ vanished: 1, exitEvents: false });
    expect(threads.find((row) => row.task.tid === task.tid)?.exit).toEqual({
      code: null,
      signal: null,
    });
  });
});

describe("execve", () => {
  test("by the main thread keeps the counters and changes the name", () => {
    const rig = start();
    const task = rig.linux.fork(1);
    rig.linux.io(task, { readBytes: 4 * KIB });
    const first = rig.sample();
    const { key } = rowOf(first, task.comm)!.task;
    rig.linux.exec(task);
    rig.linux.io(task, { readBytes: 8 * KIB });
    const row = rowOf(rig.sample(), task.comm)!;
    expect(row).toMatchObject({
      readBytes: 8 * KIB,
      since: { readBytes: 12 * KIB },
    });
    expect(row.task.key).toBe(key);
  });

  const moments = {
    "before the first messages are drained": ["receive"],
    "before the processes are looked for": ["last pid"],
    "before its CPU time is read": ["cpu time 1000"],
    "before the list of threads": ["list threads 1000"],
    "before the main thread answers": ["answer 1000"],
    "between the answers of the main thread and its own": ["answer 1001"],
    "after all answers": ["answer 1001", "receive"],
  };
  for (const [moment, looks] of Object.entries(moments))
    for (const ends of [false, true])
      test(`by another thread ${moment}${ends ? ", and its end" : ""}`, () => {
        const rig = start();
        const { main, other } = pair(rig.linux);
        rig.linux.io(main, { readBytes: 4 * KIB });
        rig.linux.io(other, { readBytes: 8 * KIB });
        const samples = [rig.sample()];
        rig.linux.io(main, { readBytes: 16 * KIB });
        rig.linux.io(other, { readBytes: 32 * KIB });
        samples.push(
          during(rig, looks, () => {
            rig.linux.exec(other);
            rig.linux.io(other, { readBytes: 64 * KIB });
            if (ends) rig.linux.exit(other);
          }),
        );
        samples.push(rig.sample(), rig.sample());
        expect(allBytes(samples)).toBe(124 * KIB);
        expect(samples.map(({ health }) => health.vanished)).toEqual([
          0, 0, 0, 0,
        ]);
      });

  test("by another thread is one process, with two rows whose keys differ", () => {
    const rig = start();
    const { main, other } = pair(rig.linux);
    rig.sample();
    rig.linux.exec(other);
    const sample = rig.sample();
    const rows = sample.threads.filter((row) => row.task.pid === main.tid);
    expect(new Set(rows.map((row) => row.task.key)).size).toBe(2);
    const folded = sample.processes.filter((row) => row.task.pid === main.tid);
    expect(folded).toHaveLength(1);
    expect(folded[0]).toMatchObject({ count: 2, exit: null });
    expect(folded[0]!.task.comm).toBe(other.comm);
  });

  test("by another thread as the watch begins: neither's past is counted", () => {
    const linux = new FakeLinux();
    linux.fork(0, 1);
    const { main, other } = pair(linux);
    linux.io(main, { readBytes: 4 * KIB });
    linux.io(other, { readBytes: 8 * KIB });
    linux.sleep(1000);
    const rig = new FakeSampler(linux);
    linux.look = (at) => {
      if (at !== "list /proc") return;
      linux.look = () => {};
      linux.exec(other);
    };
    rig.watch();
    linux.io(other, { readBytes: 16 * KIB });
    expect(allBytes([rig.sample(), rig.sample()])).toBe(16 * KIB);
  });

  test("by another thread, whose new tid is known as its own while the list does not change", () => {
    const rig = start();
    const { main, other } = pair(rig.linux);
    rig.sample();
    rig.linux.exec(other);
    rig.sample();
    const before = rig.lives.table.find(main.tid);
    const second = rig.sample();
    expect(rig.lives.table.find(main.tid)).toBe(before);
    expect(rowOf(second, other.comm)).toBeDefined();
  });

  test("by another thread, its end and a new process under the tid: each row once", () => {
    const rig = start();
    const { main, other } = pair(rig.linux);
    rig.sample();
    rig.linux.exec(other);
    rig.linux.exit(other);
    rig.linux.reap(main.process);
    rig.linux.sleep(200);
    const young = rig.linux.fork(1, main.tid);
    rig.linux.io(young, { readBytes: 4 * KIB });
    const samples = [rig.sample(), rig.sample()];
    expect(bytes(samples, young.comm)).toBe(4 * KIB);
    for (const { threads } of samples)
      expect(new Set(threads.map((row) => row.task.key)).size).toBe(
        threads.length,
      );
  });
});

describe("a tid that is used again", () => {
  test("within one interval: each life has its own row", () => {
    const rig = start();
    const old = rig.linux.fork(1);
    rig.linux.io(old, { readBytes: 4 * KIB });
    rig.sample();
    rig.linux.exit(old);
    rig.linux.reap(old.process);
    rig.linux.sleep(200);
    const young = rig.linux.fork(1, old.tid);
    rig.linux.io(young, { readBytes: 8 * KIB });
    const sample = rig.sample();
    expect(rowOf(sample, old.comm)).toMatchObject({ readBytes: 0, exit: {} });
    expect(rowOf(sample, young.comm)).toMatchObject({
      readBytes: 8 * KIB,
      born: true,
    });
  });

  test("three times, all unseen: their messages are told apart", () => {
    const rig = start();
    const lives: FakeTask[] = [];
    for (const size of [4, 8, 16]) {
      const task = rig.linux.fork(1, 5000);
      lives.push(task);
      rig.linux.io(task, { readBytes: size * KIB });
      rig.linux.sleep(150);
      rig.linux.exit(task);
      rig.linux.reap(task.process);
    }
    const sample = rig.sample();
    expect(lives.map(({ comm }) => rowOf(sample, comm)?.readBytes)).toEqual([
      4 * KIB,
      8 * KIB,
      16 * KIB,
    ]);
    expect(rig.sample().threads).toHaveLength(2);
  });

  test.each([1, 10, 40])(
    "%i ms after it was free: who has it now is not the zombie of who had it",
    (ms) => {
      const rig = start();
      const { linux } = rig;
      const { tid } = linux.fork(1);
      linux.exitProcess(linux.processes.get(tid)!);
      linux.reap(linux.processes.get(tid)!);
      rig.sample();
      linux.sleep(10);
      const first = linux.fork(1, tid);
      linux.io(first, { writeBytes: 4 * KIB });
      linux.exitProcess(first.process);
      linux.reap(first.process);
      linux.sleep(ms);
      const second = linux.fork(1, tid);
      linux.io(second, { writeBytes: 8 * KIB });
      linux.sleep(ms);
      const sample = rig.sample();
      expect(rowOf(sample, first.comm)?.writeBytes).toBe(4 * KIB);
      expect(rowOf(sample, second.comm)?.writeBytes).toBe(8 * KIB);
      expect(sample.host.writeBytes).toBe(12 * KIB);
    },
  );

  test("over and over within microseconds: who ended before a living task was read is not that task", () => {
    const rig = start();
    const { linux } = rig;
    const run = (ms: number): FakeTask => {
      const task = linux.fork(1, 5000);
      linux.sleep(ms);
      linux.io(task, { writeBytes: 4 * KIB });
      linux.exit(task);
      linux.reap(task.process);
      return task;
    };
    const ended = [run(0), run(0.01)];
    linux.exit(linux.clone(linux.processes.get(1)!, 5000));
    const next = linux.fork(1, 5000);
    linux.io(next, { writeBytes: 16 * KIB });
    linux.sleep(2);
    const samples = [rig.sample()];
    linux.io(next, { writeBytes: 8 * KIB });
    linux.exit(next);
    linux.reap(next.process);
    samples.push(rig.sample());
    const written = ({ comm }: FakeTask) =>
      samples
        .flatMap(({ threads }) => threads)
        .filter(({ task }) => task.comm === comm)
        .reduce((sum, { writeBytes }) => sum + writeBytes!, 0);
    expect(ended.map(written)).toEqual([4 * KIB, 4 * KIB]);
    expect(written(next)).toBe(24 * KIB);
    expect(samples.map(({ health }) => health.vanished)).toEqual([0, 0]);
  });

  test("after an execve by a thread that nobody saw: each process keeps its own sums", () => {
    const rig = start();
    const old = rig.linux.fork(1, 5000);
    rig.sample();
    const unseen = rig.linux.clone(old.process);
    rig.linux.exec(unseen);
    rig.linux.exit(unseen);
    rig.linux.reap(old.process);
    rig.linux.sleep(200);
    const main = rig.linux.fork(1, 5000);
    const other = rig.linux.clone(main.process);
    rig.linux.io(main, { readBytes: 4 * KIB });
    rig.linux.exit(main);
    rig.sample();
    rig.linux.io(other, { readBytes: 8 * KIB });
    const row = rig
      .sample()
      .processes.find(({ task }) => task.uid === main.process.uid);
    expect(row?.since.readBytes).toBe(12 * KIB);
  });

  test("by a process of threads after another one: all threads are asked", () => {
    const rig = start();
    const old = pair(rig.linux);
    rig.sample();
    rig.sample();
    rig.linux.exitProcess(old.main.process);
    rig.linux.reap(old.main.process);
    rig.linux.sleep(200);
    const main = rig.linux.fork(1, old.main.tid);
    const other = rig.linux.clone(main.process);
    rig.sample();
    rig.linux.io(other, { readBytes: 4 * KIB });
    expect(rowOf(rig.sample(), other.comm)?.readBytes).toBe(4 * KIB);
  });

  test("by a thread of another process, between the list and the answer", () => {
    const rig = start();
    const { main, other } = pair(rig.linux);
    const init = rig.linux.processes.get(1)!;
    rig.sample();
    rig.linux.sleep(200);
    rig.linux.run(main);
    let moved!: FakeTask;
    const sample = during(rig, [`answer ${other.tid}`], () => {
      rig.linux.exit(other);
      moved = rig.linux.clone(init, other.tid);
    });
    expect(rowOf(sample, moved.comm)?.task.pid).toBe(1);
  });

  test("and tids above what pid_max was when the sampler began", () => {
    const linux = new FakeLinux();
    linux.fork(0, 1);
    const rig = new FakeSampler(linux, { pidMax: 100 });
    rig.watch();
    const task = linux.fork(1, 4_000_000);
    linux.io(task, { readBytes: 4 * KIB });
    rig.sample();
    linux.io(task, { readBytes: 8 * KIB });
    expect(rowOf(rig.sample(), task.comm)).toMatchObject({
      readBytes: 8 * KIB,
      since: { readBytes: 12 * KIB },
    });
  });
});

test("kernels that do not tell the process in the struct: the same sums", () => {
  const rig = start(() => {}, { version: 9 });
  const { main, other } = pair(rig.linux);
  rig.linux.io(main, { readBytes: 4 * KIB });
  rig.linux.io(other, { readBytes: 8 * KIB });
  const samples = [rig.sample()];
  rig.linux.exec(other);
  rig.linux.io(other, { readBytes: 16 * KIB });
  samples.push(rig.sample());
  rig.linux.exit(other);
  rig.linux.reap(main.process);
  samples.push(rig.sample());
  expect(allBytes(samples)).toBe(28 * KIB);
});
