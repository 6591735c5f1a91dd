import { expect, test } from "bun:test";
import fc from "fast-check";
import { mergeFiles } from "../../../src/model/merge/merge-files.ts";
import { fileDelta } from "../../support/samples.ts";

test("amounts add up", () => {
  const a = [fileDelta({ readBytes: 1, toDiskBytes: 5 })];
  const b = [fileDelta({ readBytes: 2, writeBytes: 4 })];
  expect(mergeFiles(a, b)).toEqual([
    fileDelta({ readBytes: 3, writeBytes: 4, toDiskBytes: 5 }),
  ]);
});

test("another process, file, device or way of reading is another row", () => {
  const rows = [
    fileDelta(),
    fileDelta({ processKey: "another life" }),
    fileDelta({ inode: 8 }),
    // The number of one that was deleted is used again.
    fileDelta({ path: "/srv/db/later" }),
    fileDelta({ device: "vdb" }),
    fileDelta({ direct: true }),
    fileDelta({ kind: "not-attributed", device: null, inode: null }),
    fileDelta({ inode: null, path: "/a", device: null }),
    fileDelta({ inode: null, path: "/b", device: null }),
  ];
  expect(mergeFiles(rows, rows)).toHaveLength(rows.length);
});

test("where files were not asked for, they are unknown in both together", () => {
  expect(mergeFiles(null, [fileDelta()])).toBeNull();
  expect(mergeFiles([fileDelta()], null)).toBeNull();
});

test("merging is associative", () => {
  const files = fc.array(
    fc
      .record({
        inode: fc.constantFrom(1, 2, null),
        path: fc.constantFrom("/a", "/b"),
        readBytes: fc.constantFrom(null, 0, 1, -5),
        toDiskBytes: fc.constantFrom(null, 0, 3),
      })
      .map(fileDelta),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(files, files, files, (a, b, c) => {
      expect(mergeFiles(mergeFiles(a, b), c)).toEqual(
        mergeFiles(a, mergeFiles(b, c)),
      );
    }),
  );
});

test("however long samples are merged, files are bounded, the heaviest stay, and no byte is missing", () => {
  const second = (n: number) =>
    Array.from({ length: 1000 }, (_, i) =>
      fileDelta({ inode: 1 + n * 1000 + i, readBytes: 1, toDiskBytes: 2 }),
    );
  const heavy = fileDelta({ path: "/heavy", readBytes: 1e6 });
  const merged = Array.from({ length: 30 }, (_, n) => second(n)).reduce(
    (a, b) => [...mergeFiles(a, b)!],
    [heavy],
  );
  expect(merged.length).toBeLessThan(9000);
  expect(merged).toContainEqual(heavy);
  expect(merged.filter(({ pid }) => pid === null)).toHaveLength(1);
  const sum = (key: "readBytes" | "toDiskBytes") =>
    merged.reduce((all, row) => all + row[key]!, 0);
  expect([sum("readBytes"), sum("toDiskBytes")]).toEqual([
    ...[1e6 + 30_000, 60_000],
  ]);
});
