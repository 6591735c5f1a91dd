import { expect, test } from "bun:test";
import { BlockDevices } from "../../src/kernel/block-devices.ts";
import { BlockLayers } from "../../src/tracing/block-layers.ts";
import { mountsByDevice } from "../../src/tracing/mounts.ts";
import { Traffic } from "../../src/tracing/traffic.ts";
import type { FileEvent } from "../../src/tracing/tracer.ts";
import { DISK, fileEvent, NO_FILE } from "../support/bytes/file-events.ts";
import { FakeSysfs } from "../support/fake-linux/fake-sysfs.ts";

const MOUNTS = mountsByDevice("27 1 254:1 / /srv rw - ext4 /dev/vda1 rw\n");

/** Takes the rows of some events, each time without what is always the same. */
function open(sysfs: FakeSysfs) {
  const traffic = new Traffic(
    new BlockLayers(new BlockDevices(sysfs.root)),
    () => MOUNTS,
  );
  return (...events: readonly FileEvent[]) => {
    traffic.add(events, 0);
    return traffic.take().map(({ process, ...row }) => {
      const { readBytes, writeBytes, toDiskBytes } = row;
      return [
        process?.pid ?? null,
        row.path ?? row.kind,
        ...(row.direct ? ["direct"] : []),
        ...[readBytes, writeBytes, toDiskBytes],
      ];
    });
  };
}

function disk(): FakeSysfs {
  const sysfs = new FakeSysfs();
  sysfs.add("254:1", "vda1", { "slaves/": "" });
  return sysfs;
}

test("reads and writes of a file are one row, direct ones another", () => {
  using sysfs = disk();
  const rowsOf = open(sysfs);
  expect(
    rowsOf(
      fileEvent("dirtied", 8192, { name: "/a" }),
      fileEvent("read", 4096, { name: "/a" }),
      fileEvent("directRead", 512, { name: "/a" }),
      fileEvent("directWrite", 1024, { name: "/a" }),
    ),
  ).toEqual([
    [42, "/srv/a", 4096, 8192, 0],
    [42, "/srv/a", "direct", 512, 1024, 1024],
  ]);
  expect(rowsOf()).toEqual([]);
});

test("a row says what is known of file and device", () => {
  using sysfs = disk();
  const traffic = new Traffic(
    new BlockLayers(new BlockDevices(sysfs.root)),
    () => MOUNTS,
  );
  traffic.add([fileEvent("read", 1)], 0);
  expect(traffic.take()).toEqual([
    {
      process: { pid: 42, startNs: 7e9 },
      kind: "file",
      device: "vda1",
      inode: 77,
      path: null,
      direct: false,
      readBytes: 1,
      writeBytes: 0,
      toDiskBytes: 0,
    },
  ]);
});

test("what a kernel thread writes is shown at who dirtied it, and not at the thread", () => {
  using sysfs = disk();
  const rowsOf = open(sysfs);
  const writer = { pid: 7, processStartNs: 1 };
  rowsOf(
    fileEvent("dirtied", 12_288, { name: "/a" }),
    fileEvent("dirtied", 4096, { name: "/a", ...writer }),
  );
  expect(rowsOf(fileEvent("written", 16_384, { pid: 99 }))).toEqual([
    [42, "/srv/a", 0, 0, 12_288],
    [7, "/srv/a", 0, 0, 4096],
  ]);
});

test("in one interval, what became dirty comes before what was written", () => {
  using sysfs = disk();
  const rowsOf = open(sysfs);
  expect(
    rowsOf(
      fileEvent("written", 8192, { pid: 99 }),
      fileEvent("dirtied", 4096, { name: "/a" }),
    ),
  ).toEqual([
    [42, "/srv/a", 0, 4096, 4096],
    [null, "/srv/a", 0, 0, 4096],
  ]);
});

test("swap, journals and metadata are rows of their own kind", () => {
  using sysfs = disk();
  const rowsOf = open(sysfs);
  expect(
    rowsOf(
      fileEvent("read", 4096, { file: NO_FILE }),
      fileEvent("written", 512, { file: NO_FILE }),
      fileEvent("read", 1024, { inode: 0 }),
      fileEvent("directWrite", 64, { file: NO_FILE }),
    ),
  ).toEqual([
    [42, "no-file", 4096, 0, 512],
    [42, "device", 1024, 0, 0],
    [42, "no-file", "direct", 0, 64, 64],
  ]);
});

test("a request that passes a mapping and the disk below it counts once", () => {
  using sysfs = disk();
  sysfs.add("253:0", "dm-0", { "slaves/vda1/dev": "254:1\n" });
  const rowsOf = open(sysfs);
  const mapping = 253 << 20;
  const file = { inode: 5, generation: 1, fileSystem: mapping };
  const about = { file, name: "/m" };
  expect(
    rowsOf(
      fileEvent("read", 4096, { ...about, device: mapping }),
      fileEvent("read", 4096, { ...about, device: DISK }),
      fileEvent("read", 10, { file: NO_FILE, device: mapping }),
      fileEvent("read", 10, { file: NO_FILE, device: DISK }),
    ),
  ).toEqual([
    [42, "253:0:/m", 4096, 0, 0],
    [42, "no-file", 10, 0, 0],
  ]);
});

test("a name that comes later is kept", () => {
  using sysfs = disk();
  const rowsOf = open(sysfs);
  expect(rowsOf(fileEvent("read", 1))).toEqual([[42, "file", 1, 0, 0]]);
  expect(rowsOf(fileEvent("read", 1, { name: "/a" }))[0]![1]).toBe("/srv/a");
  expect(rowsOf(fileEvent("read", 1))[0]![1]).toBe("/srv/a");
});

test("a name that comes later in the interval is that of the row", () => {
  using sysfs = disk();
  const rowsOf = open(sysfs);
  expect(
    rowsOf(fileEvent("dirtied", 1), fileEvent("dirtied", 1, { name: "/a" })),
  ).toEqual([[42, "/srv/a", 0, 2, 0]]);
});

test("an interval has so many rows at most: what there is no room for is one row a process, and no byte is missing", () => {
  using sysfs = disk();
  const traffic = new Traffic(
    new BlockLayers(new BlockDevices(sysfs.root)),
    () => MOUNTS,
    3,
  );
  const inodes = [1, 2, 3, 4, 5, 2];
  traffic.add(
    inodes.map((inode) => fileEvent("read", 10, { inode })),
    0,
  );
  traffic.add([fileEvent("read", 1, { pid: 7, inode: 1 })], 0);
  traffic.add([fileEvent("read", 4, { inode: 0 })], 0);
  const rows = traffic.take();
  expect(
    rows.map(({ process, kind, inode, path, readBytes }) => [
      ...[process!.pid, kind, inode, path, readBytes],
    ]),
  ).toEqual([
    [42, "file", 1, null, 10],
    [42, "file", 2, null, 20],
    [42, "file", 3, null, 10],
    [42, "file", null, null, 20],
    [7, "file", null, null, 1],
    [42, "device", null, null, 4],
  ]);
  traffic.add([fileEvent("read", 1, { inode: 5 })], 0);
  expect(traffic.take()).toMatchObject([{ inode: 5 }]);
});
