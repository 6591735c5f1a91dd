import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { describeError, errorCode } from "../../src/host/describe-error.ts";

function thrown(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const missing = thrown(() => readFileSync("/nonexistent"));

test.each([
  [missing, "no such file or directory"],
  [new Error("two\nlines"), "two"],
  [new RangeError(""), "RangeError"],
  [new AggregateError([new Error("first"), new Error("second")]), "first"],
  [Object.assign(new Error("odd"), { code: "EODD" }), "odd"],
  ["text", "text"],
  [null, "null"],
  [undefined, "undefined"],
  [42, "42"],
  [{ message: "an object" }, "an object"],
  [Object.create(null), "unknown error"],
])("case %#", (error, text) => {
  expect(describeError(error)).toBe(text);
});

test("the code is that of the system, or nothing", () => {
  expect(errorCode(missing)).toBe("ENOENT");
  expect([errorCode(new Error("")), errorCode(null), errorCode("x")]).toEqual([
    null,
    null,
    null,
  ]);
});
