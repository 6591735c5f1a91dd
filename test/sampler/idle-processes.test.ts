import { expect, test } from "bun:test";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import { FakeSampler } from "../support/fake-linux/fake-sampler.ts";
import { IdleProcesses } from "../../src/sampler/idle-processes.ts";

/** Two processes that are known, and what tells of them. */
function open(isWanted = true) {
  const linux = new FakeLinux();
  linux.fork(0, 1);
  const task = linux.fork(1);
  linux.run(task);
  const rig = new FakeSampler(linux);
  rig.watch();
  const { cpuClock } = linux;
  const idle = new IdleProcesses(cpuClock, rig.lives, 1, isWanted);
  idle.look(task.tid, 0);
  return { linux, task, idle, processes: rig.lives.processes };
}

test("who has not run since it was last asked is idle", () => {
  const { linux, task, idle } = open();
  expect(idle.look(task.tid, 1)).toBe("idle");
  linux.run(task);
  expect(idle.look(task.tid, 2)).toBe("ran");
  expect(idle.look(task.tid, 3)).toBe("idle");
});

test("when it was found idle is noted", () => {
  const { task, idle, processes } = open();
  idle.look(task.tid, 77);
  expect(processes.activity.idleNs[processes.find(task.tid)]).toBe(77);
});

test("who is new has run", () => {
  const { linux, idle } = open();
  expect(idle.look(linux.fork(1).tid, 1)).toBe("ran");
});

test("an id that no process has is gone: nobody's, a thread's, that of one who is gone", () => {
  const { linux, task, idle } = open();
  const thread = linux.clone(task.process);
  expect(idle.look(thread.tid, 1)).toBe("gone");
  expect(idle.look(thread.tid + 1, 1)).toBe("gone");
  linux.exit(task);
  expect(idle.look(task.tid, 1)).toBe("ran");
  linux.exit(thread);
  expect(idle.look(task.tid, 2)).toBe("ran");
  linux.reap(task.process);
  expect(idle.look(task.tid, 3)).toBe("gone");
});

test("who never ran cannot be told from another that never ran", () => {
  const { linux, idle, processes } = open();
  const young = linux.fork(1);
  idle.look(young.tid, 1);
  processes.addThread(young.tid, true);
  idle.settle();
  expect(idle.look(young.tid, 2)).toBe("ran");
});

test("everybody has run where nobody wants to know, or no clock tells", () => {
  const { task, idle } = open(false);
  expect(idle.isDetected).toBe(false);
  expect(idle.look(task.tid, 1)).toBe("ran");
  expect(idle.look(task.tid, 2)).toBe("ran");
  const rig = new FakeSampler(new FakeLinux());
  const coarse = { processRunNs: () => 4e6 };
  expect(new IdleProcesses(coarse, rig.lives, 1, true).isDetected).toBe(false);
});
