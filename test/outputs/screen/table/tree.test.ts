import { expect, test, setDefaultTimeout } from "bun:test";
import { threadsIn } from "../../../../outputs/screen/table/tree.ts";
import { makeSample, makeTask, row } from "../../../support/samples.ts";
import { framesOf, listOf } from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

const MIB = 1024 * 1024;
const pool = (threads: number) =>
  makeSample({
    threads: Array.from({ length: threads }, (_, i) => {
      const ids = { tid: 500 + i, pid: 500 };
      const task = makeTask({ ...ids, comm: "pool", cmdline: ["pool", "-x"] });
      return row({ ...ids, task, readBytes: (threads - i) * MIB });
    }),
  });
const rowsAt = async (
  rows: number,
  threads: number,
  columns = 80,
): Promise<readonly string[]> => {
  const frames = await framesOf({ columns, rows }, [pool(threads)]);
  return listOf(frames.at(-1)!).map((line) => line.trim().replace(/ +/g, " "));
};

test("a process takes a quarter of the list at most, and says how many threads it has more", async () => {
  expect([1, 8, 18, 34, 99].map(threadsIn)).toEqual([2, 2, 4, 8, 8]);
  const shown = await rowsAt(24, 40);
  expect(shown).toHaveLength(5);
  expect(shown[0]).toStartWith("500 root 820M ");
  expect(shown[1]).toMatch(/^500 40\.0M .* ├ pool$/);
  expect(shown[4]).toMatch(/^503 37\.0M .* └ pool \+36 more$/);
});

test("all threads are shown where there are no more", async () => {
  const shown = await rowsAt(24, 4);
  expect(shown.at(-1)).toEndWith("└ pool");
  expect((await rowsAt(24, 1)).length).toBe(1);
});

test("in a narrow window the number alone says how many more", async () => {
  expect((await rowsAt(12, 40, 40)).at(-1)).toEndWith("└ pool +38");
});

test("a thread that pauses for a moment keeps its row", async () => {
  const rests = makeSample({
    threads: pool(2).threads.map(({ task }) => row({ tid: task.tid, task })),
  });
  const after = async (count: number) => {
    const samples = [pool(2), ...Array.from({ length: count }, () => rests)];
    const frames = await framesOf({ columns: 80, rows: 24 }, samples);
    return listOf(frames.at(-1)!).length;
  };
  expect(await after(5)).toBe(3);
  expect(await after(6)).toBe(1);
});
