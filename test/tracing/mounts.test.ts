import { expect, test } from "bun:test";
import { mountsByDevice, pathOf } from "../../src/tracing/mounts.ts";

const MOUNTS = mountsByDevice(`22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
40 27 254:1 /srv/data /mnt/bound rw - ext4 /dev/vda1 rw
41 27 254:2 /sub /mnt/a\\040b rw - btrfs /dev/vda2 rw
42 27 254:2 /sub/deep /mnt/deep rw - btrfs /dev/vda2 rw
43 27 8:1 / /boot rw - vfat /dev/sda1 rw
44 27 8:1 / /boot/again rw - vfat /dev/sda1 rw
nonsense
`);

test.each([
  ["254:1", "/etc/passwd", "/etc/passwd"],
  ["254:1", "/", "/"],
  // The mount that has all of it says more than a part that is shown elsewhere as well.
  ["254:1", "/srv/data/x", "/srv/data/x"],
  ["254:2", "/sub/x", "/mnt/a b/x"],
  ["254:2", "/sub/deep/x", "/mnt/a b/deep/x"],
  ["254:2", "/sub", "/mnt/a b"],
  ["254:2", "/subway", "254:2:/subway"],
  ["8:1", "/vmlinuz", "/boot/vmlinuz"],
  ["8:1", "/", "/boot"],
  ["9:9", "/x", "9:9:/x"],
])("%s %s is %s", (device, path, shown) =>
  expect(pathOf(MOUNTS, device, path)).toBe(shown),
);

test("a path without its beginning is below what is mounted as a whole", () => {
  expect(pathOf(MOUNTS, "8:1", "/…/c/d")).toBe("/boot/…/c/d");
  expect(pathOf(MOUNTS, "254:2", "/…/c/d")).toBe("254:2:/…/c/d");
});
