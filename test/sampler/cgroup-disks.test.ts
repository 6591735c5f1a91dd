import { expect, test } from "bun:test";
import { BlockDevices } from "../../src/kernel/block-devices.ts";
import { CgroupTree } from "../../src/kernel/cgroup-tree.ts";
import type { DeviceDelta } from "../../src/model/sample.ts";
import { CgroupDisks } from "../../src/sampler/cgroup-disks.ts";
import { FakeCgroups } from "../support/fake-linux/fake-cgroups.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { FakeSysfs } from "../support/fake-linux/fake-sysfs.ts";
import { device, makeSample, row } from "../support/samples.ts";

const WEB = "/system.slice/web.service";
const MIB = 2 ** 20;
const partition = { kind: "partition", isPhysical: false } as const;
const stacked = { kind: "stacked", isPhysical: false } as const;
const DEVICES = [
  device({ name: "vda" }),
  device({ name: "vda1", ...partition, liesOn: ["vda"] }),
  device({ name: "vdb" }),
  device({ name: "dm-0", ...stacked, liesOn: ["vda1"] }),
  device({ name: "loop0", kind: "loop", isPhysical: false }),
  device({ name: "dm-1", ...stacked, liesOn: ["loop0"] }),
];

class World implements Disposable {
  readonly cgroups = new FakeCgroups();
  readonly sysfs = new FakeSysfs();
  readonly clock = new FakeClock();
  readonly disks: CgroupDisks;

  constructor() {
    this.sysfs.add("254:0", "vda");
    this.sysfs.add("254:16", "vdb");
    this.sysfs.add("253:0", "dm-0");
    this.sysfs.add("253:1", "dm-1");
    this.sysfs.add("7:0", "loop0");
    this.disks = new CgroupDisks(
      new CgroupTree(this.cgroups.mount),
      new BlockDevices(this.sysfs.root),
      this.clock,
    );
  }

  /** What is counted by path: from disks, to disks. Those whose tasks wrote are given. */
  take(
    active: readonly string[],
    devices: readonly DeviceDelta[] | null = DEVICES,
  ) {
    const threads = active.map((cgroup, at) =>
      row({ tid: at + 1, cgroup, writeBytes: 1 }),
    );
    const idle = row({ tid: 99, cgroup: "/idle.service" });
    const sample = makeSample({
      threads: [...threads, idle],
      host: { devices },
    });
    const taken = this.disks.take(sample);
    return (
      taken &&
      Object.fromEntries(
        taken.map((each) => [
          each.path,
          [each.fromDiskBytes, each.toDiskBytes],
        ]),
      )
    );
  }

  [Symbol.dispose](): void {
    this.cgroups[Symbol.dispose]();
    this.sysfs[Symbol.dispose]();
  }
}

test("what was written back long after the task did anything is its cgroup's, and those above have it too", () => {
  using world = new World();
  const { cgroups, clock } = world;
  cgroups.count("/system.slice", { "254:0": [0, MIB] });
  cgroups.count(WEB, {});
  expect(world.take([WEB])).toEqual({
    [WEB]: [null, null],
    "/system.slice": [null, null],
  });
  cgroups.count("/system.slice", { "254:0": [4096, 25 * MIB] });
  cgroups.count(WEB, { "254:0": [4096, 24 * MIB] });
  clock.spend(30_000);
  expect(world.take([])).toEqual({
    [WEB]: [4096, 24 * MIB],
    "/system.slice": [4096, 24 * MIB],
  });
  // Nobody did anything for a minute.
  clock.spend(31_000);
  expect(world.take([])).toEqual({});
});

test("it is read once a second at most, and covers the time since then", () => {
  using world = new World();
  const { cgroups, clock } = world;
  cgroups.count("/a", {});
  expect(world.take(["/a"])).toEqual({ "/a": [null, null] });
  for (let i = 0; i < 4; i++) {
    clock.spend(200);
    expect(world.take(["/a"])).toBeNull();
  }
  cgroups.count("/a", { "254:0": [0, 512] });
  clock.spend(200);
  expect(world.take(["/a"])).toEqual({ "/a": [0, 512] });
});

test("of a stack the top alone counts, and no device that lies on no disk", () => {
  using world = new World();
  const { cgroups, clock } = world;
  cgroups.count("/a", {});
  world.take(["/a"]);
  clock.spend(1000);
  cgroups.count("/a", {
    "253:0": [0, 100],
    "254:0": [0, 100],
    "254:16": [7, 5],
    "7:0": [0, 900],
    "253:1": [0, 900],
    "9:9": [0, 900],
  });
  expect(world.take(["/a"])).toEqual({ "/a": [7, 105] });
});

test("unknown, and never 0: where io is not on, of another cgroup of the name, and without devices", () => {
  using world = new World();
  const { cgroups, clock } = world;
  cgroups.enable("/system.slice", "memory");
  cgroups.enable(WEB, "");
  cgroups.count("/system.slice", { "254:0": [0, 50] });
  expect(world.take([WEB])).toMatchObject({ [WEB]: [null, null] });
  expect(world.disks.problem).toBe(
    "io is not enabled for system.slice: systemd's DefaultIOAccounting=",
  );
  clock.spend(1000);
  // It was removed, and made again; meanwhile io was switched on.
  cgroups.enable("/system.slice", "io memory");
  cgroups.count("/system.slice", { "254:0": [0, 20] });
  cgroups.count(WEB, {});
  expect(world.take([WEB])).toEqual({
    [WEB]: [null, null],
    "/system.slice": [null, null],
  });
  expect(world.disks.problem).toBeNull();
  clock.spend(1000);
  expect(world.take([WEB], null)).toEqual({
    [WEB]: [null, null],
    "/system.slice": [null, null],
  });
  clock.spend(1000);
  cgroups.remove(WEB);
  expect(world.take([WEB])).toEqual({
    [WEB]: [null, null],
    "/system.slice": [0, 0],
  });
  expect(world.disks.problem).toBeNull();
});

test("the root, which has everything, is left out", () => {
  using world = new World();
  world.cgroups.count("/", { "254:0": [1, 1] });
  expect(world.take(["/"])).toEqual({});
  expect(world.disks.problem).toBeNull();
});
