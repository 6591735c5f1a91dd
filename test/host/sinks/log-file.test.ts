// waits: it mounts a file system
import { expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileSink } from "../../../src/host/sinks/file-sink.ts";
import { SinkError } from "../../../src/host/sinks/sink.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { needing } from "../../support/needs.ts";
import {
  lacksOfSmallDisk,
  openSmallDisk,
} from "../../support/machine/small-disk.ts";

setDefaultTimeout(60_000);

const isSkipped = lacksOfSmallDisk.some((lack) => lack !== null);
const onSmallDisk = (title: string, check: () => Promise<void>): void =>
  test.skipIf(isSkipped)(needing(title, ...lacksOfSmallDisk), check);

const SIZE_BYTES = 256 << 10;

async function openLog(path: string) {
  const clock = new FakeClock();
  const ending = new AbortController();
  const told: string[] = [];
  const sink = fileSink(path, null, clock);
  await sink.open({
    warn: (text) => void told.push(text),
    signal: ending.signal,
    onFull: (reason) => void told.push(reason),
    onFreed: () => void told.push("freed"),
  });
  return { clock, ending, told, sink };
}

const long = (letter: string): string => `${letter.repeat(50_000)}\n`;

onSmallDisk("a text waits for space, and is never in pieces", async () => {
  using disk = openSmallDisk(SIZE_BYTES);
  const path = join(disk.path, "log");
  const { clock, told, sink } = await openLog(path);
  await sink.write("before\n");
  disk.fill(64 << 10);
  await sink.write(long("a"));
  let isWritten = false;
  // Only a part of it has room.
  const written = sink.write(long("b")).then(() => (isWritten = true));
  await eventually(
    () => clock.sleepers,
    (sleepers) => sleepers === 1,
  );
  expect(readFileSync(path, "latin1")).toBe(`before\n${long("a")}`);
  await clock.advance(1000);
  await eventually(
    () => clock.sleepers,
    (sleepers) => sleepers === 1,
  );
  expect([isWritten, told]).toEqual([false, ["no space left on device"]]);
  // Somebody else appends meanwhile: that stays.
  appendFileSync(path, "theirs\n");
  disk.free();
  await clock.advance(1000);
  await written;
  const text = `before\n${long("a")}theirs\n${long("b")}`;
  expect(readFileSync(path, "latin1") === text).toBe(true);
  expect(told).toEqual(["no space left on device", "freed"]);
  await sink.close();
});

onSmallDisk(
  "a disk that is full at the end is an error, and nothing is torn",
  async () => {
    using disk = openSmallDisk(SIZE_BYTES);
    const path = join(disk.path, "log");
    const { clock, ending, sink } = await openLog(path);
    await sink.write("before\n");
    disk.fill(32 << 10);
    const failed = sink.write(long("a")).catch((error: unknown) => error);
    await eventually(
      () => clock.sleepers,
      (sleepers) => sleepers === 1,
    );
    ending.abort();
    const error = await failed;
    expect(error).toBeInstanceOf(SinkError);
    expect(error).toMatchObject({
      message: `${path}: no space left on device`,
    });
    expect(readFileSync(path, "latin1")).toBe("before\n");
    await sink.close();
  },
);
