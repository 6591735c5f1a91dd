/** Exit messages that are held up: the last one of a process may come before those of threads that ended earlier. */
import { describe, expect, test } from "bun:test";
import type { Sample, TaskDelta } from "../../src/model/sample.ts";
import { KIB, pair, start } from "../support/fake-linux/fake-watch.ts";

const processesOf = (sample: Sample, pid: number): readonly TaskDelta[] =>
  sample.processes.filter((row) => row.task.pid === pid);

describe("a thread whose message is held up while its process ends", () => {
  for (const isMainKnown of [true, false])
    test(`is no process of its own when a scan finds it, ${isMainKnown ? "as it knows the main thread" : "and nobody of the process was known"}`, () => {
      const rig = start();
      const { linux } = rig;
      const main = linux.fork(1);
      if (isMainKnown) rig.sample();
      linux.io(main, { readBytes: 4 * KIB });
      const other = linux.clone(main.process);
      linux.io(other, { readBytes: 8 * KIB });
      linux.exit(other, 0, "before its message is sent");
      linux.exit(main);
      const sample = rig.sample();
      const [row, ...more] = processesOf(sample, main.tid);
      expect(more).toEqual([]);
      expect(row).toMatchObject({ count: 2, readBytes: 12 * KIB });
      expect(row!.since.readBytes).toBe(12 * KIB);
    });

  test("is of the next process if that has the pid", () => {
    const rig = start();
    const { linux } = rig;
    const old = pair(linux);
    rig.sample();
    linux.exitProcess(old.main.process);
    linux.reap(old.main.process);
    linux.sleep(200);
    const main = linux.fork(1, old.main.tid);
    const other = linux.clone(main.process);
    linux.io(other, { readBytes: 8 * KIB });
    const rows = processesOf(rig.sample(), main.tid);
    expect(rows).toHaveLength(2);
    expect(rows.map(({ readBytes }) => readBytes).sort()).toEqual([0, 8 * KIB]);
  });
});

test("a main thread whose message is held up while its process ends is of that process", () => {
  const rig = start();
  const { linux } = rig;
  const { main, other } = pair(linux);
  linux.io(main, { readBytes: 4 * KIB });
  linux.io(other, { readBytes: 8 * KIB });
  linux.exit(main, 0, "before its message is sent");
  linux.exit(other);
  main.sendExit();
  const [row, ...more] = processesOf(rig.sample(), main.tid);
  expect(more).toEqual([]);
  expect(row).toMatchObject({ count: 2, readBytes: 12 * KIB });
});

test("a main thread that answers after the last message of its process, and before its own, is of that process", () => {
  const rig = start();
  const { linux } = rig;
  const { main, other } = pair(linux);
  linux.io(main, { readBytes: 4 * KIB });
  linux.exit(main, 0, "before its message is sent");
  linux.exit(other);
  const [row, ...more] = processesOf(rig.sample(), main.tid);
  expect(more).toEqual([]);
  expect(row).toMatchObject({ count: 2, readBytes: 4 * KIB });
});
