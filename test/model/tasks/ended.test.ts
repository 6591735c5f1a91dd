import { expect, test } from "bun:test";
import {
  groupEnded,
  endedKey,
  hadEnded,
  isEndedKey,
  sumEnded,
  taskCountOf,
} from "../../../src/model/tasks/ended.ts";
import { makeTask, row } from "../../support/samples.ts";

const exit = { code: 0, signal: 0 };
const dd = (tid: number, fields: object = {}) =>
  row({ tid, comm: "dd", writeBytes: 1024, exit, ...fields });

test("of the rows of one sample, ended ones of one user and name become one, behind the living", () => {
  const living = row({ tid: 1, comm: "dd" });
  const other = dd(9, { comm: "cp", readBytes: null });
  const rows = groupEnded(
    [dd(2), other, living, dd(3, { elapsedNs: 2e9, readBytes: null })],
    5000,
  );
  expect(rows).toHaveLength(3);
  expect(rows[0]).toBe(living);
  expect(rows[2]).toBe(other);
  expect(rows[1]).toMatchObject({
    writeBytes: 2048,
    readBytes: 0,
    elapsedNs: 2e9,
    exit,
    task: { comm: "dd", user: "root", cmdline: null },
  });
  expect(rows.map(taskCountOf)).toEqual([1, 2, 1]);
  expect(isEndedKey(rows[1]!.task.key)).toBe(true);
  expect(rows[1]!.task.key).toBe(endedKey(rows[1]!.task));
});

test("rows of which none has ended are left as they are", () => {
  const rows = [row({ tid: 1 }), row({ tid: 2 })];
  expect(groupEnded(rows, 5000)).toBe(rows);
});

test("no task's key is that of a group, whatever it is called", () => {
  expect(isEndedKey(makeTask({ tid: 7, comm: "ended.0.dd" }).key)).toBe(false);
  expect(endedKey({ uid: 1, comm: "0.dd" })).not.toBe(
    endedKey({ uid: 10, comm: ".dd" }),
  );
});

test("a group is over for samples after the last end, a task's own row never", () => {
  const group = sumEnded([dd(2), dd(3)], { timeMs: 5000 });
  expect([4000, 5000, 6000].map((ms) => hadEnded(group, ms))).toEqual([
    false,
    false,
    true,
  ]);
  expect(hadEnded(dd(2), 6000)).toBe(false);
});
