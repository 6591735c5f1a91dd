import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { makeSample, makeTask, row } from "../../../support/samples.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

const SIZE = { columns: 120, rows: 40 } as const;
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
};

/** "30.1M", "≥1.02G/s", "0". */
function bytesOf(text: string): number {
  const [, digits, unit] = /([\d.]+)([KMG]?)(?:B?(?:\/s)?)?$/.exec(text)!;
  return Number(digits) * UNITS[unit!]!;
}

/** The numbers of READ and WRITE and the name in each row of the table. */
function rowsOf(lines: readonly string[]): readonly {
  readonly name: string;
  readonly read: number;
  readonly write: number;
}[] {
  const at = lines.findIndex((line) => /DISK READ DISK WRITE/.test(line));
  const titles = lines[at]!;
  const numberAt = (line: string, title: string): number => {
    const end = titles.indexOf(title) + title.length;
    return bytesOf(line.slice(0, end).trimEnd().split(" ").at(-1)!);
  };
  const nameAt = titles.search(/COMMAND|USER$|USER |CGROUP|UNIT|CONTAINER/);
  return lines
    .slice(at + 1, -1)
    .filter((line) => line.trim() !== "")
    .map((line) => ({
      name: line.slice(nameAt).replace(/█/g, "").trim(),
      read: numberAt(line, "DISK READ"),
      write: numberAt(line, "DISK WRITE"),
    }));
}

const totalOf = (lines: readonly string[], what: "READ" | "WRITE"): number =>
  bytesOf(new RegExp(`Total DISK ${what}: +(\\S+)`).exec(lines[0]!)![1]!);

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((all, each) => all + each, 0);

/** Three digits are shown of each: rounding adds up. */
function expectWhole(lines: readonly string[]): void {
  const rows = rowsOf(lines);
  const read = sum(rows.map((each) => each.read));
  const write = sum(rows.map((each) => each.write));
  expect(read / totalOf(lines, "READ")).toBeCloseTo(1, 1);
  expect(write / totalOf(lines, "WRITE")).toBeCloseTo(1, 1);
}

describe("y", () => {
  test("goes through commands, users, cgroups, units and containers, each with rows that add up to Total", async () => {
    await using screen = await ScreenHarness.open(SIZE);
    for (const sample of culprits()) await screen.show(sample);
    const before = screen.lines();
    const [command, user, cgroup, unit, container] = [
      await screen.type("y"),
      await screen.type("y"),
      await screen.type("y"),
      await screen.type("y"),
      await screen.type("y"),
    ];
    const busy = (lines: readonly string[]): readonly string[] =>
      rowsOf(lines)
        .filter(({ read, write }) => read + write > 0)
        .map(({ name }) => name);
    expect(busy(command!)).toEqual(["fio", "dd"]);
    expect(busy(user!)).toEqual(["backup", "man", "games", "www-data", "news"]);
    expect(busy(cgroup!).map((path) => path.split("/").at(-1))).toEqual([
      "backup.service",
      "logs.service",
      "user-1000.slice",
      "pool.service",
      "wal.service",
    ]);
    expect(busy(unit!)).toEqual([
      "backup.service",
      "logs.service",
      "user-1000",
      "pool.service",
      "wal.service",
    ]);
    expect(busy(container!)).toEqual(["-"]);
    for (const [lines, title] of [
      [command, "COMMAND"],
      [user, "USER"],
      [cgroup, "CGROUP"],
      [unit, "UNIT"],
      [container, "CONTAINER"],
    ] as const) {
      expect(lines!.join("\n")).toContain(title);
      expectWhole(lines!);
    }
    expect(await screen.type("y")).toEqual([...before]);
  });

  test("with sums: what ended tasks did is in their groups; o hides the others", async () => {
    await using screen = await ScreenHarness.open(SIZE);
    const samples = culprits();
    for (const sample of samples) await screen.show(sample);
    const shown = await screen.type("ayyo");
    const games = rowsOf(shown).find(({ name }) => name === "games")!;
    expect(games.write / (samples.length * 22 * 256 * 1024)).toBeCloseTo(1, 1);
    expect(rowsOf(shown).every((each) => each.read + each.write > 0)).toBe(
      true,
    );
    // Of a second before, and of the newest again.
    const before = await screen.type("[");
    const earlier = rowsOf(before).find(({ name }) => name === "games")!;
    expect(earlier.write / (11 * 22 * 256 * 1024)).toBeCloseTo(1, 1);
  });

  test("sorts, follows the cursor, and no key acts on a group", async () => {
    await using screen = await ScreenHarness.open(SIZE);
    const samples = culprits({ samples: 13 });
    for (const sample of samples.slice(0, 12)) await screen.show(sample);
    await screen.type("yyyyj");
    const byName = await screen.type("\x1b[D\x1b[Dr");
    expect(rowsOf(byName).length).toBeGreaterThan(4);
    await screen.show(samples[12]!);
    expect((await screen.type("i")).join("\n")).not.toContain("ionice 0");
  });
});

test("while units are still being read, rows of users are under the title of users", async () => {
  await using screen = await ScreenHarness.open(SIZE);
  const threads = Array.from({ length: 12 }, (_, i) => {
    const task = makeTask({ tid: 100 + i, user: "alice" });
    Object.defineProperty(task, "cgroup", {
      // Longer than a slice.
      get: () => (Bun.sleepSync(9), "/system.slice/web.service"),
    });
    return row({ tid: task.tid, task, readBytes: 4096 });
  });
  await screen.show(makeSample({ threads }));
  await screen.type("yyyy");
  const seen = new Set<string>();
  while (!seen.has("UNIT web.service")) {
    const lines = screen.lines();
    const at = lines.findIndex((line) => line.includes("DISK READ DISK"));
    const ends = [at, at + 1].map((y) => lines[y]!.split(/ +/).at(-1));
    seen.add(ends.join(" "));
    await Bun.sleep(1);
  }
  for (const each of seen)
    expect(["COMMAND task100", "USER alice", "UNIT web.service"]).toContain(
      each,
    );
});
