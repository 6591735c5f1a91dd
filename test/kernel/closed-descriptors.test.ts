import { expect, test } from "bun:test";
import { parseClosesOnExec } from "../../src/kernel/closed-descriptors.ts";

test.each([
  ["pos:\t0\nflags:\t02100002\nmnt_id:\t29\n", true],
  ["pos:\t0\nflags:\t0100002\nmnt_id:\t29\n", false],
  ["pos:\t0\nflags:\t02000000\n", true],
  ["", false],
])("%p", (fdinfo, expected) => {
  expect(parseClosesOnExec(fdinfo)).toBe(expected);
});
