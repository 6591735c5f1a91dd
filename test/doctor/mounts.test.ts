import { describe, expect, test } from "bun:test";
import { parseCgroupMounts, parseHidden } from "../../src/doctor/mounts.ts";

const HYBRID = `22 27 0:21 / /proc rw,relatime shared:5 - proc proc rw
32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct
37 31 0:34 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer,clone_children
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
`;

test("cgroups of both versions", () => {
  expect(parseCgroupMounts(HYBRID)).toEqual({
    unified: "/sys/fs/cgroup/unified",
    legacy: ["cpu", "cpuacct", "freezer"],
  });
});

test("no cgroups, and lines that are none", () => {
  expect(parseCgroupMounts("")).toEqual({ unified: null, legacy: [] });
  expect(parseCgroupMounts("nonsense - \n - x\n")).toEqual({
    unified: null,
    legacy: [],
  });
});

describe("/proc hides", () => {
  test.each([
    ["rw", []],
    ["rw,hidepid=0", []],
    ["rw,hidepid=off", []],
    ["rw,gid=4,hidepid=2", ["hidepid=2"]],
    ["rw,hidepid=invisible,subset=pid", ["hidepid=invisible", "subset=pid"]],
  ])("%s", (options, hidden) => {
    const line = `22 27 0:21 / /proc rw,relatime - proc proc ${options}\n`;
    expect(parseHidden(line)).toEqual(hidden);
  });

  test("what the mount on top hides", () => {
    const below = "22 27 0:21 / /proc rw - proc proc rw,hidepid=2\n";
    const above = "90 22 0:70 / /proc rw - proc proc rw\n";
    expect(parseHidden(below + above)).toEqual([]);
    expect(parseHidden(above + below)).toEqual(["hidepid=2"]);
  });
});
