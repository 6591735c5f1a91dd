import { expect, test } from "bun:test";
import { MACHINES, type Machine } from "./machines.ts";
import { mergeResult, rowOf, toResult } from "./results.ts";
import { EXACT, type Verdict } from "./verdict.ts";

const MACHINE: Machine = {
  ...{ version: "6.12", architecture: "amd64", flavour: "cloud-amd64" },
};
const VERDICT: Verdict = {
  ...{ kernel: "6.12.1-cloud-amd64", taskstats: "14", page: "4 kB" },
  results: {
    ...{ processes: EXACT, "proc-alone": EXACT, writeback: "-1 of 2" },
    ...{ ext4: EXACT, xfs: EXACT, btrfs: EXACT },
  },
  ...{ notes: [], isGood: false },
};

const DAY = new Date("2026-01-02T03:04:05Z");

const cells = (machine: Machine, verdict: Verdict | null): string[] =>
  Object.values(rowOf(toResult(machine, verdict, DAY)));

test("a row says what was booted and what came of it", () => {
  expect(cells(MACHINE, VERDICT)).toEqual([
    ...["6.12.1-cloud-amd64", "14", EXACT, EXACT, EXACT, "-1 of 2"],
    "2026-01-02",
  ]);
});

test("what is special of a machine is in its name", () => {
  const option = "lockdown=confidentiality";
  expect(cells({ ...MACHINE, option }, { ...VERDICT, page: "16 kB" })[0]).toBe(
    "6.12.1-cloud-amd64, `lockdown=confidentiality`, pages of 16 KiB",
  );
});

test("file systems that differ are named", () => {
  const results = { ...VERDICT.results, xfs: "did not run" };
  expect(cells(MACHINE, { ...VERDICT, results })[4]).toBe(
    `ext4: ${EXACT}; xfs: did not run; btrfs: ${EXACT}`,
  );
  const { processes, writeback } = VERDICT.results;
  const old = { processes: processes!, writeback: writeback! };
  const row = (positions: string) =>
    cells(MACHINE, { ...VERDICT, results: { ...old, positions } });
  expect(row(EXACT)[4]).toBe("positions");
  expect(row("nothing moved")[4]).toBe("nothing moved");
});

test("a kernel that no mirror has is in the table", () => {
  expect(cells(MACHINE, null)).toEqual([
    ...["6.12 cloud-amd64", "?", "no package", "", "", "", "2026-01-02"],
  ]);
});

test("each machine keeps its last result, in the order of the machines", () => {
  const [first, second, third] = MACHINES.map((machine) =>
    toResult(machine, null, DAY),
  );
  const again = { ...second!, kernel: "6.1.2" };
  const gone = { ...first!, machine: "2.6.32 generic" };
  expect(mergeResult([third!, gone, second!], again)).toEqual([again, third!]);
  expect(mergeResult([again, third!], first!)).toEqual([
    ...[first!, again, third!],
  ]);
});
