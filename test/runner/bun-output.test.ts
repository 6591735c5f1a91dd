import { describe, expect, test } from "bun:test";
import {
  isNews,
  isResult,
  judgeFile,
  namesOf,
  type FileEnding,
} from "./bun-output.ts";

const WHOLE = [
  "bun test v1.4.5 (a7733435c)",
  "",
  "a.test.ts:",
  "(pass) group > well [0.04ms]",
  "(skip) group > needs root",
  "(todo) group > to do",
  "error: expect(received).toBe(expected)",
  "(fail) group > bad [1.20ms]",
  "(pass) 3 pass",
  "",
  " 2 pass",
  " 1 skip",
  " 1 todo",
  " 1 fail",
  " 1 expect() calls",
  "Ran 5 tests across 1 file. [27.00ms]",
];

const ending = (change: Partial<FileEnding>): FileEnding => ({
  status: 0,
  signal: null,
  overdueMs: null,
  lines: WHOLE,
  ...change,
});

describe("a file that got through", () => {
  test("has the counts of its summary; what is to do is skipped", () => {
    expect(judgeFile(ending({ status: 1 }))).toEqual({
      counts: { passed: 2, failed: 1, skipped: 2 },
      complaint: null,
    });
  });

  test("is a failure if it ends badly although no test failed", () => {
    const lines = [" 1 pass", " 0 fail", "Ran 1 test across 1 file. [1.00ms]"];
    expect(
      judgeFile(ending({ status: null, signal: "SIGSEGV", lines })),
    ).toEqual({
      counts: { passed: 1, failed: 1, skipped: 0 },
      complaint: "no test failed, yet it ended by SIGSEGV",
    });
  });

  test("is a failure if it holds no test", () => {
    const lines = [" 0 pass", " 0 fail", "Ran 0 tests across 1 file. [1.00ms]"];
    expect(judgeFile(ending({ lines })).complaint).toBe("it holds no test");
  });
});

describe("a file that was cut off keeps what it brought and is one failure more", () => {
  const cut = { lines: WHOLE.slice(0, 8) };

  test.each([
    [
      { ...cut },
      /^it ended with status 0 after "group > bad" .* process\.exit\?$/,
    ],
    [
      { ...cut, status: 9 },
      /^it ended with status 9 after "group > bad" .* ended$/,
    ],
    [{ ...cut, status: null, signal: "SIGABRT" }, /^it ended by SIGABRT after/],
    [{ ...cut, overdueMs: 90_000 }, /^killed after "group > bad" .* for 90 s$/],
  ])("%o", (change, complaint) => {
    const result = judgeFile(ending(change));
    expect(result.counts).toEqual({ passed: 1, failed: 2, skipped: 2 });
    expect(result.complaint).toMatch(complaint);
  });

  test("and if nothing at all was heard of it, that is said", () => {
    const { counts, complaint } = judgeFile(ending({ status: 1, lines: [] }));
    expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(complaint).toBe("it ended with status 1 before a test had ended");
  });
});

test("names come without their times, whatever stands in them", () => {
  const lines = ["(fail) a [x] (pass) [12.5s]", "(fail) no time", " (fail) no"];
  expect(namesOf(lines, "fail")).toEqual(["a [x] (pass)", "no time"]);
  expect(lines.map(isResult)).toEqual([true, true, false]);
});

test("news is what failed and why, and what was skipped", () => {
  expect(WHOLE.filter(isNews)).toEqual([
    "(skip) group > needs root",
    "(todo) group > to do",
    "error: expect(received).toBe(expected)",
    "(fail) group > bad [1.20ms]",
  ]);
});
