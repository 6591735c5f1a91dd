import { describe, expect, test } from "bun:test";
import { foldThreads } from "../../../src/model/tasks/fold.ts";
import type { Sample } from "../../../src/model/sample.ts";
import {
  IDLE,
  background,
  makeTask,
  past,
  processKeyOf,
  row,
} from "../../support/samples.ts";

const none: Sample["endedThreads"] = new Map();
const retired = (pid: number, readBytes: number, count: number) =>
  past(pid, { readBytes }, count);

describe("a process", () => {
  test("of one thread keeps that thread's row", () => {
    const only = row({ tid: 5, readBytes: 1024 });
    expect(foldThreads([only], none)).toEqual([only]);
    expect(foldThreads([only], none)[0]).toBe(only);
  });

  test("is the sum of its threads, named by the main one", () => {
    const [process, ...others] = foldThreads(
      [
        row({ tid: 6, pid: 5, comm: "worker", readBytes: 1024, ioWaitNs: 8e8 }),
        row({ tid: 5, comm: "main", readBytes: 2048, ioWaitNs: 7e8 }),
        row({ tid: 7, pid: 5, readBytes: null, ioWaitNs: null }),
      ],
      none,
    );
    expect(others).toEqual([]);
    expect(process).toMatchObject({
      count: 3,
      readBytes: 3072,
      exit: null,
      born: false,
    });
    expect(process!.task.comm).toBe("main");
    expect(process!.ioPercent).toBeCloseTo(150, 9);
  });

  test("is named by its oldest thread if the main one has ended before", () => {
    const startMs = makeTask({ tid: 1 }).startMs;
    const [process] = foldThreads(
      [
        row({ tid: 7, pid: 5, startMs: startMs + 2 }),
        row({ tid: 6, pid: 5, startMs: startMs + 1 }),
      ],
      retired(5, 512, 1),
    );
    expect(process!.task.tid).toBe(6);
    expect(process!.count).toBe(3);
  });

  test("takes the time of the threads that worked: an idle one still carries that of an older sample", () => {
    const [process] = foldThreads(
      [
        row({ tid: 5, elapsedNs: 60e9 }),
        row({ tid: 6, pid: 5, readBytes: 4096, elapsedNs: 2e9 }),
      ],
      none,
    );
    expect(process!.elapsedNs).toBe(2e9);
    expect(process!.readRate).toBe(2048);
    const [idle] = foldThreads(
      [row({ tid: 5, elapsedNs: 3e9 }), row({ tid: 6, pid: 5 })],
      none,
    );
    expect(idle!.elapsedNs).toBe(3e9);
  });

  test("has ended when its last thread has, as its main thread did", () => {
    const exit = { code: 3, signal: 0 };
    const main = row({ tid: 5, exit });
    const living = row({ tid: 6, pid: 5 });
    const ended = row({ tid: 6, pid: 5, exit: { code: 0, signal: 0 } });
    expect(foldThreads([main, living], none)[0]!.exit).toBeNull();
    expect(foldThreads([ended, main], none)[0]!.exit).toEqual(exit);
  });

  test.each([
    [[3e9, null, 0], 3e9],
    [[0, 5e9, 4e9], 5e9],
    [[null, 0], 0],
    [[null, null], null],
  ])("with threads blocked for %j is blocked for %p", (times, expected) => {
    const rows = times.map((blockedNs, at) =>
      row({ tid: 10 + at, pid: 10, blockedNs }),
    );
    expect(foldThreads(rows, new Map())[0]!.blockedNs).toBe(expected);
  });

  test("is new if all of it is", () => {
    const main = row({ tid: 5, born: true });
    const born = (second: boolean, past: Sample["endedThreads"]) =>
      foldThreads([main, row({ tid: 6, pid: 5, born: second })], past)[0]!.born;
    expect(born(true, none)).toBe(true);
    expect(born(false, none)).toBe(false);
    expect(born(true, retired(5, 0, 1))).toBe(false);
  });

  test("has done all that its threads have, before the watch too", () => {
    const done = (bytes: number) => ({
      readBytes: bytes,
      writeBytes: 0,
      cancelledBytes: null,
    });
    const past = new Map([
      [processKeyOf(5), { ...background(IDLE, 1), lifetime: done(4) }],
    ]);
    const rows = [
      row({ tid: 5, lifetime: done(1) }),
      row({ tid: 6, pid: 5, lifetime: done(2) }),
      row({ tid: 7, pid: 5, lifetime: null }),
    ];
    expect(foldThreads(rows, past)[0]!.lifetime).toEqual(done(7));
    const unknown = [5, 6].map((tid) => row({ tid, pid: 5, lifetime: null }));
    expect(foldThreads(unknown, none)[0]!.lifetime).toBeNull();
  });

  test("keeps what its ended threads did in its sums, not in its deltas", () => {
    const [process] = foldThreads(
      [row({ tid: 5, readBytes: 1024, since: { readBytes: 4096 } })],
      retired(5, 10_240, 2),
    );
    expect(process).toMatchObject({ count: 3, readBytes: 1024 });
    expect(process!.since.readBytes).toBe(14_336);
  });
});

test("a pid used twice is two processes, each with its own threads, before and now", () => {
  const startMs = makeTask({ tid: 1 }).startMs;
  const exit = { code: 0, signal: 9 };
  const next = "5.next";
  const lives = foldThreads(
    [
      row({ tid: 5, processKey: next, readBytes: 1, born: true }),
      row({ tid: 9, pid: 5, processKey: next, readBytes: 2, born: true }),
      row({ tid: 5, startMs: startMs - 50, readBytes: 4, exit }),
      row({ tid: 8, pid: 5, readBytes: 8, exit }),
    ],
    retired(5, 16, 1),
  );
  expect(
    lives.map((r) => [r.readBytes, r.since.readBytes, r.count, r.born, r.exit]),
  ).toEqual([
    [3, 3, 2, true, null],
    [12, 28, 3, false, exit],
  ]);
});

test("a process whose threads have all ended lives on if it is known to", () => {
  const exit = { code: 0, signal: 0 };
  const thread = row({ tid: 6, pid: 5, readBytes: 8, born: true, exit });
  const going = (count: number): Sample["endedThreads"] =>
    new Map([
      [processKeyOf(5), { ...background(IDLE, count), hasUnseenThread: true }],
    ]);
  const [old] = foldThreads([thread], going(1));
  expect(old).toMatchObject({ exit: null, born: false, count: 2 });
  const [young] = foldThreads([thread], going(0));
  expect(young).toMatchObject({ exit: null, born: true, count: 1 });
});
