import { expect, test } from "bun:test";
import { BlockDevices } from "../../src/kernel/block-devices.ts";
import { BlockLayers } from "../../src/tracing/block-layers.ts";
import { FakeSysfs } from "../support/fake-linux/fake-sysfs.ts";

const number = (major: number, minor: number): number => (major << 20) | minor;
const SDA = number(8, 0);
const SDA1 = number(8, 1);
const SDB = number(8, 16);
const MD = number(9, 0);
const ROOT = number(253, 0);
const BTRFS = number(0, 25);

/** dm-0 on md0 on sda1 and sdb; sda1 is a partition of sda. */
function stack(): FakeSysfs {
  const sysfs = new FakeSysfs();
  sysfs.add("8:0", "sda", { dev: "8:0\n", "slaves/": "" });
  sysfs.add("8:1", "sda1", { partition: "1\n" }, "devices/block/sda/sda1");
  sysfs.add("8:16", "sdb", { dev: "8:16\n", "slaves/": "" });
  sysfs.add("9:0", "md0", {
    "slaves/sda1/dev": "8:1\n",
    "slaves/sdb/dev": "8:16\n",
  });
  sysfs.add("253:0", "dm-0", { "slaves/md0/dev": "9:0\n" });
  return sysfs;
}

test("names, also of what is no device", () => {
  using sysfs = stack();
  const layers = new BlockLayers(new BlockDevices(sysfs.root));
  expect([ROOT, SDA1, BTRFS].map((each) => layers.nameOf(each))).toEqual([
    ...["dm-0", "sda1", "0:25"],
  ]);
});

test("a request for a file is counted at the device of its file system", () => {
  using sysfs = stack();
  const layers = new BlockLayers(new BlockDevices(sysfs.root));
  const below = [ROOT, MD, SDA1, SDA, SDB].filter((device) =>
    layers.isCountedAbove(ROOT, device),
  );
  expect(below).toEqual([MD, SDA1, SDA, SDB]);
  expect(layers.isCountedAbove(SDB, ROOT)).toBe(false);
  expect(layers.isCountedAbove(SDA1, SDB)).toBe(false);
});

test("without one device of its own, at the uppermost that was used", () => {
  using sysfs = stack();
  const layers = new BlockLayers(new BlockDevices(sysfs.root));
  expect(layers.isCountedAbove(BTRFS, SDB)).toBe(false);
  layers.noteUse(BTRFS, SDB);
  layers.noteUse(BTRFS, MD);
  expect(layers.isCountedAbove(BTRFS, SDB)).toBe(true);
  expect(layers.isCountedAbove(BTRFS, MD)).toBe(false);
  // Of other file systems nothing is said by that.
  expect(layers.isCountedAbove(number(0, 26), SDB)).toBe(false);
});

test("a device that comes later is known after a refresh", () => {
  using sysfs = stack();
  const layers = new BlockLayers(new BlockDevices(sysfs.root));
  expect(layers.nameOf(number(254, 0))).toBe("254:0");
  sysfs.add("254:0", "vda", { "slaves/": "" });
  layers.refresh();
  expect(layers.nameOf(number(254, 0))).toBe("vda");
});
