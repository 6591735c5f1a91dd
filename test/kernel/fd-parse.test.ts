import { describe, expect, test } from "bun:test";
import { parseFdInfo, parseMountTypes } from "../../src/kernel/fd-parse.ts";

describe("an open file", () => {
  test("of a real kernel", () => {
    expect(
      parseFdInfo("pos:\t4096\nflags:\t0100002\nmnt_id:\t29\nino:\t12\n"),
    ).toEqual({ position: 4096, flags: 0o100002, mountId: 29 });
  });

  test("of a kernel that names no mount", () => {
    expect(parseFdInfo("pos:\t0\nflags:\t01\n")).toEqual({
      position: 0,
      flags: 1,
      mountId: NaN,
    });
  });

  test.each(["", "pos:\t1\n", "flags:\t0\n", "xpos:\t1\nflags:\t9\n"])(
    "%j says nothing",
    (text) => expect(parseFdInfo(text)).toBeNull(),
  );
});

describe("mounts", () => {
  test("by their ids, with and without optional fields", () => {
    const text = [
      "21 1 254:0 / / rw,noatime shared:1 - ext4 /dev/vda rw",
      "22 21 0:20 / /proc rw - proc proc rw",
      "23 21 0:33 / /mnt/a\\040-\\040b rw master:2 propagate_from:1 - nfs4 host:/a rw,hard",
      "",
    ].join("\n");
    expect([...parseMountTypes(text)]).toEqual([
      [21, "ext4"],
      [22, "proc"],
      [23, "nfs4"],
    ]);
  });

  test("a line that was cut is left out", () => {
    expect([
      ...parseMountTypes("21 1 254:0 / / rw shared:1 - ex\u2026"),
    ]).toEqual([]);
  });
});
