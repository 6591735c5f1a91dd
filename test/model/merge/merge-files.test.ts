import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  mergeFiles,
  watchedFiles,
} from "../../../src/model/merge/merge-files.ts";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import {
  fileDelta,
  makeSample,
  processKeyOf,
  row,
} from "../../support/samples.ts";

test("amounts add up, and a path that was known once is kept", () => {
  const a = [fileDelta({ readBytes: 1, toDiskBytes: 5 })];
  const b = [fileDelta({ readBytes: 2, writeBytes: 4, path: null })];
  expect(mergeFiles(a, b)).toEqual([
    fileDelta({ readBytes: 3, writeBytes: 4, toDiskBytes: 5 }),
  ]);
});

test("another process, file, device or way of reading is another row", () => {
  const rows = [
    fileDelta(),
    fileDelta({ processKey: "another life" }),
    fileDelta({ inode: 8 }),
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

test("-p, -u and a filter select the files of the processes that they select", () => {
  const files = [42, 43].map((pid) =>
    fileDelta({ pid, processKey: processKeyOf(pid) }),
  );
  const nobodys = fileDelta({ pid: null, processKey: null });
  const sample = makeSample({
    threads: [row({ tid: 42, uid: 7 }), row({ tid: 44, pid: 43 })],
    files: [...files, nobodys],
  });
  const shown = (view: object) =>
    watchedFiles(sample, { ...DEFAULT_VIEW, ...view });
  expect(shown({})).toEqual([...files, nobodys]);
  expect(shown({ uids: [7] })).toEqual([files[0]!]);
  expect(shown({ pids: [44] })).toEqual([files[1]!]);
  expect(shown({ pids: [1] })).toEqual([]);
  expect(watchedFiles(makeSample(), DEFAULT_VIEW)).toBeNull();
});
