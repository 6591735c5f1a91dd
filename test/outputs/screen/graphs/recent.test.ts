import { describe, expect, test } from "bun:test";
import {
  NOTHING_RECENT,
  appendRecent,
  isAtRest,
  type Recent,
} from "../../../../outputs/screen/graphs/recent.ts";
import { steadyOf } from "../../../../outputs/screen/graphs/standing.ts";
import { appendMoment } from "../../../../outputs/screen/graphs/moment.ts";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import { makeSample, makeTask, row } from "../../../support/samples.ts";

const KIB = 1024;
const after = (
  samples: readonly (readonly TaskDelta[])[],
  from: Recent = NOTHING_RECENT,
): Recent =>
  samples.reduce((recent, threads) => {
    const [moment] = appendMoment([], makeSample({ threads }));
    return appendRecent(recent, moment!);
  }, from);
const task = makeTask({ tid: 7 });
const moving = (bytes: number): TaskDelta =>
  row({ tid: 7, task, readBytes: bytes });
const rate = (recent: Recent): number =>
  steadyOf(recent.threads.get(task.key), "rw");
const times = <T>(count: number, one: T): T[] => Array(count).fill(one);

test("what was done counts half as much every five seconds", () => {
  const busy = after(times(10, [moving(1000 * KIB)]));
  expect(rate(busy)).toBeCloseTo(1000 * KIB);
  const sumOf = (recent: Recent) => recent.threads.get(task.key)!.sums.rw;
  const rested = after(times(5, []), busy);
  expect(sumOf(rested)).toBeCloseTo(sumOf(busy) / 2);
  expect(rested.threads.get(task.key)!.idleNs).toBe(5e9);
});

test("the order does not follow noise, but a change", () => {
  const first = rate(after([[moving(1000 * KIB)]]));
  const noisy = [900, 1100, 1050, 950, 1100, 1100].map((k) => [
    moving(k * KIB),
  ]);
  expect(rate(after([[moving(1000 * KIB)], ...noisy]))).toBe(first);
  const faster = after([
    [moving(1000 * KIB)],
    ...times(9, [moving(4000 * KIB)]),
  ]);
  expect(rate(faster)).toBeGreaterThan(2500 * KIB);
});

test("what began and ended in one interval goes on in its group alone", () => {
  const exit = { code: 0, signal: 0 };
  const brief = row({ tid: 9, comm: "dd", readBytes: KIB, born: true, exit });
  const recent = after([[brief]]);
  expect([recent.threads.size, recent.processes.size]).toEqual([0, 0]);
  expect(steadyOf(recent.ended.get("ended.0.dd"), "read")).toBe(KIB);
  const long = row({ tid: 9, comm: "dd", readBytes: KIB, exit });
  expect(after([[long]]).processes.size).toBe(1);
});

test("a thread that ends at once does not hide what its process does", () => {
  const exit = { code: 0, signal: 0 };
  const main = row({ tid: 3, readBytes: 8 * KIB });
  const thread = row({ tid: 4, pid: 3, readBytes: KIB, born: true, exit });
  const { processes } = after([[main, thread]]);
  expect(steadyOf(processes.get(main.task.processKey), "read")).toBe(9 * KIB);
});

test("after a minute of rest a task is forgotten", () => {
  const busy = after([[moving(KIB)]]);
  expect(after(times(60, []), busy).threads.size).toBe(1);
  expect(after(times(61, []), busy).threads.size).toBe(0);
});

describe("what groups did lately", () => {
  const key = "group.comm.task7";
  const groupRate = (recent: Recent): number =>
    steadyOf(recent.groups!.get(key), "rw");

  test("is the same whether somebody asked before or not", () => {
    let [asked, unasked] = [NOTHING_RECENT, NOTHING_RECENT];
    for (let at = 0; at < 50; at++) {
      const sample = [moving((at % 7) * 1000 * KIB)];
      asked = after([sample], asked);
      groupRate(asked);
      unasked = after([sample], unasked);
    }
    expect(groupRate(asked)).toBeGreaterThan(0);
    expect(groupRate(unasked)).toBe(groupRate(asked));
    expect(groupRate(unasked)).toBe(rate(unasked));
  });

  test("goes back two minutes of seconds, where nobody asked for long", () => {
    const long = after(times(1000, [moving(1000 * KIB)]));
    // Within a fifth, as for all that stand in the order.
    expect(groupRate(long)).toBeGreaterThan((1000 * KIB) / 1.2);
    const begun = after(times(1000, []), after([[moving(1e9)]]));
    expect(begun.groups!.get(key)).toBeUndefined();
  });
});

describe("a task is at rest", () => {
  const idle = row({ tid: 7, task });
  const rests = (recent: Recent, forS: number, one = idle): boolean =>
    isAtRest(one, false, recent, forS * 1e9);

  test("if it did nothing in the time that is asked for", () => {
    expect(rests(after(times(5, [])), 5)).toBe(true);
    expect(rests(after([[moving(KIB)], ...times(4, [])]), 5)).toBe(false);
  });

  test("not as far as is known, if that is not so long", () => {
    expect(rests(after(times(5, [])), 6)).toBe(false);
    expect(rests(after(times(70, [])), 60)).toBe(true);
    // What was done more than a minute ago is forgotten.
    expect(rests(after(times(70, [])), 61)).toBe(false);
  });

  test("never once it has ended: others of its name may have ended too", () => {
    const ended = row({ tid: 7, task, exit: { code: 0, signal: 0 } });
    expect(rests(after(times(5, [])), 5, ended)).toBe(false);
  });
});
