import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOpenFiles } from "../../src/kernel/open-files.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "iotop-files-"));
});
afterAll(() => rmSync(root, { recursive: true }));

describe("our own files", () => {
  const fileOf = (fd: number) =>
    readOpenFiles("/proc/self")!.files.find((file) => file.fd === fd);

  test("a position moves as the file is read", () => {
    const path = join(root, "data");
    writeFileSync(path, "x".repeat(10_000));
    const fd = openSync(path, "r");
    try {
      expect(fileOf(fd)).toMatchObject({ mode: "r", path, position: 0 });
      readSync(fd, new Uint8Array(4096), 0, 4096, null);
      expect(fileOf(fd)).toMatchObject({ position: 4096 });
    } finally {
      closeSync(fd);
    }
    expect(fileOf(fd)?.path).not.toBe(path);
  });

  test("a directory has no position, a file that was deleted has one", () => {
    const folder = openSync(root, "r");
    const path = join(root, "gone");
    const fd = openSync(path, "w+");
    try {
      rmSync(path);
      writeFileSync(fd, "abc");
      expect(fileOf(folder)).toMatchObject({ path: root, position: null });
      expect(fileOf(fd)).toMatchObject({
        mode: "rw",
        path: `${path} (deleted)`,
        position: 3,
      });
    } finally {
      closeSync(fd);
      closeSync(folder);
    }
  });
});

describe("a made-up process", () => {
  /** Links that lead nowhere, as those of another mount namespace: asking for a size would show. */
  const makeProcess = (
    name: string,
    files: Readonly<Record<number, readonly [path: string, info: string]>>,
    mounts = "",
  ): string => {
    const folder = join(root, name);
    for (const part of ["fd", "fdinfo"])
      mkdirSync(join(folder, part), { recursive: true });
    for (const [fd, [path, info]] of Object.entries(files)) {
      symlinkSync(path, join(folder, "fd", fd));
      writeFileSync(join(folder, "fdinfo", fd), info);
    }
    writeFileSync(join(folder, "mountinfo"), mounts);
    return folder;
  };
  const info = (position: number, flags: string, mountId = 1): string =>
    `pos:\t${position}\nflags:\t${flags}\nmnt_id:\t${mountId}\n`;
  const MOUNTS =
    "1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 0:40 / /mnt rw - nfs4 h:/ rw\n";

  test("is asked for a size only on a local file system", () => {
    const path = join(root, "sized");
    writeFileSync(path, "12345");
    const folder = makeProcess(
      "sizes",
      { 3: [path, info(2, "0100000", 1)], 4: [path, info(2, "0100000", 2)] },
      MOUNTS,
    );
    expect(
      readOpenFiles(folder)!.files.map(({ fd, size, position }) => [
        ...[fd, size, position],
      ]),
    ).toEqual([
      [3, 5, 2],
      [4, null, 2],
    ]);
  });

  test("files with a position come first, then what has none", () => {
    const folder = makeProcess("order", {
      0: ["/dev/null", info(0, "0100000")],
      1: ["socket:[77]", info(0, "02")],
      2: ["/dev/sda", info(4096, "0100001")],
      3: ["/srv/file", info(0, "0100002")],
      4: ["/srv/handle", info(0, "010000000")],
    });
    expect(readOpenFiles(folder)).toEqual({
      count: 5,
      files: [
        { fd: 2, mode: "w", path: "/dev/sda", position: 4096, size: null },
        { fd: 3, mode: "rw", path: "/srv/file", position: 0, size: null },
        { fd: 0, mode: "r", path: "/dev/null", position: null, size: null },
        { fd: 1, mode: null, path: "socket:[77]", position: null, size: null },
        {
          ...{ fd: 4, mode: "path", path: "/srv/handle" },
          ...{ position: null, size: null },
        },
      ],
    });
  });

  test("with more files than anybody reads is read in part", () => {
    const file = ["/x", info(1, "0")] as const;
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, fd) => [fd, file]),
    );
    const { files: read, count } = readOpenFiles(makeProcess("many", files))!;
    expect([read.length, count]).toEqual([256, 300]);
    const most = Object.fromEntries(
      Array.from({ length: 5000 }, (_, fd) => [fd, file]),
    );
    const over = readOpenFiles(makeProcess("most", most))!;
    expect([over.files.length, over.count]).toEqual([256, null]);
  });

  test("that may not be seen, or is gone, has none that are known", () => {
    expect(readOpenFiles(join(root, "nobody"))).toBeNull();
  });
});
