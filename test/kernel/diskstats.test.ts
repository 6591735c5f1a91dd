import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { heapStats } from "bun:jsc";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DISK, Diskstats } from "../../src/kernel/diskstats.ts";

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-diskstats-"));
  path = join(folder, "diskstats");
});
afterAll(() => rmSync(folder, { recursive: true }));

const VDA =
  " 254       0 vda 477280 53028 32772674 918821 7137389 232018 172462832 546176 3 325648 1529480 146992 97 172534272 63292 8612 1190";
const lineOf = (major: number, minor: number, name: string, reads = 0) =>
  `   ${major}       ${minor} ${name} ${reads} 0 8 1 0 0 0 0 0 1 1`;
const put = (...lines: readonly string[]) =>
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));

describe("a line", () => {
  test("of any kernel is taken apart", () => {
    put(VDA, lineOf(253, 12, "dm-12", 7));
    using diskstats = new Diskstats(path);
    expect(diskstats.read()).toBe(true);
    const [vda, dm] = diskstats.lines;
    expect(vda).toMatchObject({ major: 254, minor: 0, name: "vda" });
    const place = (at: keyof typeof DISK) => vda!.now[DISK[at]];
    expect([place("reads"), place("readSectors"), place("readMs")]).toEqual([
      ...[477280, 32772674, 918821],
    ]);
    expect([
      place("writes"),
      place("writtenSectors"),
      place("writeMs"),
      place("inFlight"),
      place("busyMs"),
      place("queueMs"),
    ]).toEqual([7137389, 172462832, 546176, 3, 325648, 1529480]);
    expect(dm).toMatchObject({ name: "dm-12", minor: 12, isNew: true });
  });

  test("that was cut short has zeros, and harms no other", () => {
    put(" 8 0 sda 5 6", VDA);
    using diskstats = new Diskstats(path);
    diskstats.read();
    expect([...diskstats.lines[0]!.now]).toEqual([
      5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect(diskstats.lines[1]!.now[0]).toBe(477280);
  });

  test("has counters beyond 32 bits", () => {
    put(` 8 0 sda ${2 ** 45} 0 ${2 ** 50} 4294967295 0 0 0 0 0 0 0`);
    using diskstats = new Diskstats(path);
    diskstats.read();
    expect([...diskstats.lines[0]!.now].slice(0, 4)).toEqual([
      ...[2 ** 45, 0, 2 ** 50, 4294967295],
    ]);
  });
});

describe("two readings", () => {
  const read = (diskstats: Diskstats, ...lines: readonly string[]) => {
    put(...lines);
    diskstats.read();
    return diskstats.lines.map(
      ({ name, hasMoved, isNew, now, before }) =>
        `${name} ${isNew ? "new" : hasMoved ? `${before[0]}-${now[0]}` : "still"}`,
    );
  };
  const [sda, sdb] = [lineOf(8, 0, "sda", 1), lineOf(8, 16, "sdb", 1)];

  test("show who moved, and by how much", () => {
    using diskstats = new Diskstats(path);
    expect(read(diskstats, sda, sdb)).toEqual(["sda new", "sdb new"]);
    expect(read(diskstats, sda, lineOf(8, 16, "sdb", 9))).toEqual([
      ...["sda still", "sdb 1-9"],
    ]);
    // As many digits, and then more of them.
    expect(
      read(diskstats, lineOf(8, 0, "sda", 2), lineOf(8, 16, "sdb", 10)),
    ).toEqual([...["sda 1-2", "sdb 9-10"]]);
    const { lines } = diskstats;
    expect(
      read(diskstats, lineOf(8, 0, "sda", 2), lineOf(8, 16, "sdb", 10)),
    ).toEqual([...["sda still", "sdb still"]]);
    expect(diskstats.lines).toBe(lines);
    expect([...lines[1]!.before]).toEqual([...lines[1]!.now]);
  });

  test("keep a device that has another place, and forget one that is gone", () => {
    using diskstats = new Diskstats(path);
    read(diskstats, sda, sdb);
    const [, second] = diskstats.lines;
    expect(read(diskstats, lineOf(8, 16, "sdb", 4))).toEqual(["sdb 1-4"]);
    expect(diskstats.lines[0]).toBe(second!);
    expect(read(diskstats, sda, lineOf(8, 16, "sdb", 4))).toEqual([
      ...["sda new", "sdb still"],
    ]);
    expect(read(diskstats, sda, lineOf(8, 16, "sdb", 4))).toEqual([
      ...["sda still", "sdb still"],
    ]);
  });

  test("know a device by its numbers and its name", () => {
    using diskstats = new Diskstats(path);
    read(diskstats, sda);
    expect(read(diskstats, lineOf(8, 0, "sdz", 5))).toEqual(["sdz new"]);
    expect(read(diskstats, lineOf(8, 1, "sdz", 5))).toEqual(["sdz new"]);
  });

  test("of 300 devices fill more than a page", () => {
    const many = (reads: number) =>
      Array.from({ length: 300 }, (_, i) => lineOf(8, i, `sd${i}`, reads));
    using diskstats = new Diskstats(path);
    expect(read(diskstats, ...many(1))).toHaveLength(300);
    expect(read(diskstats, ...many(1))[299]).toBe("sd299 still");
    expect(read(diskstats, ...many(22))[299]).toBe("sd299 1-22");
  });
});

test("a file that is not there, or no longer, has no lines", () => {
  using missing = new Diskstats(join(folder, "none"));
  expect(missing.read()).toBe(false);
  expect(missing.lines).toEqual([]);
});

test("where nothing moved there is no garbage", () => {
  put(...Array.from({ length: 50 }, (_, i) => lineOf(8, i, `sd${i}`)));
  using diskstats = new Diskstats(path);
  const rounds = (count: number): void => {
    for (let i = 0; i < count; i++) diskstats.read();
  };
  rounds(2000);
  Bun.gc(true);
  const before = heapStats().heapSize;
  rounds(2000);
  // An object of a single word for each line would be some 800 KB.
  expect(heapStats().heapSize - before).toBeLessThan(100_000);
});

test("reads this machine", () => {
  using diskstats = new Diskstats();
  expect(diskstats.read()).toBe(true);
  const names = readFileSync("/proc/diskstats", "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.trim().split(/\s+/)[2]!);
  expect(diskstats.lines.map(({ name }) => name)).toEqual(names);
});
