import { expect, test } from "bun:test";
import { FileTracing } from "../../src/tracing/file-watch.ts";
import type { FileEvent } from "../../src/tracing/tracer.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { fileEvent } from "../support/bytes/file-events.ts";
import { makeSample, row } from "../support/samples.ts";

/** @returns a watch, and the events that the kernel has counted and nobody has read yet */
function open(knowsDirectFiles = true) {
  const waiting: FileEvent[] = [];
  const closed: string[] = [];
  const said: string[] = [];
  let lostBytes = 0;
  const files = new FileTracing(
    {
      knowsDirectFiles,
      drain: () => waiting.splice(0),
      readLostBytes: () => lostBytes,
      [Symbol.dispose]: () => void closed.push("tracer"),
    },
    new FakeClock(),
    (text) => said.push(text),
  );
  const lose = (bytes: number) => void (lostBytes += bytes);
  return { files, waiting, closed, said, lose };
}

const sample = makeSample({ threads: [row({ tid: 42, readBytes: 4096 })] });

test("what was drained between samples is in the next one", () => {
  const { files, waiting } = open();
  waiting.push(fileEvent("read", 1000));
  files.drain();
  waiting.push(fileEvent("read", 3096));
  expect(files.take(sample)).toMatchObject([{ pid: 42, readBytes: 4096 }]);
  expect(files.take(makeSample())).toEqual([]);
});

test("what was counted before the restart is of no interest", () => {
  const { files, waiting } = open();
  waiting.push(fileEvent("read", 1000));
  files.restart();
  expect(files.take(sample)).toMatchObject([
    { kind: "not-attributed", readBytes: 4096 },
  ]);
});

test("pages that were dirty before the restart are written for who dirtied them", () => {
  const { files, waiting } = open();
  waiting.push(fileEvent("dirtied", 4096));
  files.restart();
  waiting.push(fileEvent("written", 4096, { pid: 9 }));
  expect(files.take(makeSample({ threads: [row({ tid: 42 })] }))).toMatchObject(
    [{ pid: 42, writeBytes: 0, toDiskBytes: 4096 }],
  );
});

test("it says what it cannot see, and closes what it has", () => {
  expect(open().said).toEqual([]);
  const { files, closed, said } = open(false);
  expect(said[0]).toContain("O_DIRECT has no file");
  files[Symbol.dispose]();
  expect(closed).toEqual(["tracer"]);
});

test("bytes that there was no room for are said once", () => {
  const { files, said, lose } = open();
  files.drain();
  expect(said).toEqual([]);
  lose(4096);
  files.drain();
  lose(4096);
  files.drain();
  expect(said).toEqual([expect.stringContaining("too many files")]);
});
