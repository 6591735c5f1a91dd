import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { systemWords } from "../../outputs/system-words.ts";

const thrownBy = (step: () => unknown): unknown => {
  try {
    return step();
  } catch (error) {
    return error;
  }
};

test.each<[string, string, () => unknown]>([
  ["a read", "no such file or directory", () => readFileSync("/proc/none, x")],
  ["a read of a folder", "it is a folder", () => readFileSync("/proc")],
])("of %s that the system refuses: %s", (_, words, step) => {
  expect(systemWords(thrownBy(step))).toBe(words);
});

test("of an error of another kind, its first line", () => {
  expect(systemWords(new Error("line 3 is wrong\nmore"))).toBe(
    "line 3 is wrong",
  );
  expect(systemWords("text")).toBe("text");
});
