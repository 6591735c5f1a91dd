import { expect, test } from "bun:test";
import { parseFilter } from "../../../src/model/view/task-filter.ts";
import {
  DEFAULT_VIEW,
  watchedAmong,
  watchedRows,
  type View,
} from "../../../src/model/view/view.ts";
import { makeSample, row } from "../../support/samples.ts";

const filterOf = (text: string): View["filter"] => {
  const filter = parseFilter(text);
  if (typeof filter === "string") throw new Error(filter);
  return filter;
};

const sample = makeSample({
  threads: [
    row({ tid: 10, pid: 10, comm: "mysqld", user: "mysql", uid: 7 }),
    row({ tid: 11, pid: 10, comm: "ib_io_rd-1", user: "mysql", uid: 7 }),
    row({ tid: 20, pid: 20, comm: "tmux: server", user: "ann", uid: 8 }),
    row({ tid: 21, pid: 20, comm: "reader", user: "ann", uid: 8 }),
  ],
});

function ids(view: Partial<View>): readonly number[] {
  return watchedRows(sample, { ...DEFAULT_VIEW, ...view }).map(({ task }) =>
    view.processes ? task.pid : task.tid,
  );
}

test("users are found by name and by id, tasks by their names", () => {
  expect(ids({ users: ["ann"] })).toEqual([20, 21]);
  expect(ids({ users: ["ann", "7"] })).toEqual([10, 11, 20, 21]);
  expect(ids({ users: ["an"] })).toEqual([]);
  expect(ids({ names: ["tmux: server"] })).toEqual([20]);
  expect(ids({ users: ["mysql"], names: ["reader"] })).toEqual([]);
});

test("a process is found by the name or the id of one of its threads too", () => {
  expect(ids({ processes: true, filter: filterOf("^ib_io") })).toEqual([10]);
  expect(ids({ processes: true, filter: filterOf("^21$") })).toEqual([20]);
  expect(ids({ processes: true, names: ["reader"] })).toEqual([20]);
  expect(ids({ processes: true, names: ["mysqld"] })).toEqual([10]);
  // All of it must be true of one task, and of the process for the rest.
  expect(
    ids({ processes: true, names: ["reader"], filter: filterOf("tmux") }),
  ).toEqual([]);
  expect(
    ids({ processes: true, users: ["ann"], filter: filterOf("^ib_io") }),
  ).toEqual([]);
});

test("-p finds a process by the id of one of its threads too", () => {
  expect(ids({ pids: [11] })).toEqual([11]);
  expect(ids({ processes: true, pids: [11] })).toEqual([10]);
  expect(ids({ processes: true, pids: [21, 10] })).toEqual([10, 20]);
  expect(ids({ processes: true, pids: [12] })).toEqual([]);
  // What else is asked for need not be true of that thread.
  expect(ids({ processes: true, pids: [11], names: ["mysqld"] })).toEqual([10]);
  expect(ids({ processes: true, pids: [11], users: ["ann"] })).toEqual([]);
  expect(
    ids({ processes: true, pids: [11, 20], filter: filterOf("^reader$") }),
  ).toEqual([20]);
});

test("of a few rows, the same ones are found", () => {
  const selections: readonly Partial<View>[] = [
    {},
    { filter: filterOf("^ib_io") },
    { filter: filterOf("^2"), users: ["ann"] },
    { names: ["reader"] },
    { pids: [11] },
    { pids: [21, 10], uids: [8] },
  ];
  for (const selection of selections)
    for (const processes of [false, true]) {
      const view = { ...DEFAULT_VIEW, ...selection, processes };
      const all = processes ? sample.processes : sample.threads;
      const found = new Set(watchedRows(sample, view));
      for (const row of all)
        expect(watchedAmong([row], sample, view)).toEqual(
          found.has(row) ? [row] : [],
        );
      expect(watchedAmong(all, sample, view)).toEqual([...found]);
      expect(watchedAmong([], sample, view)).toEqual([]);
    }
});
