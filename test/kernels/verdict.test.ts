import { describe, expect, test } from "bun:test";
import { EXACT, judgeConsole } from "./verdict.ts";

const REFUSAL = "too old";
const WRITES = ["wburst", "wchurn", "wrelay", "wflood"];
const WAYS = Array.from({ length: 17 }, (_, at) => `way${at}`);

interface Differences {
  readonly counted?: number;
  readonly files?: number;
  readonly status?: number;
  readonly writtenBack?: number;
  readonly way?: number;
  readonly inOtherFile?: number;
  readonly moved?: number;
  readonly notices?: readonly string[];
  readonly problem?: string;
}

const file = (comm: string, read_bytes: number, write_bytes: number) => ({
  ...{ comm, kind: "file", path: `/disk/${comm}`, direct: false },
  ...{ read_bytes, write_bytes, moved_bytes: null },
});

/** Five programs of known sums, and rows of what they used. */
function programs(withFiles: boolean, off: Differences): string[] {
  const { counted = 0, files = 0, status = 0 } = off;
  const groups = [
    ...WRITES.map((name) => ({
      ...{ name, read_bytes: 0, write_bytes: 4096 + counted },
    })),
    { name: "wfetch", read_bytes: 4096 + counted, write_bytes: 77 },
  ];
  const rows = groups.flatMap(({ name, read_bytes, write_bytes }) => [
    file(name, read_bytes, write_bytes + files),
    { ...file(name, 0, -files), kind: "not-attributed" },
  ]);
  return [
    ...groups.map(({ name }) => `@@ counted ${name} 4096 3`),
    `@@ status ${status}`,
    "@@ stderr iotop: a warning",
    `@@ report ${JSON.stringify({ groups, files: withFiles ? rows : undefined })}`,
  ];
}

/** Ways of using files: all but one write; the last is read past the cache. */
function ways(off: Differences): string[] {
  const { way = 0, inOtherFile = 0, notices = [] } = off;
  const size = 256 * 1024;
  const groups = [
    ...WAYS.map((name) => ({ name, read_bytes: 0, write_bytes: size + 5 })),
    { name: "direct-read", read_bytes: size, write_bytes: 0 },
  ];
  const rows = groups.flatMap(({ name, read_bytes, write_bytes }) => [
    file(name, read_bytes, write_bytes && write_bytes - 5 - way),
    // What a file system knows about its files.
    { ...file(name, 0, write_bytes && 5 + way - inOtherFile), path: null },
  ]);
  return [
    ...WAYS.map((name) => `@@ used write ${name}`),
    "@@ used read direct-read",
    ...notices.map((text) => `@@ stderr iotop: ${text}`),
    "@@ status 0",
    `@@ report ${JSON.stringify({ groups, files: rows })}`,
  ];
}

function writeback({ writtenBack = 3072 }: Differences): string[] {
  const cgroups = [null, 1024, writtenBack].map((to_disk_bytes) => [
    { path: "/writer.service", to_disk_bytes },
    { path: "/other.service", to_disk_bytes: 77 },
  ]);
  return [
    "@@ status 0",
    "@@ written 4096",
    ...cgroups.map((each) => `@@ cgroups ${JSON.stringify(each)}`),
    "@@ doctor ok    taskstats         version 13, 416 bytes a task",
  ];
}

function positions(off: Differences): string[] {
  const { moved = 4096, notices = ["--files: only positions: too old"] } = off;
  const row = { ...file("writer", 0, 0), path: "/disk/moved" };
  const rows = [{ ...row, write_bytes: null, moved_bytes: moved }];
  return [
    ...notices.map((text) => `@@ stderr iotop: ${text}`),
    "@@ status 0",
    `@@ files ${JSON.stringify(rows)}`,
  ];
}

/** A console as it arrives: with escape sequences before the first line, and carriage returns. */
function consoleOf(
  refusal: string | null,
  off: Partial<Record<string, Differences>> = {},
): string {
  const isCounted = refusal === null;
  const parts: Record<string, (off: Differences) => string[]> = {
    processes: (each) => programs(isCounted, each),
    "proc-alone": (each) => [
      ...programs(false, each),
      "@@ stderr iotop: --files: positions: /sys is not mounted",
    ],
    ...(isCounted ? { ext4: ways, xfs: ways, btrfs: ways } : { positions }),
    writeback,
  };
  const lines = Object.entries(parts).flatMap(([name, lines]) => [
    `@@ part ${name}`,
    ...(off[name]?.problem === undefined ? [] : [`@@ problem ${name} fails`]),
    ...lines(off[name] ?? {}),
  ]);
  return [
    "\x1b[2J@@ kernel 6.1.0-50-cloud-amd64",
    "@@ page 16 kB",
    "[    1.0] a line of the kernel",
    ...lines,
    "@@ part end",
    "",
  ].join("\r\n");
}

const resultsOf = (
  part: string,
  off: Differences,
  refusal: string | null = null,
) => {
  const verdict = judgeConsole(consoleOf(refusal, { [part]: off }), refusal);
  expect(verdict.isGood).toBe(false);
  const wrong = Object.entries(verdict.results).filter(
    ([, result]) => result !== EXACT,
  );
  expect(wrong.map(([name]) => name)).toEqual([part]);
  return verdict.results[part];
};

test("equal sums are good", () => {
  const verdict = judgeConsole(consoleOf(null), null);
  expect(verdict).toMatchObject({
    ...{ isGood: true, kernel: "6.1.0-50-cloud-amd64" },
    ...{ taskstats: "13", page: "16 kB" },
  });
  expect(Object.keys(verdict.results)).toEqual([
    ...["processes", "proc-alone", "ext4", "xfs", "btrfs", "writeback"],
  ]);
  expect(verdict.notes).toContain("iotop: a warning");
});

test("positions of files are good where nothing else can be had", () => {
  expect(judgeConsole(consoleOf(REFUSAL), REFUSAL).isGood).toBe(true);
  const other = judgeConsole(consoleOf(REFUSAL), null);
  expect(other.isGood).toBe(false);
  expect(other.results["xfs"]).toBe("did not run");
});

test("a machine that did not boot has no results", () => {
  const verdict = judgeConsole("Kernel panic\r\n", null);
  expect(verdict).toMatchObject({ kernel: null, isGood: false });
  expect(new Set(Object.values(verdict.results))).toEqual(
    new Set(["did not run"]),
  );
});

describe("not good is", () => {
  test("a difference, which is said for each program", () => {
    const result = resultsOf("proc-alone", { counted: -1024 });
    expect(result).toStartWith("wburst -1024 of 4096, wchurn -1024");
    expect(result).toContain("wfetch -1024 of 4096");
  });

  test("a status other than 0", () => {
    expect(resultsOf("processes", { status: 1 })).toBe("status 1");
  });

  test("a part that could not be set up", () => {
    expect(resultsOf("writeback", { problem: "mount" })).toBe(
      "writeback fails",
    );
  });

  test("files that do not add up to what the program did", () => {
    const result = resultsOf("processes", { files: -512 });
    expect(result).toContain("wburst files -512 of 4096");
    // Two lives of one id within milliseconds.
    expect(result).not.toContain("wflood");
  });

  test("bytes in another file than that which was used", () => {
    expect(resultsOf("xfs", { way: 100 })).toContain("way0 -100 of 262144");
  });

  test("bytes that are in no row, though those of the file are right", () => {
    expect(resultsOf("btrfs", { inOtherFile: 3 })).toContain(
      "way16 -3 of 262149",
    );
  });

  test("a file of direct I/O where it is said that there is none", () => {
    expect(
      resultsOf("ext4", { notices: ["--files: O_DIRECT has no file"] }),
    ).toBe("direct-read 262144 of 0");
  });

  test("what a cgroup wrote and did not reach the disk in its name", () => {
    expect(resultsOf("writeback", { writtenBack: 1024 })).toBe("-2048 of 4096");
  });

  test("positions that stand still", () => {
    expect(resultsOf("positions", { moved: 0 }, REFUSAL)).toBe("nothing moved");
  });

  test.each([
    [["--files: too old", "--files: and more"]],
    [["--files: another reason"]],
    [["a line of something else, which is too old"]],
  ])("more or less than one line that says why: %p", (notices) => {
    expect(resultsOf("positions", { notices }, REFUSAL)).toStartWith(
      "says of files: ",
    );
  });
});
