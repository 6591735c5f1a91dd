// waits: it starts programs
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSink, type FileSink } from "../../../src/host/sinks/file-sink.ts";
import type { LogSurroundings } from "../../../src/host/sinks/log-file.ts";
import { SinkError } from "../../../src/host/sinks/sink.ts";
import { FakeClock } from "../../support/fake-clock.ts";

setDefaultTimeout(60_000);

const dir = mkdtempSync(join(tmpdir(), "iotop-sink-"));
afterAll(() => rmSync(dir, { recursive: true }));

const around = (): LogSurroundings => ({
  warn() {},
  signal: new AbortController().signal,
  onFull() {},
  onFreed() {},
});

test("a file gets texts whole and in order, behind what was there", async () => {
  const path = join(dir, "log");
  writeFileSync(path, "before\n");
  const sink = fileSink(path);
  await sink.open(around());
  const texts = Array.from(
    { length: 50 },
    (_, i) => `${i}:${"é".repeat(5000)}\n`,
  );
  await Promise.all(texts.map((text) => sink.write(text)));
  await sink.close();
  expect(readFileSync(path, "utf8") === `before\n${texts.join("")}`).toBe(true);
});

test("errors name the file and the reason, and do not stop what follows", async () => {
  const full = fileSink("/dev/full");
  await full.open(around());
  const first = full.write("x").catch((error: unknown) => error);
  const second = full.write("y").catch((error: unknown) => error);
  for (const error of [await first, await second]) {
    expect(error).toBeInstanceOf(SinkError);
    expect(error).toMatchObject({
      message: "/dev/full: no space left on device",
      readerGone: false,
    });
  }
  await full.close();
  const missing = fileSink(join(dir, "no", "log"));
  await expect(missing.open(around())).rejects.toThrow(
    "log: no such file or directory",
  );
});

/** A FIFO, and a sink that waits for its reader. */
async function unreadFifo(name: string) {
  const path = join(dir, name);
  Bun.spawnSync(["mkfifo", path]);
  const sink = fileSink(path);
  const warned: string[] = [];
  const ending = new AbortController();
  await sink.open({
    ...around(),
    warn: (text) => void warned.push(text),
    signal: ending.signal,
  });
  return { path, sink, warned, ending };
}

const openReader = (path: string): number =>
  openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);

/** Reads until the text ends as it should. */
async function readUntil(fd: number, end: string): Promise<string> {
  const bytes = Buffer.alloc(65536);
  for (let text = ""; ;) {
    try {
      text += bytes.toString("latin1", 0, readSync(fd, bytes));
    } catch {}
    if (text.endsWith(end)) return text;
    await Bun.sleep(1);
  }
}

test("a FIFO that nobody reads is said once, and gets everything in order when somebody does", async () => {
  const { path, sink, warned } = await unreadFifo("late");
  const written = Promise.all([sink.write("a"), sink.write("b\n")]);
  const reader = openReader(path);
  expect(await readUntil(reader, "\n")).toBe("ab\n");
  await written;
  expect(warned).toEqual([
    `the FIFO ${path} has no reader yet: waiting for one`,
  ]);
  await sink.close();
  closeSync(reader);
});

test("a FIFO that was never read is an error when the run ends, and holds nothing up", async () => {
  const { path, sink, ending } = await unreadFifo("never");
  const written = sink.write("a").catch((cause: unknown) => cause);
  ending.abort();
  const error = await written;
  expect(error).toBeInstanceOf(SinkError);
  expect(error).toMatchObject({
    message: `${path}: no program has read this FIFO`,
    readerGone: false,
  });
  await sink.close();
});

test("readers that do not read hold up neither their own kind nor a file", async () => {
  const sinks: FileSink[] = [];
  const readers: number[] = [];
  let taken = 0;
  for (let i = 0; i < 12; i++) {
    const { path, sink } = await unreadFifo(`full-${i}`);
    readers.push(openReader(path));
    // More than a pipe holds.
    sink.write("x".repeat(200_000)).then(
      () => taken++,
      () => {},
    );
    sinks.push(sink);
  }
  const path = join(dir, "beside");
  const file = fileSink(path);
  await file.open(around());
  for (const text of ["one\n", "two\n"]) await file.write(text);
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  expect(taken).toBe(0);
  const third = sinks[3]!.write("the end");
  const text = await readUntil(readers[3]!, "the end");
  await third;
  expect([text.length, taken]).toEqual([200_007, 1]);
  for (const fd of readers) closeSync(fd);
  for (const each of [...sinks, file]) await each.close();
});

test("closing waits for what nobody waited for, and nothing is written afterwards", async () => {
  const { path, sink } = await unreadFifo("careless");
  const reader = openReader(path);
  void sink.write("x".repeat(200_000));
  void sink.write("the end");
  const closed = sink.close();
  expect(await readUntil(reader, "the end")).toHaveLength(200_007);
  await closed;
  await expect(sink.write("late")).rejects.toThrow("it is closed");
  closeSync(reader);
});

test("a reader that goes away is the end of it", async () => {
  const { path, sink } = await unreadFifo("left");
  const reader = openReader(path);
  await sink.write("a");
  closeSync(reader);
  const error = await sink.write("b").catch((cause: unknown) => cause);
  expect(error).toMatchObject({ readerGone: true });
  await sink.close();
});

test("a new file is for its owner's eyes; one that is there keeps its mode", async () => {
  const there = join(dir, "there");
  writeFileSync(there, "");
  // Whatever the umask of whoever runs this.
  chmodSync(there, 0o644);
  const links = join(dir, "link-to-new");
  symlinkSync("through-a-link", links);
  for (const [path, mode] of [
    [join(dir, "new"), 0o600],
    [links, 0o600],
    [there, 0o644],
  ] as const) {
    const sink = fileSink(path);
    await sink.open(around());
    await sink.close();
    expect(statSync(path).mode & 0o777).toBe(mode);
  }
});

test("a file that was cut off gets a line feed first, also after a rename", async () => {
  const path = join(dir, "torn");
  writeFileSync(path, '{"whole":1}\n{"to');
  const clock = new FakeClock();
  const sink = fileSink(path, null, clock);
  await sink.open(around());
  await sink.write("one\n");
  await sink.write("two\n");
  expect(readFileSync(path, "utf8")).toBe('{"whole":1}\n{"to\none\ntwo\n');
  renameSync(path, `${path}.1`);
  writeFileSync(path, "cut");
  await clock.advance(1000);
  await sink.write("three\n");
  expect(readFileSync(path, "utf8")).toBe("cut\nthree\n");
  await sink.close();
  // A whole one does not, nor does an empty one.
  const whole = fileSink(path);
  await whole.open(around());
  await whole.write("four\n");
  await whole.close();
  expect(readFileSync(path, "utf8")).toBe("cut\nthree\nfour\n");
});

test("a heading begins each file, and stands there once", async () => {
  const path = join(dir, "headed");
  const read = (file = path) => readFileSync(file, "utf8");
  writeFileSync(path, "h\nold\n");
  const sink = fileSink(path);
  await sink.open(around());
  await sink.write("1\n", "h\n");
  expect(read()).toBe("h\nold\n1\n");
  renameSync(path, `${path}.1`);
  sink.reopen();
  await sink.write("", "h\n");
  await sink.write("2\n", "h\n");
  expect([read(`${path}.1`), read()]).toEqual(["h\nold\n1\n", "h\n2\n"]);
  // As copytruncate of logrotate does.
  truncateSync(path);
  await sink.write("3\n", "h\n");
  expect(read()).toBe("h\n3\n");
  await sink.close();
});

describe("a file that was renamed", () => {
  async function open(name: string) {
    const path = join(dir, name);
    const clock = new FakeClock();
    const warned: string[] = [];
    const sink = fileSink(path, null, clock);
    await sink.open({ ...around(), warn: (text) => void warned.push(text) });
    await sink.write("1\n");
    return { path, clock, sink, warned };
  }
  const read = (path: string) => readFileSync(path, "utf8");

  test("is noticed within a second, and made anew for its owner alone", async () => {
    const { path, clock, sink } = await open("moved");
    renameSync(path, `${path}.1`);
    await sink.write("2\n");
    await clock.advance(1000);
    await sink.write("3\n");
    expect([read(`${path}.1`), read(path)]).toEqual(["1\n2\n", "3\n"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(path);
    await clock.advance(1000);
    await sink.write("4\n");
    expect(read(path)).toBe("4\n");
    await sink.close();
  });

  test("is made anew at once when that is asked for, before what is written next", async () => {
    const { path, sink } = await open("asked");
    renameSync(path, `${path}.1`);
    sink.reopen();
    await sink.write("2\n");
    expect([read(`${path}.1`), read(path)]).toEqual(["1\n", "2\n"]);
    sink.reopen();
    await sink.write("3\n");
    expect(read(path)).toBe("2\n3\n");
    await sink.close();
  });

  test("is made anew also if that is asked for while it is being opened", async () => {
    const path = join(dir, "early");
    const clock = new FakeClock();
    const sink = fileSink(path, null, clock);
    const opening = sink.open(around());
    sink.reopen();
    // The first look at the clock is that of the opening, the next one comes before the path is looked up again.
    let looks = 0;
    clock.monotonicNs = () => {
      if (++looks === 2) renameSync(path, `${path}.1`);
      return 0;
    };
    await opening;
    await sink.write("1\n");
    await sink.close();
    expect([read(`${path}.1`), read(path)]).toEqual(["", "1\n"]);
  });

  test("is reached by a link that leads elsewhere now", async () => {
    writeFileSync(join(dir, "day-1"), "");
    const path = join(dir, "today");
    symlinkSync("day-1", path);
    const { clock, sink } = await open("today");
    rmSync(path);
    symlinkSync("day-2", path);
    await clock.advance(1000);
    await sink.write("2\n");
    await sink.close();
    expect(read(join(dir, "day-1"))).toBe("1\n");
    expect(read(join(dir, "day-2"))).toBe("2\n");
  });

  test("and cannot be made anew stays the file that it was, which is said once", async () => {
    const { path, clock, sink, warned } = await open("blocked");
    renameSync(path, `${path}.1`);
    mkdirSync(path);
    for (const text of ["2\n", "3\n"]) {
      await clock.advance(1000);
      await sink.write(text);
    }
    expect(read(`${path}.1`)).toBe("1\n2\n3\n");
    expect(warned).toEqual([
      `${path} was renamed or removed, and cannot be created again: is a directory; iotop continues in the old file`,
    ]);
    rmdirSync(path);
    await clock.advance(1000);
    await sink.write("4\n");
    expect(read(path)).toBe("4\n");
    await sink.close();
  });
});
