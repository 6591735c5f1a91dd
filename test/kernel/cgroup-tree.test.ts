import { expect, test } from "bun:test";
import { CgroupTree } from "../../src/kernel/cgroup-tree.ts";
import { FakeCgroups } from "../support/fake-linux/fake-cgroups.ts";

const WEB = "/system.slice/web.service";

test.each(["", "/unified"])(
  "version 2 mounted at %p: what is counted, and why it is not",
  (at) => {
    using cgroups = new FakeCgroups("cpu io memory", at);
    cgroups.enable("/system.slice", "memory pids");
    cgroups.count("/system.slice", { "254:0": [1, 2] });
    cgroups.enable(WEB, "");
    const tree = new CgroupTree(cgroups.mount);
    expect(tree.readIoStat("/system.slice")).toEqual([
      { device: "254:0", readBytes: 1, writeBytes: 2 },
    ]);
    expect(tree.readWhyNot("/system.slice")).toBeNull();
    expect(tree.readIoStat(WEB)).toBeNull();
    expect(tree.readWhyNot(WEB)).toBe(
      "io is not enabled for system.slice: systemd's DefaultIOAccounting=",
    );
    cgroups.enable("/", "memory");
    expect(tree.readWhyNot(WEB)).toStartWith(
      "io is not enabled for the root cgroup:",
    );
    // One that is gone is no question of settings.
    cgroups.enable("/", "io");
    expect(tree.readWhyNot("/gone.slice/x.service")).toBeNull();
  },
);

test("nothing outside of the tree is read", () => {
  using cgroups = new FakeCgroups();
  cgroups.count("/", { "254:0": [1, 2] });
  const tree = new CgroupTree(cgroups.mount);
  for (const path of ["/../a", "/a/../..", "", "a"]) {
    expect(tree.readIoStat(path)).toBeNull();
    expect(tree.readWhyNot(path)).toContain("outside of this namespace");
  }
});

test("where version 1 holds the controller, and where there is no version 2", () => {
  using hybrid = new FakeCgroups("hugetlb", "/unified");
  const tree = new CgroupTree(hybrid.mount);
  expect(tree.readIoStat(WEB)).toBeNull();
  expect(tree.readWhyNot(WEB)).toContain("version 1 holds it, as blkio");
  const none = new CgroupTree("/nonexistent");
  expect(none.readIoStat(WEB)).toBeNull();
  expect(none.readWhyNot(WEB)).toBe("this machine has no cgroups of version 2");
});
