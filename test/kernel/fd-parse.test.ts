import { describe, expect, test } from "bun:test";
import { parseFdInfo } from "../../src/kernel/fd-parse.ts";

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
