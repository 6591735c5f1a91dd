/** What devices did between two readings of a made-up /proc/diskstats. */
import { describe, expect, test } from "bun:test";
import type { DeviceDelta } from "../../src/model/sample.ts";
import type { DeviceReader } from "../../src/sampler/devices.ts";
import { FakeSysfs } from "../support/fake-linux/fake-sysfs.ts";

const of = (reader: DeviceReader, name: string): DeviceDelta =>
  reader.deltas!.find((device) => device.name === name)!;

/** One disk that is known, and has done much. */
function withDisk(files: Readonly<Record<string, string>> = {}) {
  const sysfs = new FakeSysfs();
  sysfs.add("8:0", "sda", { diskseq: "4", "queue/iostats": "1", ...files });
  sysfs.count("sda", { reads: 100, readSectors: 800, writes: 50 });
  const reader = sysfs.open();
  let nowS = 0;
  const read = (passedS = 1) => reader.read((nowS += passedS));
  read();
  const stack = new DisposableStack();
  stack.use(sysfs);
  stack.use(reader);
  return { sysfs, reader, read, [Symbol.dispose]: () => stack.dispose() };
}

test("bytes, requests and times are the differences", () => {
  using world = withDisk();
  world.sysfs.count("sda", {
    ...{ reads: 110, readSectors: 880, readMs: 25 },
    ...{ writes: 51, writtenSectors: 8, writeMs: 7 },
    ...{ inFlight: 2, busyMs: 300, queueMs: 1400 },
  });
  world.read();
  expect(world.reader.deltas).toEqual([
    {
      ...{ name: "sda", label: null, kind: "disk", liesOn: [] },
      isPhysical: true,
      ...{ readBytes: 40_960, reads: 10, readNs: 25e6 },
      ...{ writeBytes: 4096, writes: 1, writeNs: 7e6 },
      ...{ busyNs: 300e6, queueNs: 1400e6, inFlight: 2 },
    },
  ]);
});

test("where nothing moved the list and its entries stay the same objects", () => {
  using world = withDisk();
  const { sysfs, reader, read } = world;
  sysfs.add("8:16", "sdb");
  read();
  read();
  const { deltas } = reader;
  read();
  expect(reader.deltas).toBe(deltas);
  sysfs.count("sda", { reads: 101 });
  read();
  expect(reader.deltas).not.toBe(deltas);
  expect(of(reader, "sda").reads).toBe(1);
  expect(of(reader, "sdb")).toBe(deltas![1]!);
  read();
  expect(of(reader, "sda").reads).toBe(0);
});

test("times that are printed as 32 bits wrap", () => {
  using world = withDisk();
  const { sysfs, reader, read } = world;
  const most = 2 ** 32 - 100;
  sysfs.count("sda", { reads: 101, readMs: most, busyMs: most, queueMs: most });
  read();
  sysfs.count("sda", { reads: 102, readMs: 50, busyMs: 400, queueMs: 0 });
  read();
  expect(of(reader, "sda")).toMatchObject({
    reads: 1,
    ...{ readNs: 150e6, busyNs: 500e6, queueNs: 100e6 },
  });
});

describe("another device under the name is unknown for one interval:", () => {
  test.each([
    ["it has done less", { reads: 3 }],
    ["it has written less", { reads: 300, writes: 2 }],
  ])("%s", (_, counts) => {
    using world = withDisk();
    const { sysfs, reader, read } = world;
    sysfs.count("sda", counts);
    read();
    expect(of(reader, "sda")).toMatchObject({ reads: null, busyNs: null });
    sysfs.count("sda", { reads: 310 });
    read();
    expect(of(reader, "sda").reads).toBe(310 - counts.reads);
  });

  test("it has another number, though it has done more", () => {
    using world = withDisk();
    const { sysfs, reader, read } = world;
    sysfs.remove("sda");
    sysfs.add("8:0", "sda", { diskseq: "5" });
    sysfs.count("sda", { reads: 1000, readSectors: 8000, writes: 60 });
    read();
    expect(of(reader, "sda").reads).toBeNull();
    sysfs.count("sda", { reads: 1002 });
    read();
    expect(of(reader, "sda").reads).toBe(2);
  });

  test("it was replaced while nothing moved: what it does from then on is known", () => {
    using world = withDisk();
    const { sysfs, reader, read } = world;
    read();
    sysfs.set("sda", "diskseq", "5");
    // An event tells that something has changed.
    sysfs.add("8:16", "sdb");
    read();
    expect(of(reader, "sda")).toMatchObject({ reads: null, label: null });
    sysfs.count("sda", { reads: 107 });
    read();
    expect(of(reader, "sda").reads).toBe(7);
    read();
    expect(of(reader, "sda").reads).toBe(0);
  });

  test("it came, or came back", () => {
    using world = withDisk();
    const { sysfs, reader, read } = world;
    sysfs.add("8:16", "sdb");
    sysfs.count("sdb", { reads: 9 });
    read();
    expect(of(reader, "sdb").reads).toBeNull();
    sysfs.remove("sda");
    read();
    expect(reader.deltas!.map(({ name, reads }) => [name, reads])).toEqual([
      ["sdb", 0],
    ]);
    sysfs.add("8:0", "sda");
    sysfs.count("sda", { reads: 5000 });
    read();
    expect(of(reader, "sda").reads).toBeNull();
  });
});

test("an event that has nothing to do with it changes nothing", () => {
  using world = withDisk();
  const { sysfs, reader, read } = world;
  sysfs.add("8:16", "sdb");
  sysfs.count("sda", { reads: 101 });
  read();
  expect(of(reader, "sda").reads).toBe(1);
});

test("a mapping may come to lie on another disk", () => {
  using world = withDisk();
  const { sysfs, reader, read } = world;
  sysfs.add("253:0", "dm-0", { "dm/name": "a", "slaves/sda/": "" });
  sysfs.count("dm-0", { reads: 1 });
  read();
  expect(of(reader, "dm-0")).toMatchObject({
    ...{ kind: "stacked", label: "a", liesOn: ["sda"], isPhysical: false },
  });
  sysfs.set("dm-0", "dm/name", "b");
  sysfs.add("8:16", "sdb");
  sysfs.count("dm-0", { reads: 2 });
  read();
  expect(of(reader, "dm-0")).toMatchObject({ label: "b", reads: 1 });
});

describe("a device that does not count", () => {
  test("is unknown, and so are its partitions", () => {
    using world = withDisk({ "queue/iostats": "0" });
    const { sysfs, reader, read } = world;
    const folder = "devices/block/sda/sda1";
    sysfs.add("8:1", "sda1", { partition: "1" }, folder);
    read();
    read();
    expect(of(reader, "sda")).toMatchObject({ reads: null, inFlight: null });
    expect(of(reader, "sda1")).toMatchObject({ reads: null, busyNs: null });
  });

  test("is asked again every ten seconds", () => {
    using world = withDisk();
    const { sysfs, reader, read } = world;
    read();
    sysfs.set("sda", "queue/iostats", "0");
    read();
    expect(of(reader, "sda").reads).toBe(0);
    read(10);
    expect(of(reader, "sda").reads).toBeNull();
    // Flushes are counted nevertheless.
    sysfs.count("sda", { flushes: 3 });
    read();
    expect(of(reader, "sda")).toMatchObject({ reads: null, busyNs: null });
    sysfs.set("sda", "queue/iostats", "1");
    sysfs.count("sda", { reads: 105 });
    read();
    expect(of(reader, "sda").reads).toBe(5);
    read();
    expect(of(reader, "sda").reads).toBe(0);
  });
});

test("loops and memory disks are there once they were used, and disks if they have a medium", () => {
  using world = withDisk();
  const { sysfs, reader, read } = world;
  sysfs.add("7:0", "loop0", { "loop/backing_file": "/a" });
  sysfs.add("1:0", "ram0");
  sysfs.add("43:0", "nbd0", { size: "0" });
  read();
  read();
  expect(reader.deltas!.map(({ name }) => name)).toEqual(["sda"]);
  sysfs.count("loop0", { reads: 4, readSectors: 32 });
  sysfs.count("nbd0", { reads: 1 });
  read();
  expect(of(reader, "loop0")).toMatchObject({
    ...{ label: "/a", kind: "loop", isPhysical: false },
    ...{ reads: 4, readBytes: 16_384 },
  });
  expect(of(reader, "nbd0").reads).toBe(1);
});

test("only what lies on nothing is added up: a partition, a mapping and a loop move the same bytes", () => {
  using world = withDisk();
  const { sysfs, reader, read } = world;
  const folder = "devices/block/sda/sda1";
  sysfs.add("8:1", "sda1", { partition: "1" }, folder);
  sysfs.add("253:0", "dm-0", { "slaves/sda1/": "" });
  sysfs.add("7:0", "loop0");
  read();
  const names = ["sda", "sda1", "dm-0", "loop0"];
  for (const name of names) sysfs.count(name, { writtenSectors: 2048 });
  read();
  const moved = reader.deltas!.map(({ writeBytes }) => writeBytes);
  expect(moved).toEqual(names.map(() => 1_048_576));
  const physical = reader.deltas!.filter(({ isPhysical }) => isPhysical);
  expect(physical.map(({ name }) => name)).toEqual(["sda"]);
});

describe("several paths to one disk", () => {
  const add = (sysfs: FakeSysfs) => {
    sysfs.add("259:1", "nvme0c0n1", { hidden: "1" });
    sysfs.add("259:2", "nvme0c1n1", { hidden: "1" });
    sysfs.add("259:0", "nvme0n1", { hidden: "0" });
  };

  test("are its sum where it counts nothing itself", () => {
    using world = withDisk();
    const { sysfs, reader, read } = world;
    add(sysfs);
    read();
    sysfs.count("nvme0c0n1", { reads: 3, inFlight: 1 });
    sysfs.count("nvme0c1n1", { reads: 4 });
    read();
    read();
    sysfs.count("nvme0c0n1", { reads: 5 });
    sysfs.count("nvme0c1n1", { reads: 8 });
    read();
    expect(of(reader, "nvme0n1")).toMatchObject({
      ...{ reads: 6, inFlight: 1, isPhysical: true },
    });
    const paths = reader.deltas!.filter(({ kind }) => kind === "hidden");
    expect(paths.map(({ isPhysical }) => isPhysical)).toEqual([false, false]);
  });

  test("are not added to what it counts itself", () => {
    using world = withDisk();
    const { sysfs, reader, read } = world;
    add(sysfs);
    sysfs.count("nvme0n1", { reads: 1 });
    read();
    sysfs.count("nvme0c0n1", { reads: 3 });
    read();
    expect(of(reader, "nvme0n1").reads).toBe(0);
  });
});

test("a machine without /proc/diskstats has unknown devices", () => {
  const sysfs = new FakeSysfs();
  using reader = sysfs.open();
  sysfs[Symbol.dispose]();
  reader.read(1);
  expect(reader.deltas).toBeNull();
});
