import { describe, expect, test } from "bun:test";
import { unknownDelta } from "../../src/model/delta.ts";
import type { IoDelta } from "../../src/model/sample.ts";
import { TaskstatsRecord } from "../../src/kernel/taskstats.ts";
import {
  processFor,
  processOfLateExit,
} from "../../src/sampler/process-of-task.ts";
import { ProcessTable } from "../../src/sampler/process-table.ts";

const at = (ns: number) => ({ beforeNs: ns, afterNs: ns });

const read = (readBytes: number) => () => {
  const since: IoDelta = { ...unknownDelta(), readBytes };
  return { since, lifetime: since };
};

describe("who belongs to which process", () => {
  test("threads join the process of their pid", () => {
    const processes = new ProcessTable();
    const main = processes.addThread(10, true);
    expect(processes.addThread(10, false)).toBe(main);
    expect(processes.find(10)).toBe(main);
    expect(processes.find(11)).toBe(-1);
  });

  test("a thread that is seen before its main thread is in the same process", () => {
    const processes = new ProcessTable();
    const thread = processes.addThread(10, false);
    expect(processes.addThread(10, true)).toBe(thread);
  });

  test("a second main thread is a new process", () => {
    const processes = new ProcessTable();
    const old = processes.addThread(10, true);
    const young = processes.addThread(10, true);
    expect(young).not.toBe(old);
    expect(processes.find(10)).toBe(young);
    processes.release(old);
    expect(processes.find(10)).toBe(young);
  });

  test("after the last thread ended, a thread too is of a new process", () => {
    const processes = new ProcessTable();
    const old = processes.addThread(10, true);
    processes.at(old).isDead = true;
    expect(processes.addThread(10, false)).not.toBe(old);
  });

  test("an index is used again only when no life refers to it", () => {
    const processes = new ProcessTable();
    const index = processes.addThread(10, true);
    processes.addThread(10, false);
    processes.leave(index, true, read(0));
    processes.release(index);
    expect(processes.addThread(20, true)).not.toBe(index);
    processes.release(index);
    const process = processes.at(index);
    expect(processes.find(10)).toBe(-1);
    const again = processes.addThread(30, true);
    expect(again).toBe(index);
    expect(processes.at(again)).not.toBe(process);
  });
});

const message = (
  fields: Partial<Omit<TaskstatsRecord, "counters">>,
): TaskstatsRecord => Object.assign(new TaskstatsRecord(0), fields);

describe("a thread that is heard of after the last one has ended", () => {
  const ended = (hadThreads: boolean) => {
    const processes = new ProcessTable();
    const index = processes.addThread(10, true);
    const last = message({ isLast: 1, hadThreads, processElapsedUs: 5e6 });
    processes.hearExit(index, last, at(1));
    return { processes, index };
  };
  const late = (processElapsedUs: number, isLast = 0): TaskstatsRecord =>
    message({ processElapsedUs, isLast });

  test("is of that process if both ended at the same time", () => {
    const { processes, index } = ended(true);
    expect(processOfLateExit(processes, 11, 10, late(5e6 + 300))).toBe(index);
    expect(processOfLateExit(processes, 11, 10, late(5e6 - 300))).toBe(index);
    expect(processOfLateExit(processes, 11, 10, late(300))).toBe(-1);
    expect(processOfLateExit(processes, 11, 9, late(5e6))).toBe(-1);
  });

  test("is of another one if it is a main thread, or the last one", () => {
    const { processes } = ended(true);
    expect(processOfLateExit(processes, 10, 10, late(5e6))).toBe(-1);
    expect(processOfLateExit(processes, 11, 10, late(5e6, 1))).toBe(-1);
  });

  test("is of that process if it is a main thread that nobody has heard of", () => {
    const processes = new ProcessTable();
    const index = processes.addThread(10, false);
    const last = message({
      isLast: 1,
      hadThreads: true,
      processElapsedUs: 5e6,
    });
    processes.hearExit(index, last, at(1));
    expect(processes.addThread(10, true)).toBe(index);
    expect(processes.addThread(10, true)).not.toBe(index);
  });

  test("is of another one if that process had but one, or goes on", () => {
    expect(processOfLateExit(ended(false).processes, 11, 10, late(5e6))).toBe(
      -1,
    );
    const processes = new ProcessTable();
    processes.hearExit(processes.addThread(10, true), late(5e6), at(1));
    expect(processOfLateExit(processes, 11, 10, late(5e6))).toBe(-1);
  });
});

test("a process whose main thread has been heard of waits for that one", () => {
  const processes = new ProcessTable();
  const home = processes.addThread(10, false);
  processes.reserveLeader(home);
  const other = processes.addThread(10, true);
  expect(other).not.toBe(home);
  expect(processes.addThread(10, true, home)).toBe(home);
  processes.dropReservations();
  expect(processes.addThread(10, false)).toBe(other);
});

/** A process that has its key, and a thread. */
const begin = (processes: ProcessTable, isMain: boolean): number => {
  const index = processes.addThread(10, isMain);
  processes.at(index).startMs = 0;
  return index;
};

describe("the key of a process", () => {
  test("is the first one given, and another one when its index is used again", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    expect(processes.at(index).key).toBe("10.0");
    processes.leave(index, true, read(0));
    processes.release(index);
    expect(processes.addThread(10, true)).toBe(index);
    processes.at(index).startMs = 7;
    expect(processes.at(index).key).toBe("10.7");
  });
});

describe("what ended threads did", () => {
  test("adds up while the process lives", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    for (let i = 0; i < 2; i++) processes.addThread(10, false);
    processes.leave(index, true, read(5));
    processes.leave(index, true, read(7));
    processes.leave(index, false, read(1));
    expect(processes.endedThreads().get("10.0")).toMatchObject({
      since: { readBytes: 13, writeBytes: null },
      count: 2,
    });
  });

  test("is the same object until something changes, and then another", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    for (let i = 0; i < 2; i++) processes.addThread(10, false);
    processes.leave(index, true, read(5));
    const before = processes.endedThreads();
    expect(processes.endedThreads()).toBe(before);
    processes.leave(index, true, read(7));
    expect(before.get("10.0")?.since.readBytes).toBe(5);
    expect(processes.endedThreads().get("10.0")?.since.readBytes).toBe(12);
  });

  test("ends with the process", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    processes.addThread(10, false);
    processes.leave(index, true, read(5));
    processes.at(index).isDead = true;
    processes.leave(index, true, read(7));
    expect(processes.endedThreads().size).toBe(0);
  });

  test("waits for a main thread that no scan has seen yet", () => {
    const processes = new ProcessTable();
    const index = begin(processes, false);
    processes.leave(index, true, read(5));
    expect(processes.at(index).hasNoKnownThread).toBe(true);
    expect(processes.endedThreads().size).toBe(0);
    processes.addThread(10, true);
    expect(processes.at(index).hasNoKnownThread).toBe(false);
    expect(processes.endedThreads().get("10.0")?.since.readBytes).toBe(5);
  });

  test("of a process between two of its threads: it goes on, unless its last one has ended", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    const before = processes.endedThreads();
    processes.hearExit(index, message({ isLast: 0 }), at(1));
    processes.leave(index, true, read(5));
    expect(processes.withUnseenThreads(before).get("10.0")).toMatchObject({
      count: 0,
      hasUnseenThread: true,
    });
    processes.addThread(10, false);
    expect(processes.withUnseenThreads(before)).toBe(before);
    expect(processes.endedThreads().get("10.0")).toMatchObject({
      since: { readBytes: 5 },
      hasUnseenThread: false,
    });
    processes.hearExit(index, message({ isLast: 1 }), at(2));
    processes.leave(index, true, read(7));
    expect(processes.withUnseenThreads(before)).toBe(before);
  });

  test("of a process one of whose messages was lost: nobody knows that it goes on", () => {
    const processes = new ProcessTable();
    const index = begin(processes, true);
    processes.at(index).goesOn = false;
    processes.leave(index, true, read(5));
    expect(processes.withUnseenThreads(new Map()).size).toBe(0);
  });
});

test("each of two messages of main threads that wait under one pid is of a process of its own", () => {
  const processes = new ProcessTable();
  const first = processes.announce(10);
  processes.reserveLeader(first);
  expect(processFor(processes, 10, true)).toBe(first);
  processes.hearExit(first, message({ isLast: 1 }), at(1));
  expect(processFor(processes, 10, true)).toBe(-1);
  const second = processes.announce(10);
  expect(processes.addThread(10, false)).toBe(second);
  expect(processes.addThread(10, true, first)).toBe(first);
  processes.dropReservations();
  expect(processes.find(10)).toBe(second);
});
