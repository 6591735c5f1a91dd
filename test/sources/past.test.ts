import { expect, test } from "bun:test";
import { Past } from "../../src/sources/past.ts";
import { processKeyOf, row } from "../support/samples.ts";

const exit = { code: 0, signal: 0 };
const KEY = processKeyOf(5);
const main = row({ tid: 5 });
const ended = (tid: number, writeBytes: number) =>
  row({ tid, pid: 5, writeBytes, exit });

test("what ended threads did is told from the next sample on, for as long as the process lives", () => {
  const past = new Past();
  expect(past.pass([main, ended(6, 1024)], true).size).toBe(0);
  expect(past.pass([main, ended(7, 2048)], true).get(KEY)).toMatchObject({
    since: { writeBytes: 1024 },
    count: 1,
    goesOn: false,
  });
  const third = past.pass([main], true);
  expect(third.get(KEY)).toMatchObject({
    since: { writeBytes: 3072 },
    count: 2,
  });
  // With its end it is told once more; then the id may be another's.
  expect(past.pass([row({ tid: 5, exit })], true).get(KEY)?.count).toBe(2);
  expect(past.pass([main], true).size).toBe(0);
  // What was handed out stays as it was.
  expect(third.get(KEY)?.count).toBe(2);
});

test("a sample that does not list all tasks does not tell who goes on", () => {
  const past = new Past();
  past.pass([main, ended(6, 1024)], true);
  expect(past.has(KEY)).toBe(true);
  expect(past.pass([main], false).size).toBe(0);
  expect(past.pass([main], true).size).toBe(0);
});
