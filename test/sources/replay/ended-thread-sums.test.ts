import { expect, test } from "bun:test";
import { EndedThreadSums } from "../../../src/sources/replay/ended-thread-sums.ts";
import { processKeyOf, row } from "../../support/samples.ts";

const exit = { code: 0, signal: 0 };
const KEY = processKeyOf(5);
const main = row({ tid: 5 });
const ended = (tid: number, writeBytes: number) =>
  row({ tid, pid: 5, writeBytes, exit });

test("what ended threads did is told from the next sample on, for as long as the process lives", () => {
  const sums = new EndedThreadSums();
  expect(sums.pass([main, ended(6, 1024)], true).size).toBe(0);
  expect(sums.pass([main, ended(7, 2048)], true).get(KEY)).toMatchObject({
    since: { writeBytes: 1024 },
    count: 1,
    hasUnseenThread: false,
  });
  const third = sums.pass([main], true);
  expect(third.get(KEY)).toMatchObject({
    since: { writeBytes: 3072 },
    count: 2,
  });
  // With its end it is told once more; then the id may be another's.
  expect(sums.pass([row({ tid: 5, exit })], true).get(KEY)?.count).toBe(2);
  expect(sums.pass([main], true).size).toBe(0);
  // What was handed out stays as it was.
  expect(third.get(KEY)?.count).toBe(2);
});

test("a sample that does not list all tasks does not tell who goes on", () => {
  const sums = new EndedThreadSums();
  sums.pass([main, ended(6, 1024)], true);
  expect(sums.has(KEY)).toBe(true);
  expect(sums.pass([main], false).size).toBe(0);
  expect(sums.pass([main], true).size).toBe(0);
});
