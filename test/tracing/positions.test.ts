import { expect, test } from "bun:test";
import type { OpenFileReading } from "../../src/kernel/open-files.ts";
import { Positions } from "../../src/tracing/positions.ts";
import { makeSample, row } from "../support/samples.ts";

const open = (
  fd: number,
  path: string,
  position: number | null,
  size: number | null = 1e6,
): OpenFileReading => ({ fd, mode: "r", path, position, size });

/** Looks at process 42, which has these files open. */
function watch() {
  let files: readonly OpenFileReading[] | null = [];
  const asked: number[] = [];
  const positions = new Positions((pid) => {
    asked.push(pid);
    return files === null ? null : { files, count: files.length };
  });
  return {
    asked,
    see(now: readonly OpenFileReading[] | null, readBytes = 1) {
      files = now;
      const threads = [row({ tid: 42, readBytes }), row({ tid: 43 })];
      return positions
        .take(makeSample({ threads }))
        .map(({ path, movedBytes }) => [path, movedBytes]);
    },
  };
}

test("how far positions moved since the look before, in either direction", () => {
  const { see } = watch();
  expect(see([open(3, "/a", 100), open(4, "/b", 500)])).toEqual([]);
  expect(see([open(3, "/a", 4196), open(4, "/b", 100)])).toEqual([
    ["/a", 4096],
    ["/b", 400],
  ]);
  expect(see([open(3, "/a", 4196), open(4, "/b", 100)])).toEqual([]);
});

test("a file that is open twice has one row; another file under the same number begins anew", () => {
  const { see } = watch();
  see([open(3, "/a", 0), open(4, "/a", 0), open(5, "/b", 900)]);
  expect(see([open(3, "/a", 10), open(4, "/a", 20), open(5, "/c", 5)])).toEqual(
    [["/a", 30]],
  );
});

test("what is no regular file is left out", () => {
  const { see } = watch();
  see([open(3, "/dev/tty", 0, null), open(4, "socket:[1]", null, null)]);
  expect(
    see([open(3, "/dev/tty", 9, null), open(4, "socket:[1]", null, null)]),
  ).toEqual([]);
});

test("only processes that do something are looked at, and once more after that", () => {
  const { see, asked } = watch();
  see([], 0);
  see([]);
  see([], 0);
  expect(asked).toEqual([42, 42]);
});

test("files that iotop may not see have no rows", () => {
  const { see } = watch();
  see([open(3, "/a", 0)]);
  expect(see(null)).toEqual([]);
});
