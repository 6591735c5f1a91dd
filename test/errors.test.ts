import { describe, expect, test } from "bun:test";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError, errorCode } from "../src/errors.ts";
import { explainFailure } from "../src/host/errors/fatal-error.ts";
import { SinkError } from "../src/host/sinks/sink.ts";
import { SysError } from "../src/kernel/errors.ts";
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

describe("too many open files", () => {
  const { open_files } = (
    process.report.getReport() as {
      readonly userLimits: { readonly open_files: { readonly soft: number } };
    }
  ).userLimits;
  const advice = `; iotop may have ${open_files.soft} at once: raise that limit (ulimit -n, LimitNOFILE= of systemd)`;
  const runtimes = Object.assign(
    new Error("EMFILE: too many open files, open '/x'"),
    { code: "EMFILE", syscall: "open" },
  );

  test.each([
    [runtimes, `too many open files${advice}`],
    [
      new SysError("list /proc", 24),
      `list /proc: Too many open files (EMFILE)${advice}`,
    ],
    [
      new SinkError("o.html", runtimes, []),
      `o.html: too many open files${advice}`,
    ],
    [
      new SysError("list /proc", 23),
      "list /proc: Too many open files in system (ENFILE); the limit is that of the machine: raise it (sysctl fs.file-max), or end what has many open",
    ],
  ])("case %#: what the limit is, and how to raise it", (error, text) => {
    expect(describeError(error)).toBe(text);
    expect(explainFailure(error)).toEqual({ text, status: 1 });
  });
});

test("the code is that of the system, or nothing", () => {
  expect(errorCode(missing)).toBe("ENOENT");
  expect([errorCode(new Error("")), errorCode(null), errorCode("x")]).toEqual([
    null,
    null,
    null,
  ]);
});
