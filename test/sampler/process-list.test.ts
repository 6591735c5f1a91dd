/** New processes are found by the ids that were given out, and /proc is listed only where those do not tell. */
import { describe, expect, test } from "bun:test";
import type { Sample } from "../../src/model/sample.ts";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import type { FakeTask } from "../support/fake-linux/fake-linux-tasks.ts";
import {
  FakeSampler,
  type FakeSamplerOptions,
} from "../support/fake-linux/fake-sampler.ts";

const KIB = 1024;
const HERD = 10;

/** A machine on which nothing begins, and which was listed twice: as it began, and because there was no range yet. */
function start(options: FakeSamplerOptions = {}) {
  const linux = new FakeLinux();
  const init = linux.fork(0, 1).process;
  const herd = Array.from({ length: HERD }, () => linux.fork(1));
  const rig = new FakeSampler(linux, options);
  rig.watch();
  rig.countFromNow();
  linux.sleep(100);
  rig.sample();
  /** The next sample, and how often /proc was listed for it. */
  const sample = (): { lists: number; next: Sample } => {
    linux.sleep(100);
    const before = rig.procfs.listed.processes;
    const next = rig.sample();
    return { lists: rig.procfs.listed.processes - before, next };
  };
  const fork = (tid?: number): FakeTask => {
    const task = linux.fork(1, tid);
    linux.io(task, { readBytes: KIB });
    return task;
  };
  const end = ({ process }: FakeTask): void => {
    linux.exitProcess(process);
    linux.reap(process);
  };
  return { linux, init, herd, rig, sample, fork, end };
}

const shows = ({ threads }: Sample, { comm }: FakeTask): boolean =>
  threads.some(({ task, born, exit }) => task.comm === comm && born && !exit);

describe("/proc is not listed", () => {
  test("for a minute, however many begin and end", () => {
    const { linux, herd, sample, fork, end } = start();
    const beganNs = linux.nowNs;
    let lists = 0;
    for (let i = 0; linux.nowNs - beganNs < 59.8e9; i++) {
      end(fork());
      const young = fork();
      linux.clone(young.process);
      end(herd[i % HERD]!);
      herd[i % HERD] = young;
      const { lists: more, next } = sample();
      lists += more;
      expect(shows(next, young)).toBe(true);
      expect(next.host.readBytes).toBe(2 * KIB);
    }
    expect(lists).toBe(0);
    linux.sleep(200);
    expect(sample().lists).toBe(1);
  });

  test("where as many tasks are known as there are, zombies included", () => {
    const { linux, herd, sample } = start();
    linux.exitProcess(herd[0]!.process);
    sample();
    linux.sleep(5_000);
    expect(sample().lists).toBe(0);
    linux.sleep(5_000);
    expect(sample().lists).toBe(0);
  });

  test("when the ids begin again", () => {
    const { linux, sample, fork } = start();
    linux.pids.last = linux.pids.max - 3;
    sample();
    sample();
    const tasks = [fork(), fork(), fork(), fork()];
    expect(tasks.map(({ tid }) => tid)).toEqual([4094, 4095, 300, 301]);
    const { lists, next } = sample();
    expect(tasks.map((task) => shows(next, task))).not.toContain(false);
    expect(lists).toBe(0);
  });

  test("and whoever begins after the last id was read shows in the next sample", () => {
    const { linux, sample, fork } = start();
    let late: FakeTask | undefined;
    linux.look = (at) => {
      if (at.startsWith("cpu time")) late ??= fork();
    };
    expect(shows(sample().next, late!)).toBe(false);
    linux.look = () => {};
    const { lists, next } = sample();
    expect([lists, shows(next, late!)]).toEqual([0, true]);
    expect(next.host.readBytes).toBe(KIB);
  });

  test("for a fork that had its id before the last sample, and shows after it", () => {
    const { linux, sample, fork } = start();
    const begin = linux.pids.reserve(linux.pids.next(), fork);
    fork();
    sample();
    const young = begin();
    const { lists, next } = sample();
    expect([lists, shows(next, young)]).toEqual([0, true]);
  });

  test("for a process whose main thread has ended, or that became another program by a thread of it", () => {
    const { linux, sample, fork } = start();
    const headless = fork();
    const thread = linux.clone(headless.process);
    linux.exit(headless);
    const execed = fork();
    const caller = linux.clone(execed.process);
    linux.exec(caller);
    const { lists, next } = sample();
    expect(lists).toBe(0);
    expect([shows(next, thread), shows(next, caller)]).toEqual([true, true]);
    expect(next.host.readBytes).toBe(2 * KIB);
    expect(next.health.vanished).toBe(0);
  });
});

describe("threads of those that ran", () => {
  test("are not listed while only processes begin and end", () => {
    const { linux, herd, rig, sample, fork, end } = start();
    sample();
    const { listed } = rig.procfs;
    const before = listed.threads;
    for (let i = 0; i < 5; i++) {
      end(fork());
      for (const task of herd) linux.io(task, { readBytes: KIB });
      expect(sample().next.host.readBytes).toBe((HERD + 1) * KIB);
    }
    expect(listed.threads - before).toBe(0);
  });

  test("are not listed, and whoever waits has a turn, while many ids are looked for", () => {
    const { linux, rig, sample, fork, end } = start();
    const busy = Array.from({ length: 200 }, () => fork());
    sample();
    for (let i = 0; i < 150; i++) end(fork());
    sample();
    for (let i = 0; i < 150; i++) end(fork());
    for (const task of busy) linux.run(task);
    linux.sleep(100);
    const before = rig.procfs.listed.threads;
    const looks = [0];
    linux.look = (at) => {
      if (at.startsWith("task ")) looks[looks.length - 1]!++;
    };
    for (const _ of rig.sampler.sample()) looks.push(0);
    expect(rig.procfs.listed.threads - before).toBe(0);
    expect(looks.reduce((sum, count) => sum + count)).toBe(300);
    expect(Math.max(...looks)).toBeLessThanOrEqual(256);
  });

  test("are listed when a thread has begun, up to the moment of asking", () => {
    const { linux, herd, sample } = start();
    const [first, second] = herd;
    linux.io(linux.clone(first!.process), { readBytes: KIB });
    linux.look = (at) => {
      if (at !== "last pid") return;
      linux.look = (next) => {
        if (next !== "last pid") return;
        linux.io(linux.clone(second!.process), { readBytes: KIB });
        linux.look = () => {};
      };
    };
    const read = [sample(), sample()].map(({ next }) => next.host.readBytes!);
    expect(read[0]).toBeGreaterThanOrEqual(KIB);
    expect(read[0]! + read[1]!).toBe(2 * KIB);
  });

  test("are listed when more ids were given out than there are lists", () => {
    const { linux, init, rig, sample } = start();
    for (let i = 0; i < 20; i++) linux.exit(linux.clone(init));
    const before = rig.procfs.listed.threads;
    sample();
    expect(rig.procfs.listed.threads).toBeGreaterThan(before);
  });
});

describe("/proc is listed", () => {
  test("when to look for all ids would cost more", () => {
    const { linux, init, sample, fork } = start();
    for (let i = 0; i < 3 * HERD; i++) linux.exit(linux.clone(init));
    expect(sample().lists).toBe(0);
    for (let i = 0; i < 3 * HERD; i++) linux.exit(linux.clone(init));
    const young = fork();
    const { lists, next } = sample();
    expect([lists, shows(next, young)]).toEqual([1, true]);
    // And once more: as many as all of them may be hidden behind so many.
    expect([sample().lists, sample().lists]).toEqual([1, 0]);
  });

  test("when an id was set back", () => {
    const { linux, sample, fork } = start();
    linux.pids.last = 500;
    const young = fork();
    const { lists, next } = sample();
    expect([lists, shows(next, young)]).toEqual([1, true]);
  });

  test("when one has ended whose id is not among those given out: they came round", () => {
    const { linux, sample, fork, end } = start();
    const { last } = linux.pids;
    end(fork(last + 50));
    const young = fork(last + 60);
    linux.pids.last = last;
    fork();
    const { lists, next } = sample();
    expect([lists, shows(next, young)]).toEqual([1, true]);
    expect([sample().lists, sample().lists]).toEqual([1, 0]);
  });

  test("when exit messages were dropped", () => {
    const { sample, fork, end } = start({ exits: { room: 3 } });
    for (let i = 0; i < 6; i++) end(fork());
    const { lists, next } = sample();
    expect([lists, next.health.lostExits]).toEqual([1, 1]);
    expect(sample().lists).toBe(0);
  });

  test.each([
    ["nobody says who ends", { hearsExits: false }],
    ["everybody is asked", { idleDetection: false }],
  ])("each time where %s", (_, options) => {
    const { sample } = start(options);
    expect([sample().lists, sample().lists]).toEqual([1, 1]);
  });

  test("each time where it hides some", () => {
    const { rig, linux, sample } = start();
    rig.procfs.hidesTasks = true;
    linux.sleep(60_000);
    expect([sample().lists, sample().lists]).toEqual([1, 1]);
  });

  test("after ten seconds, for whoever has an id of its own choice", () => {
    const { linux, sample, fork } = start();
    const restored = linux.pids.outOfTurn(() => fork(777));
    expect(sample().next.host.readBytes).toBe(0);
    linux.sleep(10_000);
    const { lists, next } = sample();
    expect([lists, shows(next, restored)]).toEqual([1, true]);
    expect(next.host.readBytes).toBe(KIB);
  });

  test("after ten seconds, though a zombie went as one with such an id came: the number of tasks is the same", () => {
    const { linux, herd, sample, fork } = start();
    const { process } = herd[0]!;
    linux.exitProcess(process);
    sample();
    const restored = linux.pids.outOfTurn(() => fork(777));
    linux.reap(process);
    linux.sleep(5_000);
    expect(sample().lists).toBe(0);
    linux.sleep(5_000);
    const { lists, next } = sample();
    expect([lists, shows(next, restored)]).toEqual([1, true]);
  });

  test("after ten seconds, with the threads of who is idle by then, for a thread that has such an id", () => {
    const { linux, herd, sample } = start();
    const [first] = herd;
    const restored = linux.pids.outOfTurn(() =>
      linux.clone(first!.process, 777),
    );
    linux.io(restored, { readBytes: KIB });
    expect(sample().next.host.readBytes).toBe(0);
    linux.sleep(10_000);
    const { lists, next } = sample();
    expect([lists, shows(next, restored)]).toEqual([1, true]);
    expect(next.host.readBytes).toBe(KIB);
  });

  test("after a minute, for such a thread as well, where the number of tasks was right by chance", () => {
    const { linux, rig, herd, sample } = start();
    const [first] = herd;
    const restored = linux.pids.outOfTurn(() =>
      linux.clone(first!.process, 777),
    );
    linux.io(restored, { readBytes: KIB });
    // One that is known ends after it was asked, while the number is compared.
    rig.procfs.taskTotal = linux.tasks.size - 1;
    linux.sleep(5_000);
    expect(sample().next.host.readBytes).toBe(0);
    rig.procfs.taskTotal = "counted";
    linux.sleep(60_000);
    const { lists, next } = sample();
    expect([lists, shows(next, restored)]).toEqual([1, true]);
    expect(next.host.readBytes).toBe(KIB);
  });

  test("after ten seconds where nobody says how many tasks there are", () => {
    const { linux, rig, sample } = start();
    rig.procfs.taskTotal = null;
    linux.sleep(6_000);
    expect(sample().lists).toBe(0);
    linux.sleep(4_000);
    expect([sample().lists, sample().lists]).toEqual([1, 0]);
  });
});
