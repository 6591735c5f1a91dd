import { expect, test } from "bun:test";
import { parseTerminal } from "../../../src/host/sinks/stdio.ts";

test.each([
  ["1 (cat) S 2 3 4 34816 5 4194304 0", 34816],
  ["1 (a ) S 9 9 9 9) R 2 3 4 1025 5 4194304 0", 1025],
  ["1 (iotop) S 2 3 4 0 -1 4194304 0", 0],
])("terminal of %p", (stat, expected) => {
  expect(parseTerminal(stat)).toBe(expected);
});
