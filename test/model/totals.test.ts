import { describe, expect, test } from "bun:test";
import { addMoved, totalsOf, type Moved } from "../../src/model/totals.ts";
import { mergeSamples } from "../../src/model/merge.ts";
import { DEFAULT_VIEW as view } from "../../src/model/view.ts";
import { makeSample, past, row } from "../support/samples.ts";

const ended = { code: 0, signal: 0 };
const sample = makeSample({
  intervalNs: 2e9,
  threads: [
    row({ tid: 10, uid: 1, readBytes: 4096, since: { readBytes: 8192 } }),
    row({ tid: 11, pid: 10, uid: 1, writeBytes: 2048, cancelledBytes: 1024 }),
    row({ tid: 20, readBytes: 1024, exit: ended }),
  ],
  host: { diskReadBytes: 6144, diskWriteBytes: null },
  endedThreads: past(10, { readBytes: 512 }),
});

describe("totalsOf", () => {
  test("of all tasks, ended ones too, over the measured interval", () => {
    expect(totalsOf(sample, view)).toEqual({
      readRate: 2560,
      writeRate: 1024,
      diskReadRate: 3072,
      diskWriteRate: null,
    });
  });

  test("-p and -u choose whose bytes count, in both modes alike", () => {
    for (const processes of [false, true]) {
      const by = (only: object) =>
        totalsOf(sample, { ...view, processes, ...only });
      expect(by({ pids: [10] })).toMatchObject({
        readRate: 2048,
        writeRate: 1024,
        diskReadRate: 3072,
      });
      expect(by({ uids: [0] }).readRate).toBe(512);
      expect(by({ pids: [10], uids: [0] }).readRate).toBe(0);
    }
  });

  test("what no task could tell stays unknown", () => {
    const unread = makeSample({ threads: [row({ tid: 1, readBytes: null })] });
    const totals = totalsOf(unread, view);
    expect(totals.readRate).toBeNull();
    expect(totals.writeRate).toBe(0);
  });
});

describe("addMoved", () => {
  test("everything since watching began", () => {
    expect(addMoved(null, sample, view)).toMatchObject({
      readBytes: 8192 + 1024 + 512,
      writeBytes: 2048,
    });
  });

  const watched = { ...view, uids: [0] };
  const dd = (readBytes: number, total: number, more: object = {}) =>
    row({ tid: 30, readBytes, since: { readBytes: total }, ...more });
  const run = [
    makeSample({ seq: 1, threads: [dd(1024, 4096)] }),
    makeSample({ seq: 2, threads: [dd(2048, 6144, { exit: ended })] }),
    makeSample({ seq: 3, threads: [row({ tid: 31, uid: 1, readBytes: 512 })] }),
    makeSample({ seq: 4, threads: [row({ tid: 30, readBytes: 1024 })] }),
  ] as const;
  const readBytesAfter = (samples: readonly (typeof sample)[]) => {
    let moved: Moved | null = null;
    return samples.map(
      (each) => (moved = addMoved(moved, each, watched)).readBytes,
    );
  };

  test("what a watched task did stays when it ends, and counts once", () => {
    expect(readBytesAfter(run)).toEqual([4096, 6144, 6144, 7168]);
  });

  test("a slow output's merged samples come to the same", () => {
    const [first, second, third, last] = run;
    const merged = [mergeSamples(first, second), mergeSamples(third, last)];
    expect(readBytesAfter(merged)).toEqual([6144, 7168]);
  });

  test("before a watched task is there, nothing was moved; an unread one is unknown", () => {
    const none = makeSample({ threads: [] });
    const unread = makeSample({ threads: [row({ tid: 1, readBytes: null })] });
    expect(readBytesAfter([none])).toEqual([0]);
    expect(readBytesAfter([unread])).toEqual([null]);
    // Also if nobody is there before or after it.
    expect(readBytesAfter([unread, none, none])).toEqual([null, null, null]);
    expect(readBytesAfter([none, unread, none])).toEqual([0, null, null]);
    expect(readBytesAfter([unread, run[0], unread])).toEqual([
      null,
      1024,
      1024,
    ]);
  });
});
