import { expect, test } from "bun:test";
import { BlockDevices } from "../../src/kernel/block-devices.ts";
import { FakeSysfs } from "../support/fake-linux/fake-sysfs.ts";

test("what a device is, and on what it lies", () => {
  using sysfs = new FakeSysfs();
  sysfs.add("8:0", "sda", { diskseq: "4\n", "slaves/": "" });
  sysfs.add("8:1", "sda1", { partition: "1\n" }, "devices/block/sda/sda1");
  sysfs.add("104:0", "cciss/c0d0", {}, "devices/block/cciss!c0d0");
  sysfs.add(
    "104:1",
    "cciss/c0d0p1",
    { partition: "1\n" },
    "devices/block/cciss!c0d0/cciss!c0d0p1",
  );
  sysfs.add("253:0", "dm-0", {
    "dm/name": "vg-root\n",
    "slaves/sdb/": "",
    "slaves/cciss!c0d0/": "",
  });
  sysfs.add("9:127", "md127", { "md/level": "raid1\n", "slaves/": "" });
  sysfs.add("7:0", "loop0", { "loop/backing_file": "/srv/a b.img\n" });
  sysfs.add("7:1", "loop1");
  sysfs.add("252:0", "zram0");
  sysfs.add("1:0", "ram0");
  sysfs.add("230:0", "zd0");
  sysfs.add("259:0", "nvme0c0n1", { hidden: "1\n" });
  sysfs.add("259:1", "nvme0n1", { hidden: "0\n", size: "0\n" });
  using devices = new BlockDevices(sysfs.root);
  const seen = (id: string, name: string) => {
    const [major, minor] = id.split(":").map(Number);
    const { kind, label, liesOn } = devices.describe(major!, minor!, name);
    return [kind, label, ...liesOn];
  };
  expect(seen("8:0", "sda")).toEqual(["disk", null]);
  expect(seen("8:1", "sda1")).toEqual(["partition", null, "sda"]);
  expect(seen("104:1", "cciss/c0d0p1")).toEqual([
    ...["partition", null, "cciss/c0d0"],
  ]);
  expect(seen("253:0", "dm-0")).toEqual([
    ...["stacked", "vg-root", "cciss/c0d0", "sdb"],
  ]);
  expect(seen("9:127", "md127")).toEqual(["stacked", "raid1"]);
  expect(seen("7:0", "loop0")).toEqual(["loop", "/srv/a b.img"]);
  expect(seen("7:1", "loop1")).toEqual(["loop", null]);
  expect(seen("252:0", "zram0")).toEqual(["zram", null]);
  expect(seen("1:0", "ram0")).toEqual(["ram", null]);
  expect(seen("230:0", "zd0")).toEqual(["stacked", null]);
  expect(seen("259:0", "nvme0c0n1")).toEqual(["hidden", null]);
  expect(seen("259:1", "nvme0n1")).toEqual(["disk", null]);
  expect(devices.describe(8, 0, "sda")).toMatchObject({
    sequence: "4",
    sectors: 2048,
  });
  expect(devices.describe(259, 1, "nvme0n1").sectors).toBe(0);
});

test.each([
  ["sda", "disk", null],
  ["sda12", "partition", "sda"],
  ["vdab3", "partition", "vdab"],
  ["nvme0n1", "disk", null],
  ["nvme0n1p2", "partition", "nvme0n1"],
  ["mmcblk0p1", "partition", "mmcblk0"],
  ["loop3", "loop", null],
  ["loop3p1", "partition", "loop3"],
  ["dm-3", "stacked", null],
  ["md0", "stacked", null],
])("without /sys the name %s is a %s", (name, kind, disk) => {
  using devices = new BlockDevices("/nonexistent");
  const about = devices.describe(8, 1, name);
  expect(about).toMatchObject({ kind, sequence: null, sectors: NaN });
  expect(about.liesOn).toEqual(disk === null ? [] : [disk]);
  expect(devices.readCounts(8, 1)).toBeNull();
  expect(devices.readEventCount()).toBeNaN();
});

test("whether a device counts can be switched", () => {
  using sysfs = new FakeSysfs();
  sysfs.add("8:0", "sda", { "queue/iostats": "1\n" });
  using devices = new BlockDevices(sysfs.root);
  expect(devices.readCounts(8, 0)).toBe(true);
  sysfs.set("sda", "queue/iostats", "0\n");
  expect(devices.readCounts(8, 0)).toBe(false);
});

test("events are counted", () => {
  using sysfs = new FakeSysfs();
  using devices = new BlockDevices(sysfs.root);
  const before = devices.readEventCount();
  sysfs.add("8:0", "sda");
  expect(devices.readEventCount()).toBe(before + 1);
});

test("numbers of what is right below, of a name with a slash too", () => {
  using sysfs = new FakeSysfs();
  sysfs.add("104:0", "cciss!c0d0", { dev: "104:0\n", "slaves/": "" });
  sysfs.add(
    "104:1",
    "cciss!c0d0p1",
    { partition: "1\n" },
    "devices/block/cciss!c0d0/cciss!c0d0p1",
  );
  sysfs.add("253:0", "dm-0", {
    "slaves/cciss!c0d0p1/dev": "104:1\n",
    "slaves/sdb/dev": "8:16\n",
  });
  using devices = new BlockDevices(sysfs.root);
  const below = ["253:0", "104:1", "104:0", "8:99"].map((number) =>
    devices.readNumbersBelow(number),
  );
  expect(below).toEqual([["104:1", "8:16"], ["104:0"], [], []]);
});
