/** Processes and threads that take turns under three ids within microseconds, also in the middle of a scan. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import type { FakeTask } from "../support/fake-linux/fake-linux-tasks.ts";
import { FakeSampler } from "../support/fake-linux/fake-sampler.ts";
import { start } from "../support/fake-linux/fake-watch.ts";
import {
  PROGRAMS,
  TurnTakers,
  randomOf,
} from "../support/fake-linux/turn-takers.ts";

setDefaultTimeout(60_000);

const IDS = [3000, 3001, 3002];
const BYTES = 4096;

/** One process after the other, some with a thread that outlives the main one; each call does one more thing. */
function* takeTurns(
  linux: FakeLinux,
  random: (limit: number) => number,
): Generator<void, void, void> {
  const free = (): number => {
    const ids = IDS.filter((id) => !linux.tasks.has(id));
    return ids[random(ids.length)]!;
  };
  for (;;) {
    const main = linux.fork(1, free());
    linux.io(main, { writeBytes: BYTES });
    yield;
    let other: FakeTask | undefined;
    if (random(2) > 0) other = linux.clone(main.process, free());
    yield;
    linux.exit(main);
    yield;
    if (other !== undefined) {
      linux.io(other, { writeBytes: BYTES });
      yield;
      linux.exit(other);
    }
    yield;
    linux.reap(main.process);
    yield;
  }
}

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  "every byte is its task's and its process's, run %d",
  (seed) => {
    const random = randomOf(seed);
    const linux = new FakeLinux();
    linux.fork(0, 1);
    const rig = new FakeSampler(linux);
    rig.watch();
    linux.sleep(1000);
    const turns = takeTurns(linux, random);
    const go = (steps: number): void => {
      for (let i = 0; i < steps; i++) turns.next();
    };
    linux.look = () => {
      const { look } = linux;
      linux.look = () => {};
      if (random(3) === 0) go(random(14));
      linux.look = look;
    };
    const ofTask = new Map<FakeTask, number>();
    const ofProcess = new Map<number, number>();
    let vanished = 0;
    const addUp = (): void => {
      const { threads, processes, health } = rig.sample();
      vanished += health.vanished;
      for (const { task, writeBytes } of threads) {
        const fake = linux.taskOfComm.get(task.comm)!;
        ofTask.set(fake, (ofTask.get(fake) ?? 0) + writeBytes!);
      }
      // Each process has a user of its own.
      for (const { task, writeBytes } of processes)
        ofProcess.set(task.uid, (ofProcess.get(task.uid) ?? 0) + writeBytes!);
      linux.sleep(50);
    };
    for (let i = 0; i < 3; i++) {
      go(random(30));
      addUp();
    }
    linux.look = () => {};
    // Ids are given out of turn here, and whoever has one shows when /proc is listed the next time.
    linux.sleep(10_000);
    addUp();
    addUp();

    const didOfProcess = new Map<number, number>();
    for (const task of linux.everyTask) {
      const did = linux.watchedOf(task).writeBytes;
      expect(ofTask.get(task) ?? 0).toBe(did);
      const { uid } = task.process;
      didOfProcess.set(uid, (didOfProcess.get(uid) ?? 0) + did);
    }
    for (const [uid, did] of didOfProcess)
      expect(ofProcess.get(uid) ?? 0).toBe(did);
    expect(vanished).toBe(0);
  },
);

/** A task that ends, and the next one under its id and name, which has not yet sent its message when it is asked. */
function unheard(begin: (linux: FakeLinux) => FakeTask): number {
  const rig = start();
  const { linux } = rig;
  const task = begin(linux);
  task.comm = "w";
  linux.io(task, { writeBytes: BYTES });
  linux.exit(task);
  if (task.isMain) linux.reap(task.process);
  const next = begin(linux);
  next.comm = "w";
  linux.sleep(1);
  linux.io(next, { writeBytes: 2 * BYTES });
  linux.exit(next, 0, "before its message is sent");
  const samples = [rig.sample()];
  linux.leave(next);
  samples.push(rig.sample(), rig.sample());
  return samples.reduce((sum, { host }) => sum + host.writeBytes!, 0);
}

test("what ends unheard is not the task before it", () => {
  expect(unheard((linux) => linux.fork(1, 3000))).toBe(3 * BYTES);
  expect(unheard((linux) => linux.clone(linux.processes.get(1)!, 3000))).toBe(
    3 * BYTES,
  );
});

test("a main thread that answered is of its process, though that is dead before the main thread is heard of", () => {
  const rig = start();
  const { linux } = rig;
  const before = linux.fork(1, 3000);
  linux.exit(before);
  linux.reap(before.process);
  const main = linux.fork(1, 3000);
  const other = linux.clone(main.process, 3001);
  linux.sleep(1);
  let answers = 0;
  linux.look = (at) => {
    if (at !== "answer 3001" || ++answers < 2) return;
    linux.look = () => {};
    linux.exit(main, 0, "before its message is sent");
    linux.exit(other);
    linux.leave(main);
  };
  const { processes } = rig.sample();
  expect(answers).toBe(2);
  expect(
    processes
      .filter(({ task }) => task.pid === 3000)
      .map(({ count }) => count)
      .sort(),
  ).toEqual([1, 2]);
});

test("every byte is counted once under one name, wherever tasks are held up", () => {
  for (let seed = 0; seed < 1500; seed++) holdUp(seed);
});

function holdUp(seed: number): void {
  const random = randomOf(seed);
  const linux = new FakeLinux();
  linux.fork(0, 1);
  const rig = new FakeSampler(linux);
  rig.watch();
  linux.sleep(1000);
  const programs = Array.from(
    { length: 1 + random(3) },
    () => PROGRAMS[random(PROGRAMS.length)]!,
  );
  const takers = new TurnTakers(linux, random, programs);
  linux.look = () => {
    const { look } = linux;
    linux.look = () => {};
    if (random(3) === 0) takers.step(random(random(4) === 0 ? 40 : 8));
    linux.look = look;
  };
  const samples = [];
  for (let i = 0; i < 4; i++) {
    takers.step(random(40));
    if (random(3) === 0) rig.drain();
    samples.push(rig.sample());
    linux.sleep(random(60));
  }
  linux.look = () => {};
  takers.finish();
  samples.push(rig.sample(), rig.sample());

  const sum = (numbers: readonly number[]): number =>
    numbers.reduce((all, each) => all + each, 0);
  expect([seed, sum(samples.map(({ host }) => host.writeBytes!))]).toEqual([
    seed,
    sum([...linux.everyTask].map((task) => task.did.writeBytes)),
  ]);
  expect([seed, sum(samples.map(({ health }) => health.vanished))]).toEqual([
    seed,
    0,
  ]);
}
