import { describe, expect, test } from "bun:test";
import { ProcessKey } from "../../src/sampler/process-key.ts";
import { Task, type Identity } from "../../src/sampler/task.ts";

/** Tells names that change with every reading, and counts the readings. */
class Names implements Identity {
  generation = 1;
  readings = 0;
  isGone = false;

  userOfUid = (uid: number): string => String(uid);
  readCmdline = (): null => null;
  readIoPriority = (): null => null;
  readCgroup = (): null => null;
  readLongName(): string | null {
    this.readings++;
    return this.isGone ? null : `kworker/0:1-work${this.readings}`;
  }
}

const task = (names: Names, isKernelThread: boolean): Task =>
  new Task(
    {
      tid: 44,
      process: new ProcessKey(1, 0),
      pid: 44,
      ppid: 2,
      startMs: 0,
      precursors: 0,
      comm: "kworker/0:1",
      uid: 0,
      isKernelThread,
    },
    names,
  );

describe("the long name", () => {
  test("of a thread of the kernel is read at most once a sample, as it follows its work", () => {
    const names = new Names();
    const worker = task(names, true);
    expect(names.readings).toBe(0);
    expect(worker.longName).toBe("kworker/0:1-work1");
    expect(worker.longName).toBe("kworker/0:1-work1");
    names.generation++;
    expect(worker.longName).toBe("kworker/0:1-work2");
    expect(worker.comm).toBe("kworker/0:1");
  });

  test("is the last one known when the thread is gone, and then nobody else's", () => {
    const names = new Names();
    const worker = task(names, true);
    names.isGone = true;
    expect(worker.longName).toBeNull();
    names.isGone = false;
    names.generation++;
    expect(worker.longName).toBe("kworker/0:1-work2");
    names.isGone = true;
    names.generation++;
    expect(worker.longName).toBe("kworker/0:1-work2");
    worker.end();
    names.isGone = false;
    names.generation++;
    expect(worker.longName).toBe("kworker/0:1-work2");
    expect(names.readings).toBe(3);
  });

  test("of all other tasks is unknown, and nothing is read for it", () => {
    const names = new Names();
    expect(task(names, false).longName).toBeNull();
    expect(names.readings).toBe(0);
  });
});

test("arguments that have not changed are the same object", () => {
  const names = new Names();
  const worker = task(names, true);
  expect(worker.cmdline).toEqual([]);
  expect(worker.cmdline).toBe(worker.cmdline);
});
