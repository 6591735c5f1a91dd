// waits: it mounts a file system
import { expect, setDefaultTimeout, test } from "bun:test";
import {
  appendFileSync,
  constants,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { fileSink } from "../../../src/host/sinks/file-sink.ts";
import { LogFile } from "../../../src/host/sinks/log-file.ts";
import { SinkError } from "../../../src/host/sinks/sink.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { needing } from "../../support/needs.ts";
import {
  lacksOfSmallDisk,
  openSmallDisk,
} from "../../support/machine/small-disk.ts";
import { diskFolder } from "../../support/workload.ts";

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
  const { mtimeNs } = statSync(path, { bigint: true });
  await clock.advance(1000);
  await eventually(
    () => clock.sleepers,
    (sleepers) => sleepers === 1,
  );
  // No reader of the file has seen a piece come and go.
  expect(statSync(path, { bigint: true }).mtimeNs).toBe(mtimeNs);
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

/** What a file may hold, and how much of it one write takes. */
interface Room {
  limitBytes: number;
  readonly stepBytes: number;
  canTruncate: boolean;
  /** Called before each call to the system, with its number. */
  onCall(call: number): void;
}

/** A file on a disk that fills up: the real one, but for writes that are short or fail. */
function tightFile(handle: FileHandle, room: Room): FileHandle {
  let calls = 0;
  const fail = (code: string): never => {
    throw Object.assign(new Error(code), { code });
  };
  const file: Partial<FileHandle> = {
    fd: handle.fd,
    stat(options?: object) {
      room.onCall(calls++);
      return handle.stat(options) as Promise<any>;
    },
    async truncate(bytes) {
      room.onCall(calls++);
      await (room.canTruncate ? handle.truncate(bytes) : fail("EIO"));
    },
    async write(bytes: any) {
      room.onCall(calls++);
      const left = room.limitBytes - (await handle.stat()).size;
      if (left === 0) fail("ENOSPC");
      const taken = Math.min(left, room.stepBytes);
      return await handle.write(bytes.subarray(0, taken));
    },
    close: () => handle.close(),
  };
  return file as FileHandle;
}

const BEFORE = "old\n";
const TEXT = "abcd\n";

/** Writes into a file that has room for so many bytes of the text. @returns what the file is then, and the error */
async function writeTight(
  path: string,
  { room: roomBytes, step: stepBytes }: { room: number; step: number },
  onCall: (call: number, room: Room, ending: AbortController) => void,
) {
  writeFileSync(path, BEFORE);
  const clock = new FakeClock();
  const ending = new AbortController();
  const room: Room = {
    limitBytes: BEFORE.length + roomBytes,
    ...{ stepBytes, canTruncate: true },
    onCall: (call) => onCall(call, room, ending),
  };
  const flags = constants.O_WRONLY | constants.O_APPEND;
  const file = tightFile(await open(path, flags), room);
  const place = { name: "log", path, open: async () => file };
  const around = {
    ...{ warn() {}, onFull() {}, onFreed() {} },
    signal: ending.signal,
  };
  const log = await LogFile.of(file, place, around, clock);
  const error = await clock.passDuring(
    log.write(TEXT).then(
      () => null,
      (error: { readonly code: string }) => error.code,
    ),
  );
  await log.close();
  return { error, text: readFileSync(path, "latin1") };
}

/** Every place where a disk may fill up, and every length of a short write. */
const TIGHT = Array.from(TEXT, (_, room) =>
  [1, 2, 3].map((step) => ({ room, step })),
).flat();
/** More calls than two tries make. */
const CALLS = Array.from({ length: 24 }, (_, call) => call);

test("whenever the run ends, a text without room leaves nothing, and is an error", async () => {
  using folder = diskFolder();
  for (const tight of TIGHT)
    for (const last of CALLS) {
      const end = await writeTight(
        join(folder.path, "log"),
        tight,
        (call, _, ending) => call === last && ending.abort(),
      );
      expect({ ...tight, last, ...end }).toEqual({
        ...{ ...tight, last },
        ...{ error: "ENOSPC", text: BEFORE },
      });
    }
});

test("whenever there is space again, a text is there once", async () => {
  using folder = diskFolder();
  for (const tight of TIGHT)
    for (const freed of CALLS) {
      const end = await writeTight(
        join(folder.path, "log"),
        tight,
        (call, room) => {
          if (call === freed) room.limitBytes = Infinity;
        },
      );
      expect({ ...tight, freed, ...end }).toEqual({
        ...{ ...tight, freed },
        ...{ error: null, text: BEFORE + TEXT },
      });
    }
});

test("a piece that cannot be taken off again is a line of its own", async () => {
  using folder = diskFolder();
  let isFreed = false;
  const end = await writeTight(
    join(folder.path, "log"),
    { room: 3, step: 2 },
    (call, room) => {
      room.canTruncate = false;
      // The call after the first try.
      isFreed ||= call > 6;
      if (isFreed) room.limitBytes = Infinity;
    },
  );
  expect(end).toEqual({ error: null, text: `${BEFORE}abc\n${TEXT}` });
});
