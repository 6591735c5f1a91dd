import { expect, test } from "bun:test";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError, errorCode } from "../src/errors.ts";
import { failureOf } from "./support/failure.ts";

/** Of a file that is not there: in a folder that nobody else knows. */
function missingFile(): unknown {
  const folder = mkdtempSync(join(tmpdir(), "iotop-missing-"));
  try {
    return failureOf(() => readFileSync(join(folder, "file")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const missing = missingFile();

test.each([
  [missing, "no such file or directory"],
  [failureOf(() => openSync("/proc", "w")), "is a directory"],
  [failureOf(() => readFileSync("/proc")), "is a directory"],
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
