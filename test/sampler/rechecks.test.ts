import { expect, test } from "bun:test";
import { LifeTable } from "../../src/sampler/life-table.ts";
import { Rechecks } from "../../src/sampler/rechecks.ts";

const exiting = new Set([12]);
const open = () =>
  new Rechecks(new LifeTable(100), { isExiting: (tid) => exiting.has(tid) });

test("each task is asked once, however often it comes in question", () => {
  const rechecks = open();
  rechecks.ask(11, 10);
  rechecks.ask(11, 10);
  expect(rechecks.take()).toEqual([{ tid: 11, pid: 10 }]);
  rechecks.ask(11, 10);
  expect(rechecks.take()).toEqual([]);
});

test("a task is asked again when more was heard since", () => {
  const rechecks = open();
  rechecks.ask(11, 10);
  rechecks.take();
  rechecks.askAgain(11, 10);
  expect(rechecks.wasAlive(11)).toBeUndefined();
  expect(rechecks.take()).toEqual([{ tid: 11, pid: 10 }]);
});

test("whether a task had begun to end is looked at before it is asked", () => {
  const rechecks = open();
  rechecks.ask(11, 10);
  rechecks.ask(12, 10);
  rechecks.take();
  expect([11, 12, 13].map((tid) => rechecks.wasAlive(tid))).toEqual([
    true,
    false,
    undefined,
  ]);
  rechecks.clear();
  expect(rechecks.wasAlive(11)).toBeUndefined();
});
