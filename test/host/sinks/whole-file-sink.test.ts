// waits: it starts programs, and mounts a small disk
import {
  afterEach,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogSurroundings } from "../../../src/host/sinks/log-file.ts";
import { SinkError } from "../../../src/host/sinks/sink.ts";
import { wholeFileSink } from "../../../src/host/sinks/whole-file-sink.ts";
import { lackOfRoot, needing } from "../../support/needs.ts";
import {
  lacksOfSmallDisk,
  openSmallDisk,
} from "../../support/machine/small-disk.ts";

setDefaultTimeout(60_000);

const NOBODY = 65534;

let folder: string;
let warned: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-whole-"));
  warned = [];
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), "utf8");

const around = (): LogSurroundings => ({
  warn: (text) => void warned.push(text),
  signal: new AbortController().signal,
  onFull() {},
  onFreed() {},
});

async function openAt(path: string, mode: number | null = null) {
  const sink = wholeFileSink(path, mode);
  await sink.open(around());
  return sink;
}

const failureOf = (work: Promise<unknown>): Promise<Error | null> =>
  work.then(
    () => null,
    (error: Error) => error,
  );

describe("each text", () => {
  test("takes the place of the last one, in one step", async () => {
    writeFileSync(at("page"), "before");
    const sink = await openAt(at("page"));
    expect(read("page")).toBe("before");
    const reader = openSync(at("page"), "r");
    await sink.write("first");
    await Promise.all([sink.write("second"), sink.write("third")]);
    await sink.close();
    expect(read("page")).toBe("third");
    // Another file: who had opened the old one reads it to its end.
    expect(readFileSync(reader, "utf8")).toBe("before");
    expect(readdirSync(folder)).toEqual(["page"]);
    expect(warned).toEqual([]);
  });

  test("is for the owner alone, unless the file has a mode already, or one is asked for", async () => {
    writeFileSync(at("shown"), "");
    chmodSync(at("shown"), 0o644);
    for (const [name, mode] of [
      ["new", null],
      ["shown", null],
      ["wanted", 0o640],
    ] as const) {
      const sink = await openAt(at(name), mode);
      await sink.write("text");
      await sink.close();
    }
    const modes = ["new", "shown", "wanted"].map(
      (name) => statSync(at(name)).mode & 0o777,
    );
    expect(modes).toEqual([0o600, 0o644, 0o640]);
  });

  test("goes where a link leads, which stays a link", async () => {
    mkdirSync(at("elsewhere"));
    symlinkSync("second", at("first"));
    symlinkSync("elsewhere/page", at("second"));
    const sink = await openAt(at("first"));
    await sink.write("text");
    await sink.close();
    expect(read("elsewhere/page")).toBe("text");
    expect(lstatSync(at("first")).isSymbolicLink()).toBe(true);
  });

  test("goes into a pipe as it is", async () => {
    Bun.spawnSync(["mkfifo", at("pipe")]);
    const reader = Bun.file(at("pipe")).text();
    const sink = await openAt(at("pipe"));
    await sink.write("text");
    await sink.close();
    expect(await reader).toBe("text");
  });
});

test.each([
  ["missing/page", "no such file or directory"],
  ["missing/", "no such file or directory"],
  ["folder", "is a directory"],
  ["circle", "too many symbolic links"],
])("%s is an error when it is opened", async (name, reason) => {
  mkdirSync(at("folder"));
  symlinkSync("circle", at("circle"));
  const failure = await failureOf(openAt(at(name)));
  expect(failure).toBeInstanceOf(SinkError);
  expect((failure as Error).message).toContain(`${at(name)}: `);
  expect((failure as Error).message).toContain(reason);
});

describe.skipIf(lackOfRoot !== null)(
  needing("in a folder where everybody may make files", lackOfRoot),
  () => {
    beforeEach(() => {
      mkdirSync(at("common"));
      chmodSync(at("common"), 0o1777);
      writeFileSync(at("victim"), "untouched");
    });

    test.each(["link", "file"])(
      "another user's %s is refused",
      async (what) => {
        const path = at(`common/${what}`);
        if (what === "link") symlinkSync(at("victim"), path);
        else writeFileSync(path, "theirs");
        lchownSync(path, NOBODY, NOBODY);
        const { message } = (await failureOf(openAt(path))) as Error;
        expect(message).toContain(
          `this ${what} belongs to another user (uid ${NOBODY})`,
        );
        expect(read("victim")).toBe("untouched");
      },
    );

    test("what is put there while iotop runs is refused too", async () => {
      const sink = await openAt(at("common/page"));
      symlinkSync(at("victim"), at("common/page"));
      lchownSync(at("common/page"), NOBODY, NOBODY);
      await sink.write("text");
      expect(await failureOf(sink.close())).toBeInstanceOf(SinkError);
      expect(read("victim")).toBe("untouched");
      expect(warned).toHaveLength(1);
    });

    test("a file keeps its owner", async () => {
      writeFileSync(at("theirs"), "");
      chownSync(at("theirs"), NOBODY, NOBODY);
      const sink = await openAt(at("theirs"));
      await sink.write("text");
      await sink.close();
      expect([statSync(at("theirs")).uid, read("theirs")]).toEqual([
        NOBODY,
        "text",
      ]);
    });
  },
);

describe.skipIf(lacksOfSmallDisk.some((lack) => lack !== null))(
  needing("a full disk", ...lacksOfSmallDisk),
  () => {
    const PAGE = "x".repeat(20_000);

    test("leaves the last text whole; it is said once, and the next one is tried", async () => {
      using disk = openSmallDisk(65_536);
      const path = join(disk.path, "page");
      const sink = await openAt(path);
      await sink.write("first");
      disk.fill(8192);
      await sink.write(PAGE);
      await sink.write(PAGE);
      expect(readFileSync(path, "utf8")).toBe("first");
      expect(warned).toEqual([
        `${path} cannot be written: no space left on device; the old version stays, and iotop tries again with the next one`,
      ]);
      disk.free();
      await sink.write(PAGE);
      await sink.close();
      expect(readFileSync(path, "utf8")).toBe(PAGE);
      expect(warned.slice(1)).toEqual([`${path} is written again`]);
      expect(readdirSync(disk.path)).toEqual(["page"]);
    });

    test("is an error if it is full when the run ends", async () => {
      using disk = openSmallDisk(65_536);
      const sink = await openAt(join(disk.path, "page"));
      disk.fill(4096);
      await sink.write(PAGE);
      const failure = (await failureOf(sink.close())) as Error;
      expect(failure.message).toContain("no space left on device");
    });
  },
);
