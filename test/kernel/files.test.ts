import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import {
  FileReader,
  LONGEST_BYTES,
  NumberList,
  readSmallFile,
} from "../../src/kernel/files.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-files-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const { ENOENT, ENOTDIR, EISDIR, ELOOP } = constants.errno;

describe("a file", () => {
  test.each([0, 1, 4096, 65_536, LONGEST_BYTES - 1, LONGEST_BYTES])(
    "of %d bytes is read whole",
    (lengthBytes) => {
      const bytes = Uint8Array.from({ length: lengthBytes }, (_, i) => i * 7);
      const path = join(folder, `file-${lengthBytes}`);
      writeFileSync(path, bytes);
      const reader = new FileReader();
      for (let round = 0; round < 2; round++) {
        expect(reader.read(path)).toBe(lengthBytes);
        expect(reader.content.subarray(0, lengthBytes)).toEqual(bytes);
      }
    },
  );

  test.each([LONGEST_BYTES + 1, 300_000])(
    "of %d bytes is read to its limit, and shows that it goes on",
    (lengthBytes) => {
      const path = join(folder, `long-${lengthBytes}`);
      writeFileSync(path, "x".repeat(lengthBytes));
      const reader = new FileReader();
      expect(reader.read(path)).toBe(LONGEST_BYTES + 1);
      expect(reader.read(path, 10)).toBe(11);
      expect(readSmallFile(path)).toBe(`${"x".repeat(LONGEST_BYTES)}…`);
      expect(readSmallFile(path, 3)).toBe("xxx…");
    },
  );

  test("that is cut within a character ends before it", () => {
    const path = join(folder, "cut");
    writeFileSync(path, "aé日b");
    expect(readSmallFile(path, 2)).toBe("a…");
    expect(readSmallFile(path, 5)).toBe("aé…");
    expect(readSmallFile(path, 6)).toBe("aé日…");
    expect(readSmallFile(path, 7)).toBe("aé日b");
  });

  test("shorter than the one before leaves no trace of it", () => {
    writeFileSync(join(folder, "long"), "a long text");
    writeFileSync(join(folder, "short"), "b");
    expect(readSmallFile(join(folder, "long"))).toBe("a long text");
    expect(readSmallFile(join(folder, "short"))).toBe("b");
  });

  test("that is not there gives minus errno", () => {
    expect(new FileReader().read(join(folder, "none"))).toBe(-ENOENT);
    expect(readSmallFile(join(folder, "none"))).toBeNull();
  });

  test("that is a directory gives minus errno", () => {
    expect(new FileReader().read(folder)).toBe(-EISDIR);
  });

  test("whose name is no ASCII", () => {
    const path = join(folder, "größe-日本");
    writeFileSync(path, "x");
    expect(readSmallFile(path)).toBe("x");
  });

  test("whose path is too long is an error that says so", () => {
    expect(() => new FileReader().read(`/${"x".repeat(5000)}`)).toThrow(
      "ENAMETOOLONG",
    );
  });

  test("with bytes that are no UTF-8", () => {
    writeFileSync(join(folder, "latin"), new Uint8Array([0x61, 0xff, 0x62]));
    expect(readSmallFile(join(folder, "latin"))).toBe("a\ufffdb");
  });

  test("no file descriptor stays open", () => {
    const open = () => readdirSync("/proc/self/fd").length;
    const reader = new FileReader();
    const list = new NumberList();
    const before = open();
    for (let i = 0; i < 50; i++) {
      reader.read("/proc/self/stat");
      reader.read(folder);
      reader.read(join(folder, "none"));
      reader.listNumbers("/proc", list);
      reader.listNumbers("/proc/self/stat", list);
    }
    expect(open()).toBe(before);
  });
});

describe("a directory of numbers", () => {
  const numbersIn = (path: string): number[] => {
    const list = new NumberList();
    const count = new FileReader().listNumbers(path, list);
    expect(count).toBe(list.length);
    return Array.from({ length: count }, (_, i) => list.get(i)).sort(
      (a, b) => a - b,
    );
  };

  test("lists the names that are numbers, and no other", () => {
    const path = join(folder, "numbers");
    const names = ["1", "42", "4194303", "007", "12a", "a12", "1.2", "-1"];
    for (const name of [...names, "self", "٣", ".5"])
      mkdirSync(join(path, name), { recursive: true });
    expect(numbersIn(path)).toEqual([1, 7, 42, 4_194_303]);
  });

  test("of more than one portion of the kernel is listed whole", () => {
    const path = join(folder, "many");
    mkdirSync(path);
    const numbers = Array.from({ length: 1500 }, (_, i) => i * 11 + 1);
    for (const number of numbers) writeFileSync(join(path, `${number}`), "");
    expect(numbersIn(path)).toEqual(numbers);
  });

  test("that is empty", () => {
    mkdirSync(join(folder, "empty"));
    expect(numbersIn(join(folder, "empty"))).toEqual([]);
  });

  test("agrees with what the runtime lists of our own threads", () => {
    // Threads of the runtime may come and go.
    const before = new Set(readdirSync("/proc/self/task").map(Number));
    const numbers = numbersIn("/proc/self/task");
    const after = new Set(readdirSync("/proc/self/task").map(Number));
    expect(numbers).toContain(process.pid);
    for (const tid of before.intersection(after))
      expect(numbers).toContain(tid);
  });

  test.each([
    ["is not there", () => join(folder, "none"), -ENOENT],
    ["is a file", () => "/proc/self/stat", -ENOTDIR],
    [
      "is a name without end",
      () => {
        const path = join(folder, "loop");
        symlinkSync(path, path);
        return path;
      },
      -ELOOP,
    ],
  ])("that %s gives minus errno and keeps the list", (_, path, errno) => {
    const list = new NumberList();
    list.push(5);
    expect(new FileReader().listNumbers(path(), list)).toBe(errno);
    expect(list.length).toBe(1);
  });
});

describe("a list of numbers", () => {
  test("grows and starts anew", () => {
    const list = new NumberList();
    for (let i = 0; i < 5000; i++) list.push(i);
    expect(list.length).toBe(5000);
    expect([
      list.get(0),
      list.get(1023),
      list.get(1024),
      list.get(4999),
    ]).toEqual([0, 1023, 1024, 4999]);
    list.clear();
    expect(list.length).toBe(0);
    list.push(7);
    expect([list.length, list.get(0)]).toEqual([1, 7]);
  });
});
