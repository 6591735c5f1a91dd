import { expect, test } from "bun:test";
import { EndedTally } from "../../../../src/model/tasks/ended-tally.ts";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import {
  appendMoment,
  type RowHistory,
} from "../../../../outputs/screen/graphs/moment.ts";
import { rowSeries } from "../../../../outputs/screen/graphs/row-history.ts";
import { makeSample, makeTask, row } from "../../../support/samples.ts";

const exit = { code: 0, signal: 0 };

test("the graph of a process shows nothing of the one that had its id before, nor of the one that has it after", () => {
  const old = makeTask({
    tid: 5,
    comm: "old",
    startMs: 500,
    processKey: "old",
  });
  const next = makeTask({ tid: 5, comm: "next", startMs: 2500 });
  const tally = new EndedTally({ ...DEFAULT_VIEW, processes: true });
  const rows: readonly TaskDelta[] = [
    row({ tid: 5, task: old, readBytes: 1024 }),
    row({ tid: 5, task: old, readBytes: 2048, exit }),
    row({ tid: 5, task: next, readBytes: 4096, born: true }),
    row({ tid: 5, task: next, readBytes: 8192 }),
  ];
  let history: RowHistory = [];
  let kept: readonly TaskDelta[] = [];
  rows.forEach((each, i) => {
    const sample = makeSample({ timeMs: 1000 * (i + 1), threads: [each] });
    history = appendMoment(history, sample);
    kept = tally.add(sample).groups;
  });
  const seriesOf = (each: TaskDelta) =>
    rowSeries(history, each, true, "read", 10);
  expect(kept).toHaveLength(1);
  expect(seriesOf(kept[0]!)).toEqual([1024, 2048, 0, 0]);
  expect(seriesOf(rows[3]!)).toEqual([null, null, 4096, 8192]);
});

test("that of a group goes on while tasks of its name end", () => {
  const dd = (tid: number) =>
    row({ tid, comm: "dd", readBytes: 1024, exit, startMs: tid });
  const tally = new EndedTally(DEFAULT_VIEW);
  let history: RowHistory = [];
  let kept: readonly TaskDelta[] = [];
  [[dd(1), dd(2)], [], [dd(3)], []].forEach((threads, i) => {
    const sample = makeSample({ timeMs: 1000 * (i + 1), threads });
    history = appendMoment(history, sample);
    kept = tally.add(sample).groups;
  });
  expect(rowSeries(history, kept[0]!, false, "read", 10)).toEqual([
    2048, 0, 1024, 0,
  ]);
});
