import { expect, test } from "bun:test";
import { FileTotals, fileLabel } from "../../../src/model/files/file-totals.ts";
import { fileDelta } from "../../support/samples.ts";

const byInode = ({ inode }: { readonly inode: number | null }) => String(inode);

test("the heaviest first; a page that was written and went to the disk counts once", () => {
  const totals = new FileTotals(byInode);
  totals.add([
    fileDelta({ inode: 1, readBytes: 100 }),
    fileDelta({ inode: 2, writeBytes: 90, toDiskBytes: 90 }),
    fileDelta({ inode: 3, readBytes: 1 }),
  ]);
  totals.add([fileDelta({ inode: 3, readBytes: 200 })]);
  const { top, others } = totals.rank(2);
  expect(top.map(({ inode, readBytes }) => [inode, readBytes])).toEqual([
    [3, 201],
    [1, 100],
  ]);
  expect(others).toMatchObject({ files: 1, sum: { writeBytes: 90 } });
});

test("of more files than fit, none is lost from the sums", () => {
  const totals = new FileTotals(byInode);
  const files = 25_000;
  for (const readBytes of [1, 2])
    totals.add(
      Array.from({ length: files }, (_, inode) =>
        fileDelta({ inode, readBytes }),
      ),
    );
  const { top, others } = totals.rank(10);
  expect(top).toHaveLength(10);
  const sum = top.reduce((all, row) => all + row.readBytes!, 0);
  expect(sum + others!.sum.readBytes!).toBe(3 * files);
});

test.each([
  [{}, "/srv/db/pool"],
  [{ direct: true }, "/srv/db/pool (direct)"],
  [{ path: null }, "(inode 7)"],
  [{ path: null, inode: null }, "(other files)"],
  [{ kind: "device", path: null }, "(metadata of the file system)"],
  [{ kind: "no-file", path: null }, "(no file)"],
  [{ kind: "not-attributed", path: null }, "(not attributed)"],
] as const)("%p is called %s", (fields, label) =>
  expect(fileLabel(fileDelta(fields))).toBe(label),
);
