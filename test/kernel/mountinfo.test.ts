import { expect, test } from "bun:test";
import { parseMountinfo } from "../../src/kernel/mountinfo.ts";

test("mounts, with and without optional fields", () => {
  const text = [
    "21 1 254:0 / / rw,noatime shared:1 - ext4 /dev/vda rw",
    "22 21 0:20 / /proc rw - proc proc rw,hidepid=2",
    "23 21 0:33 /x\\040y /mnt/a\\040-\\040b rw master:2 propagate_from:1 - nfs4 host:/a rw,hard",
    "24 21 0:34 / /mnt/nameless rw - tmpfs  rw",
    "",
  ].join("\n");
  expect(parseMountinfo(text)).toEqual([
    {
      ...{ id: 21, device: "254:0", root: "/", point: "/" },
      ...{ type: "ext4", options: ["rw"] },
    },
    {
      ...{ id: 22, device: "0:20", root: "/", point: "/proc" },
      ...{ type: "proc", options: ["rw", "hidepid=2"] },
    },
    {
      ...{ id: 23, device: "0:33", root: "/x y", point: "/mnt/a - b" },
      ...{ type: "nfs4", options: ["rw", "hard"] },
    },
    {
      ...{ id: 24, device: "0:34", root: "/", point: "/mnt/nameless" },
      ...{ type: "tmpfs", options: ["rw"] },
    },
  ]);
});

test.each(["", "nonsense - \n - x\n", "21 1 254:0 / / rw shared:1 - ex\u2026"])(
  "%j has none",
  (text) => expect(parseMountinfo(text)).toEqual([]),
);
