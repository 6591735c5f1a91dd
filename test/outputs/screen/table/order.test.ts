import { expect, test } from "bun:test";
import {
  appendHistory,
  NO_HISTORY,
} from "../../../../outputs/screen/graphs/history.ts";
import {
  rowOrder,
  type Ordering,
} from "../../../../outputs/screen/table/order.ts";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import { makeSample, row } from "../../../support/samples.ts";

const MIB = 1024 * 1024;
const THREADS = [
  row({ tid: 1 }),
  row({
    tid: 2,
    readBytes: MIB,
    ioWaitNs: 9e8,
    since: { readBytes: 99 * MIB },
  }),
  row({ tid: 3, writeBytes: 8 * MIB }),
  row({ tid: 4, blockedNs: 3e9 }),
  row({ tid: 5, ioWaitNs: 5e8 }),
  row({ tid: 6 }),
];
const BY_GRAPH: Ordering = {
  view: DEFAULT_VIEW,
  sort: "graph",
  descending: true,
  graphSource: "rw",
  ended: "grouped",
};
const ordered = (
  fields: Partial<Ordering> = {},
  threads: readonly TaskDelta[] = THREADS,
): readonly number[] => {
  const sample = makeSample({ threads });
  const { recent } = appendHistory(NO_HISTORY, sample);
  const rows = rowOrder({ ...BY_GRAPH, ...fields }, recent)(threads);
  return rows.map(({ task }) => task.tid);
};

test("by bytes, then those that only wait, then the stuck, then those at rest by their ids", () => {
  expect(ordered()).toEqual([3, 2, 5, 4, 1, 6]);
  expect(ordered({ descending: false })).toEqual([1, 6, 4, 5, 2, 3]);
});

test("by another source of the graph, and by a column, in the same way", () => {
  expect(ordered({ graphSource: "io" })).toEqual([2, 5, 3, 4, 1, 6]);
  expect(ordered({ sort: "write" })).toEqual([3, 2, 5, 4, 1, 6]);
  expect(ordered({ sort: "read" })).toEqual([2, 3, 5, 4, 1, 6]);
});

test("by waits, a stuck task waits all the time", () => {
  expect(ordered({ sort: "io" })).toEqual([4, 2, 5, 3, 1, 6]);
});

test("with sums by the sums", () => {
  const view = { ...DEFAULT_VIEW, accumulated: true };
  expect(ordered({ view })).toEqual([2, 3, 5, 4, 1, 6]);
  expect(ordered({ view, sort: "write" })).toEqual([3, 2, 5, 4, 1, 6]);
});

test("rows of equal size are in the order of their ids", () => {
  const equal = [9, 7, 8].map((tid) => row({ tid, readBytes: MIB }));
  expect(ordered({}, equal)).toEqual([7, 8, 9]);
});

test("a task among too many to be remembered stands by its last interval", () => {
  const many = Array.from({ length: 1500 }, (_, i) =>
    row({ tid: 100 + i, readBytes: (i + 1) * 4096 }),
  );
  const tids = ordered({}, many);
  expect(tids.slice(0, 2)).toEqual([1599, 1598]);
  expect(tids.at(-1)).toBe(100);
});

test("ended tasks of one name stand by their sum, or each by its own", () => {
  const exit = { code: 0, signal: 0 };
  const loop = [11, 12, 13].map((tid) =>
    row({ tid, comm: "dd", writeBytes: MIB, born: true, exit }),
  );
  const threads = [...loop, row({ tid: 14, writeBytes: 2 * MIB })];
  expect(ordered({}, threads)).toEqual([11, 12, 13, 14]);
  expect(ordered({ ended: "each" }, threads)).toEqual([14, 11, 12, 13]);
});
