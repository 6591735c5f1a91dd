import { expect, test } from "bun:test";
import { countTasks } from "../../../src/model/groups/group-counts.ts";
import { makeSample, row } from "../../support/samples.ts";

const exit = { code: 0, signal: 0 };

test("threads count in the group of their process, ended processes once", () => {
  const sample = makeSample({
    threads: [
      row({ tid: 5, comm: "mysqld" }),
      row({ tid: 6, pid: 5, comm: "flusher" }),
      row({ tid: 7, pid: 5, comm: "gone", exit }),
      row({ tid: 8, comm: "sh", exit }),
      row({ tid: 9, pid: 8, comm: "helper", exit }),
      row({ tid: 10, comm: "kworker/0:1", isKernelThread: true }),
    ],
  });
  expect(countTasks(sample, "comm")).toEqual(
    new Map([
      ["mysqld", { living: 2, ended: 0 }],
      ["sh", { living: 0, ended: 1 }],
      ["kworker", { living: 1, ended: 0 }],
    ]),
  );
});

test("tasks of an unknown group are counted as such", () => {
  const sample = makeSample({
    threads: [
      row({ tid: 5, cgroup: null }),
      row({ tid: 6, cgroup: null, exit }),
    ],
  });
  expect(countTasks(sample, "unit")).toEqual(
    new Map([[null, { living: 1, ended: 1 }]]),
  );
});
