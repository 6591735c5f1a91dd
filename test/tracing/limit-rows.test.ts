import { expect, test } from "bun:test";
import fc from "fast-check";
import { limitRows } from "../../src/tracing/limit-rows.ts";
import type { FileRow } from "../../src/tracing/file-row.ts";

const fileRow = (about: Partial<FileRow>): FileRow => ({
  ...{ process: { pid: 42, startNs: 7 }, kind: "file", device: "vda" },
  ...{ inode: 1, path: "/a", direct: false },
  ...{ readBytes: 0, writeBytes: 0, toDiskBytes: 0 },
  ...about,
});

const brief = ({ process, kind, inode, direct, readBytes }: FileRow) => [
  ...[process!.pid, kind, inode, direct, readBytes],
];

test("the files with the most stay, the others are one row for each process and device", () => {
  const rows = [1, 5, 2, 4, 3].map((readBytes) =>
    fileRow({ inode: readBytes, readBytes }),
  );
  rows.push(
    fileRow({ kind: "device", inode: null, path: null, readBytes: 7 }),
    // There was no room for it before.
    fileRow({ inode: null, path: null, readBytes: 100 }),
    fileRow({ process: { pid: 8, startNs: 1 }, inode: 9, readBytes: 1 }),
    fileRow({ direct: true, inode: 9, readBytes: 1 }),
  );
  expect(limitRows(rows, rows.length)).toBe(rows);
  expect(limitRows(rows, 2).map(brief)).toEqual([
    [42, "file", 5, false, 5],
    [42, "file", 4, false, 4],
    [42, "file", null, false, 106],
    [8, "file", null, false, 1],
    [42, "file", null, true, 1],
    [42, "device", null, false, 7],
  ]);
});

test("no byte is missing, and no process has another's", () => {
  const row = fc
    .record({
      process: fc.constantFrom(
        null,
        { pid: 1, startNs: 1 },
        { pid: 2, startNs: 1 },
      ),
      inode: fc.constantFrom(null, 1, 2, 3, 4),
      kind: fc.constantFrom("file" as const, "device" as const),
      readBytes: fc.nat(9),
      writeBytes: fc.nat(9),
      toDiskBytes: fc.nat(9),
    })
    .map(fileRow);
  const sumsOf = (rows: readonly FileRow[]) => {
    const sums = new Map<string, number[]>();
    for (const each of rows) {
      const key = JSON.stringify([each.process, each.kind === "device"]);
      const before = sums.get(key) ?? [0, 0, 0];
      const amounts = [each.readBytes, each.writeBytes, each.toDiskBytes];
      sums.set(
        key,
        amounts.map((amount, n) => amount + before[n]!),
      );
    }
    return Object.fromEntries(sums);
  };
  fc.assert(
    fc.property(fc.array(row), fc.nat(5), (rows, most) => {
      // Pages of a device have no inode.
      const given = rows.map((each) =>
        each.kind === "device" ? { ...each, inode: null } : each,
      );
      const sums = sumsOf(given);
      expect(sumsOf(limitRows(given, most))).toEqual(sums);
    }),
  );
});
