import { describe, expect, test } from "bun:test";
import { unknownDelta } from "../../src/model/delta.ts";
import type { IoDelta } from "../../src/model/sample.ts";
import { TaskstatsRecord } from "../../src/kernel/taskstats.ts";
import { ProcessTable } from "../../src/sampler/processes.ts";

const read = (readBytes: number) => (): IoDelta => ({
  ...unknownDelta(),
  readBytes,
});

describe("who belongs to which process", () => {
  test("threads join the process of their pid", () => {
    const processes = new ProcessTable();
    const main = processes.join(10, true);
    expect(processes.join(10, false)).toBe(main);
    expect(processes.find(10)).toBe(main);
    expect(processes.find(11)).toBe(-1);
  });

  test("a thread that is seen before its main thread is in the same process", () => {
    const processes = new ProcessTable();
    const thread = processes.join(10, false);
    expect(processes.join(10, true)).toBe(thread);
  });

  test("a second main thread is a new process", () => {
    const processes = new ProcessTable();
    const old = processes.join(10, true);
    const young = processes.join(10, true);
    expect(young).not.toBe(old);
    expect(processes.find(10)).toBe(young);
    processes.release(old);
    expect(processes.find(10)).toBe(young);
  });

  test("after the last thread ended, a thread too is of a new process", () => {
    const processes = new ProcessTable();
    const old = processes.join(10, true);
    processes.close(old, 1);
    expect(processes.join(10, false)).not.toBe(old);
  });

  test("an index is used again only when no life refers to it", () => {
    const processes = new ProcessTable();
    const index = processes.join(10, true);
    processes.join(10, false);
    processes.leave(index, read(0));
    processes.release(index);
    expect(processes.join(20, true)).not.toBe(index);
    processes.release(index);
    expect(processes.find(10)).toBe(-1);
    const again = processes.join(30, true);
    expect(again).toBe(index);
    expect(processes.runNs[again]).toBeNaN();
  });
});

const message = (
  fields: Partial<Omit<TaskstatsRecord, "counters">>,
): TaskstatsRecord => Object.assign(new TaskstatsRecord(0), fields);

describe("a thread that is heard of after the last one has ended", () => {
  const ended = (hadThreads: boolean) => {
    const processes = new ProcessTable();
    const index = processes.join(10, true);
    const last = message({ isLast: 1, hadThreads, processElapsedUs: 5e6 });
    processes.hearEnd(index, last, 1);
    return { processes, index };
  };
  const late = (processElapsedUs: number, isLast = 0): TaskstatsRecord =>
    message({ processElapsedUs, isLast });

  test("is of that process if both ended at the same time", () => {
    const { processes, index } = ended(true);
    expect(processes.homeOfLate(11, 10, late(5e6 + 300))).toBe(index);
    expect(processes.homeOfLate(11, 10, late(5e6 - 300))).toBe(index);
    expect(processes.homeOfLate(11, 10, late(300))).toBe(-1);
    expect(processes.homeOfLate(11, 9, late(5e6))).toBe(-1);
  });

  test("is of another one if it is a main thread, or the last one", () => {
    const { processes } = ended(true);
    expect(processes.homeOfLate(10, 10, late(5e6))).toBe(-1);
    expect(processes.homeOfLate(11, 10, late(5e6, 1))).toBe(-1);
  });

  test("is of that process if it is a main thread that nobody has heard of", () => {
    const processes = new ProcessTable();
    const index = processes.join(10, false);
    const last = message({
      isLast: 1,
      hadThreads: true,
      processElapsedUs: 5e6,
    });
    processes.hearEnd(index, last, 1);
    expect(processes.homeOfLate(10, 10, late(5e6 - 300))).toBe(index);
  });

  test("is of another one if that process had but one, or goes on", () => {
    expect(ended(false).processes.homeOfLate(11, 10, late(5e6))).toBe(-1);
    const processes = new ProcessTable();
    processes.hearEnd(processes.join(10, true), late(5e6), 1);
    expect(processes.homeOfLate(11, 10, late(5e6))).toBe(-1);
  });
});

test("a process whose main thread has been heard of waits for that one", () => {
  const processes = new ProcessTable();
  const home = processes.join(10, false);
  processes.claim(home);
  const other = processes.join(10, true);
  expect(other).not.toBe(home);
  expect(processes.join(10, true, home)).toBe(home);
  processes.dropClaims();
  expect(processes.join(10, false)).toBe(other);
});

/** A process that has its key, and a thread. */
const begin = (processes: ProcessTable, isMain: boolean): number => {
  const index = processes.join(10, isMain);
  processes.nameIfNew(index, 0);
  return index;
};

describe("the key of a process", () => {
  test("is the first one given, and another one when its index is used again", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    expect(processes.nameIfNew(index, 7).text).toBe("10.0");
    processes.leave(index, read(0));
    processes.release(index);
    expect(processes.join(10, true)).toBe(index);
    expect(processes.nameIfNew(index, 7).text).toBe("10.7");
  });
});

describe("what ended threads did", () => {
  test("adds up while the process lives", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    for (let i = 0; i < 2; i++) processes.join(10, false);
    processes.leave(index, read(5));
    processes.leave(index, read(7));
    processes.addRetired(index, read(1));
    expect(processes.backgrounds().get("10.0")).toMatchObject({
      since: { readBytes: 13, writeBytes: null },
      count: 2,
    });
  });

  test("is the same object until something changes, and then another", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    for (let i = 0; i < 2; i++) processes.join(10, false);
    processes.leave(index, read(5));
    const before = processes.backgrounds();
    expect(processes.backgrounds()).toBe(before);
    processes.leave(index, read(7));
    expect(before.get("10.0")?.since.readBytes).toBe(5);
    expect(processes.backgrounds().get("10.0")?.since.readBytes).toBe(12);
  });

  test("ends with the process", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    processes.join(10, false);
    processes.leave(index, read(5));
    processes.close(index, 1);
    processes.leave(index, read(7));
    expect(processes.backgrounds().size).toBe(0);
  });

  test("waits for a main thread that no scan has seen yet", () => {
    const processes = new ProcessTable();
    const index = begin(processes, false);
    processes.leave(index, read(5));
    expect(processes.isBetweenThreads(index)).toBe(true);
    expect(processes.backgrounds().size).toBe(0);
    processes.join(10, true);
    expect(processes.isBetweenThreads(index)).toBe(false);
    expect(processes.backgrounds().get("10.0")?.since.readBytes).toBe(5);
  });

  test("of a process between two of its threads: it goes on, unless its last one has ended", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    const before = processes.backgrounds();
    processes.hearEnd(index, message({ isLast: 0 }), 1);
    processes.leave(index, read(5));
    expect(processes.withGoingOn(before).get("10.0")).toMatchObject({
      count: 0,
      hasUnseenThread: true,
    });
    processes.join(10, false);
    expect(processes.withGoingOn(before)).toBe(before);
    expect(processes.backgrounds().get("10.0")).toMatchObject({
      since: { readBytes: 5 },
      hasUnseenThread: false,
    });
    processes.hearEnd(index, message({ isLast: 1 }), 2);
    processes.leave(index, read(7));
    expect(processes.withGoingOn(before)).toBe(before);
  });

  test("of a process one of whose messages was lost: nobody knows that it goes on", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    processes.missEnd(index);
    processes.leave(index, read(5));
    expect(processes.withGoingOn(new Map()).size).toBe(0);
  });
});
