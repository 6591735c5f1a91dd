import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { UsageError } from "../../../src/errors.ts";
import { StoreFolder, claimFolders } from "../../../src/host/store/folder.ts";
import { StoreSink } from "../../../src/host/store/store-sink.ts";
import { Retry } from "../../../src/model/retry.ts";
import type { StoreLimits } from "../../../src/model/store/store-limits.ts";
import { parseOutputSettings } from "../../../src/output-options/file-options.ts";
import { parseOutputSpec } from "../../../src/output-options/output-spec.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { lackOfRoot, needing } from "../../support/needs.ts";
import { makeSample } from "../../support/samples.ts";

let top: string;
let path: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "iotop-store-"));
  path = `${top}/s/`;
});
afterEach(() => rmSync(top, { recursive: true }));

const HOUR_MS = 3_600_000;
const at = (time: string): number => Date.parse(`2026-11-24T${time}Z`);
/** Of a machine that is a day later than the samples, unless told otherwise. */
const clockAt = (wallMs: number) =>
  Object.assign(new FakeClock(), { wallMs: () => wallMs });

interface Running {
  readonly sink: StoreSink;
  readonly warned: string[];
  /** Writes a line for each of these moments. */
  write(timesMs: readonly number[], hostname?: string): Promise<void>;
}

async function start(
  options = "",
  wallMs = at("23:59:59") + 24 * HOUR_MS,
  /** Smaller than users may set them. */
  limits: Partial<StoreLimits> = {},
): Promise<Running> {
  const { fileSettings } = parseOutputSettings(
    parseOutputSpec(`jsonl=${path}${options}`),
    { target: "recording" },
  );
  const folder = new StoreFolder(path);
  const { mode, store } = fileSettings;
  const settings = { ...store!, ...limits };
  const sink = new StoreSink(folder, settings, mode, clockAt(wallMs));
  const warned: string[] = [];
  await sink.open({
    warn: (text) => void warned.push(text),
    signal: new AbortController().signal,
    onFull() {},
    onFreed() {},
  });
  return {
    sink,
    warned,
    async write(timesMs, hostname = "web1") {
      for (const timeMs of timesMs) {
        await sink.begin(makeSample({ timeMs, origin: { hostname } }));
        await sink.write(`${hostname} ${timeMs}\n`);
      }
    },
  };
}

/** Ends like a replay. */
async function end({ sink }: Running): Promise<void> {
  sink.finish();
  await sink.write("");
  await sink.close();
}

const names = (): readonly string[] => readdirSync(path).sort();
const textOf = (name: string): string => {
  const bytes = readFileSync(join(path, name));
  return (name.endsWith(".zst") ? zstdDecompressSync(bytes) : bytes).toString();
};
const linesOf = (list = names()): readonly string[] =>
  list.flatMap((name) => textOf(name).split("\n").slice(0, -1));
const moments = (fromMs: number, count: number, stepS = 1): readonly number[] =>
  Array.from({ length: count }, (_, n) => fromMs + n * stepS * 1000);
const told = (timesMs: readonly number[], hostname = "web1") =>
  timesMs.map((timeMs) => `${hostname} ${timeMs}`);

test("three hours make eighteen files of ten minutes, each compressed and whole", async () => {
  const times = moments(at("02:00:00"), 1080, 10);
  const running = await start(",every=10m");
  await running.write(times);
  await end(running);
  expect(names()).toHaveLength(18);
  expect(names()[0]).toBe("iotop-web1-20261124T0200Z.jsonl.zst");
  expect(linesOf()).toEqual(told(times));
  for (const name of names()) expect(linesOf([name])).toHaveLength(60);
  expect(running.warned).toEqual([]);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, names()[0]!)).mode & 0o777).toBe(0o600);
});

test("kept for an hour, six are left and the last one", async () => {
  const running = await start(",every=10m,keep=1h");
  await running.write(moments(at("02:00:00"), 180, 60));
  const grows = "iotop-web1-20261124T0450Z.jsonl";
  expect(names()).toContain(grows);
  await end(running);
  expect(names()).toEqual([
    ...["0350", "0400", "0410", "0420", "0430", "0440", "0450"].map(
      (time) => `iotop-web1-20261124T${time}Z.jsonl.zst`,
    ),
  ]);
});

test("what may be together at most is kept, the oldest go", async () => {
  const running = await start(",every=10m,compress=none", undefined, {
    mostBytes: 50,
  });
  // Two lines of 19 bytes a file.
  await running.write(moments(at("02:00:00"), 10, 300));
  await end(running);
  expect(names()).toEqual(["iotop-web1-20261124T0240Z.jsonl"]);
});

describe("one file is more than all may be together", () => {
  /** Lines that zstd makes little of, so that they fill a mebibyte soon. */
  const LINE_BYTES = 20_000;
  const LIMIT_BYTES = 1 << 20;
  const line = (n: number): string =>
    `${n} ${randomBytes(LINE_BYTES / 2).toString("hex")}`;
  const numbersOf = (lines: readonly string[]): readonly number[] =>
    lines.map((text) => Number.parseInt(text, 10));
  const sizes = (): number =>
    names().reduce((sum, name) => sum + statSync(join(path, name)).size, 0);

  async function fill(running: Running, lines: readonly string[]) {
    let mostBytes = 0;
    for (const [n, text] of lines.entries()) {
      const timeMs = at("02:00:00") + n * 1000;
      const origin = { hostname: "web1" };
      await running.sink.begin(makeSample({ timeMs, origin }));
      await running.sink.write(`${text}\n`);
      mostBytes = Math.max(mostBytes, sizes());
    }
    return mostBytes;
  }

  test("compressed early, the limit holds, and the newest stay", async () => {
    const lines = Array.from({ length: 300 }, (_, n) => line(n));
    const running = await start(",max=1M");
    const mostBytes = await fill(running, lines);
    await end(running);
    const kept = numbersOf(linesOf());
    expect(kept.length).toBeGreaterThan(1);
    expect(kept).toEqual(numbersOf(lines).slice(-kept.length));
    expect(mostBytes).toBeLessThan(LIMIT_BYTES + 2 * LINE_BYTES);
    expect(names()).toEqual(["iotop-web1-20261124T02Z.jsonl.zst"]);
    expect(running.warned[0]).toBe(
      `${path}iotop-web1-20261124T02Z.jsonl.zst had to go, so that only what is being written is left: give a larger max, or a shorter every`,
    );
  });

  test("what compresses well stays whole", async () => {
    const lines = Array.from(
      { length: 100 },
      (_, n) => `${n} ${"a".repeat(LINE_BYTES)}`,
    );
    const running = await start(",max=1M");
    const mostBytes = await fill(running, lines);
    expect(mostBytes).toBeLessThan(LIMIT_BYTES / 2);
    await end(running);
    expect(numbersOf(linesOf())).toEqual(numbersOf(lines));
    expect(running.warned).toEqual([]);
  });

  test("what cannot be compressed stays plain, and is tried with each eighth", async () => {
    const name = "iotop-web1-20261124T02Z.jsonl";
    mkdirSync(join(path, `${name}.zst.part`), { recursive: true });
    const lines = Array.from({ length: 20 }, (_, n) => line(n));
    const running = await start(",max=1M", at("02:00:00"));
    await fill(running, lines);
    await end(running);
    expect(numbersOf(linesOf([name]))).toEqual(numbersOf(lines));
    expect(running.warned).toEqual(
      Array(2).fill(
        `${path}${name} stays plain for now: ${path}${name}.zst.part exists`,
      ),
    );
  });

  test("never compressed, the file stays, and its user hears of it once", async () => {
    const lines = Array.from({ length: 100 }, (_, n) => line(n));
    const running = await start(",max=1M,compress=none");
    await fill(running, lines);
    await end(running);
    expect(numbersOf(linesOf())).toEqual(numbersOf(lines));
    expect(running.warned).toEqual([
      `${path}iotop-web1-20261124T02Z.jsonl is larger than max, and stays while it is written: give a larger max, or a shorter every`,
    ]);
  });

  test("older files go while the newest grows", async () => {
    mkdirSync(path);
    const old = "iotop-web1-20261124T01Z.jsonl";
    writeFileSync(join(path, old), `${line(0)}\n`);
    const running = await start(",max=1M,compress=none");
    await fill(running, [line(1)]);
    expect(names()).toContain(old);
    const mostBytes = await fill(
      running,
      Array.from({ length: 49 }, (_, n) => line(n)),
    );
    expect(names()).not.toContain(old);
    await end(running);
    expect(linesOf()).toHaveLength(50);
    expect(mostBytes).toBeLessThan(LIMIT_BYTES + 2 * LINE_BYTES);
  });
});

test("a replay closes no file faster than one is compressed", async () => {
  const running = await start(",every=10m", undefined, { mostBytes: 5120 });
  await running.write(moments(at("02:00:00"), 100, 300));
  const plain = names().filter((name) => name.endsWith(".jsonl"));
  // The open one, and the one before.
  expect(plain.length).toBeLessThanOrEqual(2);
  await end(running);
  expect(names()).toHaveLength(50);
});

test("a file whose hour is not over stays plain, and the next run goes on in it", async () => {
  const now = at("02:30:00");
  for (const from of [now - 2000, now]) {
    const running = await start("", from);
    await running.write(moments(from, 2));
    expect(names()).toEqual(["iotop-web1-20261124T02Z.jsonl"]);
    await end(running);
  }
  expect(names()).toEqual(["iotop-web1-20261124T02Z.jsonl"]);
  expect(linesOf()).toEqual(told(moments(now - 2000, 4)));
  // The hour is over.
  const later = await start("", at("05:00:00"));
  await later.write([at("05:00:00")]);
  await end(later);
  expect(names()).toEqual([
    "iotop-web1-20261124T02Z.jsonl.zst",
    "iotop-web1-20261124T05Z.jsonl",
  ]);
});

describe("what a crash leaves is seen to at the next start", () => {
  const NAME = "iotop-web1-20261124T01Z.jsonl";
  const TEXT = "web1 1\nweb1 2\n";
  const whole = zstdCompressSync(TEXT);
  const before = zstdCompressSync("web1 0\n");
  const both = Buffer.concat([before, whole]);

  test.each([
    ["a plain file", { [NAME]: TEXT }],
    [
      "half of what it becomes",
      { [NAME]: TEXT, ".zst.part": whole.subarray(0, 9) },
    ],
    ["all of what it becomes", { [NAME]: TEXT, ".zst.part": whole }],
    ["only what it becomes", { ".zst.part": whole }],
    ["the end of it all", { ".zst": whole }],
    ["a plain file that goes on", { [NAME]: TEXT, ".zst": before }],
    [
      "all of what goes on",
      { [NAME]: TEXT, ".zst": before, ".zst.part": both },
    ],
    ["only what goes on", { ".zst": before, ".zst.part": both }],
  ])("%s", async (_, left) => {
    mkdirSync(path);
    for (const [name, bytes] of Object.entries(left))
      writeFileSync(
        join(path, name === NAME ? name : NAME + name),
        bytes as string,
      );
    const running = await start();
    await running.write([at("02:00:00")]);
    await end(running);
    expect(names()).toEqual([
      `${NAME}.zst`,
      "iotop-web1-20261124T02Z.jsonl.zst",
    ]);
    const expected =
      ".zst" in left && left[".zst"] === before ? "web1 0\n" : "";
    expect(textOf(`${NAME}.zst`)).toBe(expected + TEXT);
    expect(running.warned).toEqual([]);
  });

  test("a line in pieces stays alone", async () => {
    mkdirSync(path);
    writeFileSync(join(path, "iotop-web1-20261124T02Z.jsonl"), "web1 1\nweb");
    const running = await start("", at("02:30:00"));
    await running.write([at("02:30:00")]);
    await end(running);
    expect(linesOf()).toEqual(["web1 1", "web", ...told([at("02:30:00")])]);
  });
});

test("samples do not wait until all is compressed that was left", async () => {
  mkdirSync(path);
  const left = Array.from(
    { length: 24 },
    (_, hour) => `iotop-web1-20261101T${String(hour).padStart(2, "0")}Z.jsonl`,
  );
  for (const name of left) writeFileSync(join(path, name), "web1 1\n");
  const running = await start(",keep=off");
  await running.write([at("02:00:00"), at("03:00:00")]);
  expect(names().filter((name) => left.includes(name))).not.toEqual([]);
  await end(running);
  expect(names().slice(0, 24)).toEqual(left.map((name) => `${name}.zst`));
  expect(names()).toHaveLength(26);
});

test("a run that is interrupted leaves plain what is not compressed yet", async () => {
  const running = await start(",every=10m");
  const times = moments(at("02:00:00"), 20, 60);
  await running.write(times);
  await running.sink.close();
  expect(names().filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(names()).toContain("iotop-web1-20261124T0210Z.jsonl");
  expect(linesOf()).toEqual(told(times));
});

test("a clock that is set back opens the earlier file again", async () => {
  const times = [
    at("02:59:58"),
    at("03:00:01"),
    at("02:59:59"),
    at("03:00:02"),
  ];
  const running = await start("", at("03:00:00"));
  for (const [n, timeMs] of times.entries()) {
    await running.write([timeMs]);
    const open = `iotop-web1-20261124T0${n % 2 === 0 ? 2 : 3}Z.jsonl`;
    expect(names()).toContain(open);
  }
  await end(running);
  expect(names()).toEqual([
    "iotop-web1-20261124T02Z.jsonl.zst",
    "iotop-web1-20261124T03Z.jsonl",
  ]);
  expect(linesOf([names()[0]!])).toEqual(told([times[0]!, times[2]!]));
  expect(linesOf([names()[1]!])).toEqual(told([times[1]!, times[3]!]));
});

test("each host has files of its own, and goes by its own time", async () => {
  const running = await start(",every=10m,keep=10m");
  for (let n = 0; n < 30; n++) {
    await running.write([at("02:00:00") + n * 60_000]);
    await running.write([at("12:00:00") + n * 60_000], "db/1");
  }
  await end(running);
  expect(names()).toEqual([
    "iotop-db_1-20261124T1210Z.jsonl.zst",
    "iotop-db_1-20261124T1220Z.jsonl.zst",
    "iotop-web1-20261124T0210Z.jsonl.zst",
    "iotop-web1-20261124T0220Z.jsonl.zst",
  ]);
});

test("what is not the store's own stays as it is", async () => {
  mkdirSync(path);
  const victim = join(top, "victim");
  writeFileSync(victim, "theirs");
  const foreign = {
    "notes.txt": "1",
    "iotop-web1-20200101T00Z.jsonl.gz": "2",
    "iotop-web1-20200101T00Z.jsonl.zst.old": "3",
    "iotop-db1-20200101T00Z.jsonl": "4",
    "iotop-db1-20200101T00Z.jsonl.zst.part": "5",
  };
  for (const [name, text] of Object.entries(foreign))
    writeFileSync(join(path, name), text);
  mkdirSync(join(path, "iotop-web1-20200101T01Z.jsonl"));
  symlinkSync(victim, join(path, "iotop-web1-20200101T02Z.jsonl"));
  const running = await start(",every=10m,keep=10m", undefined, {
    mostBytes: 1,
  });
  await running.write(moments(at("02:00:00"), 60, 60));
  await end(running);
  for (const [name, text] of Object.entries(foreign))
    expect(readFileSync(join(path, name), "utf8")).toBe(text);
  const stays = (hour: string) =>
    join(path, `iotop-web1-20200101T${hour}Z.jsonl`);
  expect(lstatSync(stays("01")).isDirectory()).toBe(true);
  expect(readlinkSync(stays("02"))).toBe(victim);
  expect(readFileSync(victim, "utf8")).toBe("theirs");
});

test("a name that is taken by something else is an error that says so", async () => {
  mkdirSync(path);
  const name = "iotop-web1-20261124T02Z.jsonl";
  symlinkSync(join(top, "victim"), join(path, name));
  const running = await start();
  await expect(running.write([at("02:00:00")])).rejects.toThrow(
    `${path}${name}: there is something else under this name`,
  );
  await running.sink.close();
  expect(readdirSync(top)).toEqual(["s"]);
});

test("below the least free space nothing is written, and it is tried again", async () => {
  const running = await start(",min-free=100%");
  const failure = await running
    .write([at("02:00:00")])
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Retry);
  expect(failure).toMatchObject({
    message: `${path}: less than 100% of the disk is free`,
    retryAfterMs: 1000,
  });
  expect(names()).toEqual([]);
  await end(running);
});

test("files have the mode that was asked for, whatever the umask", async () => {
  const umask = process.umask(0o077);
  try {
    const running = await start(",mode=0640,every=10m");
    await running.write([at("02:00:00"), at("02:10:00")]);
    expect(
      statSync(join(path, "iotop-web1-20261124T0210Z.jsonl")).mode & 0o777,
    ).toBe(0o640);
    await end(running);
    for (const name of names())
      expect(statSync(join(path, name)).mode & 0o777).toBe(0o640);
  } finally {
    process.umask(umask);
  }
});

test("a second writer is refused until the first one has ended", async () => {
  const first = await start();
  const second = new StoreFolder(path.replace(/\/$/, "//"));
  const claimed = claimFolders([{ name: "jsonl", folder: second }]);
  await expect(claimed).rejects.toBeInstanceOf(UsageError);
  await expect(claimed).rejects.toThrow(
    `jsonl: ${path}/ is written by another program (process ${process.pid}): give each a folder of its own`,
  );
  await end(first);
  const third = await start();
  await end(third);
});

describe.skipIf(lackOfRoot !== null)(
  needing("in a folder where everybody may make files", lackOfRoot),
  () => {
    const NOBODY = 65_534;
    beforeEach(() => chmodSync(top, 0o1777));

    test("another user's folder, or link to one, is no store", async () => {
      mkdirSync(path);
      chownSync(path, NOBODY, NOBODY);
      await expect(start()).rejects.toThrow(
        `${path}: this folder belongs to another user (uid ${NOBODY})`,
      );
      rmSync(path, { recursive: true });
      mkdirSync(join(top, "victim"));
      symlinkSync("victim", path.slice(0, -1));
      lchownSync(path.slice(0, -1), NOBODY, NOBODY);
      await expect(start()).rejects.toThrow(
        `${path}: this link belongs to another user (uid ${NOBODY})`,
      );
      expect(readdirSync(join(top, "victim"))).toEqual([]);
    });

    test("another user's file in it is neither written, nor compressed, nor removed", async () => {
      mkdirSync(path);
      chmodSync(path, 0o1777);
      const old = "iotop-web1-20200101T00Z.jsonl";
      const now = "iotop-web1-20261124T02Z.jsonl";
      for (const name of [old, now]) {
        writeFileSync(join(path, name), "theirs\n");
        chownSync(join(path, name), NOBODY, NOBODY);
      }
      const running = await start(",keep=1h");
      await expect(running.write([at("02:00:00")])).rejects.toThrow(
        `${path}${now}: this file belongs to another user (uid ${NOBODY})`,
      );
      await running.write([at("03:00:00")]);
      await end(running);
      expect(names()).toEqual([old, now, "iotop-web1-20261124T03Z.jsonl.zst"]);
      for (const name of [old, now]) expect(textOf(name)).toBe("theirs\n");
    });
  },
);
