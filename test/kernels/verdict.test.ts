import { expect, test } from "bun:test";
import { judgeConsole } from "./verdict.ts";

const NAMES = ["wburst", "wfetch", "wchurn", "wrelay", "wflood"];

/** A console as it arrives: with escape sequences before the first line, and carriage returns. */
function consoleOf(
  off: number,
  status = 0,
  ofFiles = 0,
  writtenBack = 3072,
): string {
  const cgroups = [null, 1024, writtenBack].map((to_disk_bytes) => [
    { path: "/writer.service", to_disk_bytes },
    { path: "/other.service", to_disk_bytes: 77 },
  ]);
  const groups = NAMES.map((name) => ({
    name,
    read_bytes: name === "wfetch" ? 4096 + off : 0,
    write_bytes: name === "wfetch" ? 77 : 4096 + off,
  }));
  const files = groups.flatMap(({ name: comm, read_bytes, write_bytes }) => [
    { comm, kind: "device", read_bytes, write_bytes: write_bytes + ofFiles },
    { comm, kind: "not-attributed", read_bytes: 0, write_bytes: -ofFiles },
  ]);
  return [
    "\x1b[2J@@ kernel 6.1.0-50-cloud-amd64",
    ...NAMES.map((name) => `@@ counted ${name} 4096 3`),
    "[    1.0] a line of the kernel",
    `@@ status ${status}`,
    "@@ stderr iotop: a warning",
    `@@ report ${JSON.stringify({ groups, files })}`,
    "@@ writeback 4096",
    ...cgroups.map((each) => `@@ cgroups ${JSON.stringify(each)}`),
    "",
  ].join("\r\n");
}

test("equal sums are good", () => {
  const verdict = judgeConsole(consoleOf(0));
  expect(verdict.isGood).toBe(true);
  expect(verdict.kernel).toBe("6.1.0-50-cloud-amd64");
  expect(verdict.results).toEqual(
    [...NAMES, "writeback"].map((name) => [name, "exact"]),
  );
  expect(verdict.notes).toEqual(["iotop: a warning"]);
});

test("a difference, a failure, or a machine that did not boot is not", () => {
  const off = judgeConsole(consoleOf(-1024));
  expect(off.isGood).toBe(false);
  expect(off.results[0]).toEqual(["wburst", "-1024 of 4096"]);
  expect(judgeConsole(consoleOf(0, 1)).isGood).toBe(false);
  const late = judgeConsole(consoleOf(0, 0, 0, 1024));
  expect(late.isGood).toBe(false);
  expect(late.results.at(-1)).toEqual(["writeback", "-2048 of 4096"]);
  expect(judgeConsole("Kernel panic\r\n")).toEqual({
    kernel: "none: it did not boot",
    results: [],
    notes: [],
    isGood: false,
  });
});

test("files that do not add up to what the program did are not good", () => {
  const verdict = judgeConsole(consoleOf(0, 0, -512));
  expect(verdict.isGood).toBe(false);
  expect(verdict.results[0]).toEqual(["wburst", "exact, files -512"]);
  expect(verdict.results[1]).toEqual(["wfetch", "exact"]);
});
