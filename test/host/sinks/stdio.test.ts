import { expect, test } from "bun:test";
import {
  parseClosesOnExec,
  parseTerminal,
} from "../../../src/host/sinks/stdio.ts";

test.each([
  ["1 (cat) S 2 3 4 34816 5 4194304 0", 34816],
  ["1 (a ) S 9 9 9 9) R 2 3 4 1025 5 4194304 0", 1025],
  ["1 (iotop) S 2 3 4 0 -1 4194304 0", 0],
])("terminal of %p", (stat, expected) => {
  expect(parseTerminal(stat)).toBe(expected);
});

test.each([
  ["pos:\t0\nflags:\t02100002\nmnt_id:\t29\n", true],
  ["pos:\t0\nflags:\t0100002\nmnt_id:\t29\n", false],
  ["pos:\t0\nflags:\t02000000\n", true],
  ["", false],
])("%p", (fdinfo, expected) => {
  expect(parseClosesOnExec(fdinfo)).toBe(expected);
});
