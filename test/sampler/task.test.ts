import { describe, expect, test } from "bun:test";
import {
  Task,
  type TaskFactReader,
  type TaskFacts,
} from "../../src/sampler/task.ts";

/** Tells names that change with every reading, and counts the readings. */
class Names implements TaskFactReader {
  generation = 1;
  readings = 0;
  isGone = false;

  userOfUid = (uid: number): string => String(uid);
  /** Arguments that tasks keep at the moment. */
  kept = 0;

  readCmdline(): readonly string[] {
    this.kept++;
    return ["program", String(this.readings)];
  }
  forgetCmdline(): void {
    this.kept--;
  }
  readIoPriority = (): null => null;
  readCgroup = (): null => null;
  readState(): string {
    this.readings++;
    return "RS"[this.readings % 2]!;
  }
  readLongName(): string | null {
    this.readings++;
    return this.isGone ? null : `kworker/0:1-work${this.readings}`;
  }
}

const FACTS: TaskFacts = {
  tid: 44,
  process: { pid: 44, key: "44.0" },
  ppid: 2,
  startMs: 0,
  execCount: 0,
  comm: "kworker/0:1",
  uid: 0,
  isKernelThread: false,
};

const task = (names: Names, isKernelThread: boolean): Task =>
  new Task({ ...FACTS, isKernelThread }, names);

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

describe("arguments are counted as kept", () => {
  const keptAfter = (act: (worker: Task) => void): number => {
    const names = new Names();
    const worker = task(names, false);
    act(worker);
    return names.kept;
  };

  test.each<[string, number, (worker: Task) => void]>([
    [
      "from the first look on",
      1,
      (worker) => void [worker.cmdline, worker.cmdline],
    ],
    [
      "until the task executes another program",
      0,
      (worker) => void [worker.cmdline, (worker.comm = "other")],
    ],
    [
      "until the task ends",
      0,
      (worker) => void [worker.cmdline, worker.end(), worker.end()],
    ],
    ["not at all if nobody looked", 0, (worker) => worker.end()],
    [
      "once after a new program",
      1,
      (worker) =>
        void [worker.cmdline, (worker.comm = "other"), worker.cmdline],
    ],
  ])("%s", (_, kept, act) => expect(keptAfter(act)).toBe(kept));

  test("not for a thread that has ended, whose process is asked", () => {
    const names = new Names();
    const thread = new Task({ ...FACTS, tid: 45 }, names);
    thread.end();
    expect(thread.cmdline).toEqual(["program", "0"]);
    expect(names.kept).toBe(0);
  });
});

describe("the state", () => {
  test("is read when somebody looks, once a sample", () => {
    const names = new Names();
    const worker = task(names, false);
    expect(names.readings).toBe(0);
    expect([worker.state, worker.state]).toEqual(["S", "S"]);
    expect(names.readings).toBe(1);
    names.generation++;
    expect(worker.state).toBe("R");
  });

  test("of a task that has ended is unknown: its id may be somebody else's", () => {
    const names = new Names();
    const worker = task(names, false);
    void worker.state;
    worker.end();
    expect(worker.state).toBeNull();
    expect(names.readings).toBe(1);
  });
});

describe("the cgroup of a task that ended before it was read", () => {
  class Cgroups extends Names {
    readonly paths = new Map<number, string>();
    override readCgroup = ((tid: number) =>
      this.paths.get(tid) ?? null) as never;
    override readState = (): string => "S";
  }
  /** A parent 100, and a child 200. */
  const make = (path: string | null) => {
    const names = new Cgroups();
    if (path !== null) names.paths.set(100, path);
    const [parent, task] = [100, 200].map(
      (tid) =>
        new Task(
          { ...FACTS, tid, process: { pid: tid, key: `${tid}` } },
          names,
        ),
    ) as [Task, Task];
    return { names, parent, task };
  };

  test("is that of its parent, and says so", () => {
    const { parent, task } = make("/system.slice/cron.service");
    task.end();
    task.meetParent(parent);
    expect(task.cgroup).toBe("/system.slice/cron.service");
    expect(task.cgroupInherited).toBe(true);
    expect(parent.cgroupInherited).toBe(false);
  });

  test("is its own if that was read in time, under another name too", () => {
    const { names, parent, task } = make("/system.slice/cron.service");
    names.paths.set(200, "/own");
    expect([task.cgroup, task.cgroupInherited]).toEqual(["/own", false]);
    task.end();
    task.meetParent(parent);
    task.comm = "other";
    expect([task.cgroup, task.cgroupInherited]).toEqual(["/own", false]);
  });

  test("is not that where a task is put that is ending", () => {
    const { names, parent, task } = make("/a.service");
    names.paths.set(200, "/");
    names.readState = () => "Z";
    expect([task.cgroup, task.cgroupInherited]).toEqual([null, false]);
    names.readState = () => "S";
    const { names: others, task: living } = make("/a.service");
    others.paths.set(200, "/");
    expect([living.cgroup, living.cgroupInherited]).toEqual(["/", false]);
    expect(parent.cgroup).toBe("/a.service");
  });

  test.each([
    ["the parent is not known", "/a", false],
    ["the parent's cannot be read", null, true],
    [
      "it is of a service manager",
      "/user.slice/user@1.service/init.scope",
      true,
    ],
  ])("is unknown where %s", (_, path, isKnown) => {
    const { parent, task } = make(path);
    task.end();
    task.meetParent(isKnown ? parent : null);
    expect([task.cgroup, task.cgroupInherited]).toEqual([null, false]);
  });
});
