import { expect, test } from "bun:test";
import type { FileDelta } from "../../src/model/files/file-delta.ts";
import { FileJoin } from "../../src/tracing/join.ts";
import type { FileRow, Process } from "../../src/tracing/file-row.ts";
import {
  makeSample,
  processKeyOf,
  row,
  SAMPLE_TIME_MS,
} from "../support/samples.ts";

/** A file that a process read. */
const fileRow = (
  process: Process | null,
  amounts: Partial<FileRow>,
): FileRow => ({
  process,
  ...{ kind: "file", device: "vda1", inode: 7, path: "/a", direct: false },
  ...{ readBytes: 0, writeBytes: 0, toDiskBytes: 0 },
  ...amounts,
});

const brief = ({ pid, processKey, kind, readBytes, writeBytes }: FileDelta) => [
  ...[pid, processKey, kind, readBytes, writeBytes],
];

test("the process of each file, and what of its bytes is in no file", () => {
  const sample = makeSample({
    threads: [
      row({ tid: 42, comm: "db", readBytes: 8192, writeBytes: 4096 }),
      row({ tid: 43, pid: 42, readBytes: 1000 }),
      row({ tid: 44, readBytes: 512 }),
      row({ tid: 45 }),
    ],
  });
  const process = { pid: 42, startNs: 0 };
  const files = new FileJoin().join(sample, [
    fileRow(process, { readBytes: 8000 }),
    fileRow(process, { readBytes: 192, writeBytes: 4096, inode: 8 }),
    fileRow(null, { toDiskBytes: 5 }),
  ]);
  expect(files.map(brief)).toEqual([
    [42, processKeyOf(42), "file", 8000, 0],
    [42, processKeyOf(42), "file", 192, 4096],
    [null, null, "file", 0, 0],
    [42, processKeyOf(42), "not-attributed", 1000, 0],
    [44, processKeyOf(44), "not-attributed", 512, 0],
  ]);
  expect(files[0]).toMatchObject({ comm: "db", path: "/a", movedBytes: null });
});

test("files that are ahead of the counters make up for it in the next sample", () => {
  const process = { pid: 42, startNs: 0 };
  const join = new FileJoin();
  const at = (readBytes: number, ofFile: number): number | null =>
    join
      .join(makeSample({ threads: [row({ tid: 42, readBytes })] }), [
        fileRow(process, { readBytes: ofFile }),
      ])
      .reduce((all, file) => all + file.readBytes!, 0);
  expect([at(1000, 1500), at(2000, 1500)]).toEqual([1000, 2000]);
});

test("two processes of one pid: the one that began then", () => {
  const sample = makeSample({
    uptimeS: 1000,
    threads: [10, 60].map((ageS) => {
      const startMs = SAMPLE_TIME_MS - ageS * 1000;
      const processKey = `${ageS} s old`;
      return row({ tid: 42, startMs, processKey, readBytes: 1 });
    }),
  });
  const files = new FileJoin().join(sample, [
    fileRow({ pid: 42, startNs: 939.9e9 }, { readBytes: 1 }),
    fileRow({ pid: 42, startNs: 990.3e9 }, { readBytes: 1 }),
  ]);
  expect(files.map(({ processKey }) => processKey)).toEqual([
    ...["60 s old", "10 s old"],
  ]);
});

test("a process that began after the tasks were read is in the next sample, with its files", () => {
  const process = { pid: 42, startNs: 0 };
  const join = new FileJoin();
  const early = fileRow(process, { readBytes: 1000 });
  expect(join.join(makeSample({ threads: [] }), [early])).toEqual([]);
  const sample = makeSample({ threads: [row({ tid: 42, readBytes: 1500 })] });
  const files = join.join(sample, [fileRow(process, { readBytes: 500 })]);
  expect(files.map(brief)).toEqual([[42, processKeyOf(42), "file", 1500, 0]]);
});

test("a process that had done nothing when its tasks were read: its files are in the next sample, under the name that it has there", () => {
  const process = { pid: 42, startNs: 0 };
  const join = new FileJoin();
  const at = (comm: string, writeBytes: number, ...rows: readonly FileRow[]) =>
    join
      .join(makeSample({ threads: [row({ tid: 42, comm, writeBytes })] }), rows)
      .map((file) => [file.comm, file.kind, file.writeBytes]);
  expect(at("sh", 0, fileRow(process, { writeBytes: 4096 }))).toEqual([]);
  expect(at("dd", 4096)).toEqual([["dd", "file", 4096]]);
  // If its counters say nothing of it then either, it is shown all the same.
  expect(at("dd", 0, fileRow(process, { writeBytes: 1 }))).toEqual([]);
  expect(at("dd", 0)).toEqual([
    ["dd", "file", 1],
    ["dd", "not-attributed", -1],
  ]);
});

test("a process that no sample has is shown without a name, and nobody at once", () => {
  const join = new FileJoin();
  const lost = fileRow({ pid: 43, startNs: 0 }, { readBytes: 1 });
  const kernels = fileRow({ pid: 0, startNs: 0 }, { toDiskBytes: 1 });
  const pids = (rows: readonly FileRow[]) =>
    join.join(makeSample(), rows).map(({ pid, comm }) => [pid, comm]);
  expect(pids([lost, kernels])).toEqual([[0, null]]);
  expect(pids([])).toEqual([[43, null]]);
  expect(pids([])).toEqual([]);
});

test("a process that has ended is still known when its pages are written", () => {
  const process = { pid: 42, startNs: 0 };
  const join = new FileJoin();
  join.join(makeSample({ threads: [row({ tid: 42, comm: "cp" })] }), [
    fileRow(process, { writeBytes: 1 }),
  ]);
  const files = join.join(makeSample({ threads: [] }), [
    fileRow(process, { toDiskBytes: 1 }),
  ]);
  expect(files.map(({ pid, comm }) => [pid, comm])).toEqual([[42, "cp"]]);
});

test("files are those of the program that the process runs by now", () => {
  const process = { pid: 42, startNs: 0 };
  const join = new FileJoin();
  const commIn = (comm: string): string | null =>
    join.join(makeSample({ threads: [row({ tid: 42, comm })] }), [
      fileRow(process, { toDiskBytes: 1 }),
    ])[0]!.comm;
  expect(["sh", "server"].map(commIn)).toEqual(["sh", "server"]);
  // Another process has its id by now, and it has ended.
  const next = row({ tid: 42, comm: "other", processKey: "42.9" });
  const [file] = join.join(makeSample({ threads: [next] }), [
    fileRow(process, { toDiskBytes: 1 }),
  ]);
  expect([file!.comm, file!.processKey]).toEqual(["server", processKeyOf(42)]);
});

test("what is not known of a process stays unknown", () => {
  const threads = [row({ tid: 42, readBytes: null, writeBytes: 5 })];
  const files = new FileJoin().join(makeSample({ threads }), []);
  expect(files.map(brief)).toEqual([
    [42, processKeyOf(42), "not-attributed", null, 5],
  ]);
});
