import { describe, expect, test } from "bun:test";
import {
  amountLines,
  longTime,
} from "../../../../outputs/screen/panes/details-amounts.ts";
import type { Inspected } from "../../../../outputs/screen/panes/details-watch.ts";
import { zeroDelta } from "../../../../src/model/delta.ts";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import type { TaskDetails } from "../../../../src/model/tasks/task-details.ts";
import { row } from "../../../support/samples.ts";
import { makeDetails } from "../../../support/screen/task-details.ts";

const MIB = 1024 ** 2;

const inspected = (
  details: TaskDetails | null,
  before: TaskDetails | null = null,
): Inspected => ({
  ...{ key: "7", details, before, moved: new Set<string>() },
  ...{ hasEnded: false, intervalMs: 1000, isRecorded: false, traced: null },
});

const linesOf = (
  task: TaskDelta,
  inspected: Inspected,
  columns: number,
  units = { kilobytes: false, si: false },
) =>
  amountLines(task, inspected, columns, units).map((spans) =>
    spans.map(({ text }) => text).join(""),
  );

const calls = (uptimeS: number, readCalls: number): TaskDetails =>
  makeDetails({ uptimeS, lifetime: { ...zeroDelta(), readCalls } });

describe("now", () => {
  test("calls are what two looks differ by, in their own time", () => {
    const task = row({ tid: 7, readCalls: null });
    const lines = linesOf(task, inspected(calls(12, 900), calls(10, 700)), 80);
    expect(lines[1]).toMatch(/ 100\/s /);
  });

  test("calls are unknown at the first look, and if they went back", () => {
    const task = row({ tid: 7, readCalls: null, writeCalls: null });
    expect(linesOf(task, inspected(calls(12, 900)), 80)[1]).toMatch(
      / \? +\? +0$/,
    );
    const back = inspected(calls(12, 900), calls(10, 901));
    expect(linesOf(task, back, 80)[1]).toMatch(/ \? +0 +0$/);
  });

  test("a wait of several threads is more than the time", () => {
    const task = row({ tid: 7, ioWaitNs: 0.5e9 });
    expect(linesOf(task, inspected(null), 80)[1]).toMatch(/50%$/);
  });
});

describe("its life", () => {
  test("has a line more if threads ended, or children were waited for", () => {
    const own = { ...zeroDelta(), writeBytes: 2 * MIB };
    const same = makeDetails({ lifetime: own, withEnded: own });
    expect(linesOf(row({ tid: 7 }), inspected(same), 80)).toHaveLength(4);
    const withEnded = { ...own, writeBytes: 700 * MIB };
    const more = makeDetails({ lifetime: own, withEnded });
    expect(linesOf(row({ tid: 7 }), inspected(more), 80)[4]).toMatch(
      /^\+ended +0 +700M /,
    );
  });

  test("is unknown, not 0, where nobody may look", () => {
    const hidden = makeDetails({ lifetime: null, withEnded: null });
    const task = row({ tid: 7, lifetime: null });
    expect(linesOf(task, inspected(hidden), 80)[3]).toMatch(
      /^lifetime( +\?){8}$/,
    );
  });
});

test("a narrow window keeps bytes and waits, a wide one shows all", () => {
  const titles = (columns: number) =>
    linesOf(row({ tid: 7 }), inspected(null), columns)[0]!
      .trim()
      .split(/ {2,}/);
  expect(titles(34)).toEqual(["READ", "WRITE", "IO"]);
  expect(titles(44)).toEqual(["READ", "WRITE", "CANCEL", "IO"]);
  expect(titles(90)).toHaveLength(9);
});

test("with -k, sizes are whole K, in columns that have room for them", () => {
  const task = row({ tid: 7, since: { readBytes: 3 * 1024 * MIB } });
  const units = { kilobytes: true, si: false };
  expect(linesOf(task, inspected(null), 80, units)[2]).toMatch(
    /^watched +3145728K /,
  );
});

test.each([
  [null, "?"],
  [0, "0"],
  [400e6, "0.4s"],
  [12.4e9, "12s"],
  [1120e9, "18m40s"],
  [(5 * 3600 + 120) * 1e9, "5h02m"],
])("%p ns is %s", (ns, text) => expect(longTime(ns)).toBe(text));
