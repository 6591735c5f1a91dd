import { describe, expect, test } from "bun:test";
import {
  EACCES,
  EAGAIN,
  EINTR,
  ENAMETOOLONG,
  ENOBUFS,
  ENOENT,
  EPERM,
  EPROTO,
  ESRCH,
  KernelError,
  NetlinkError,
  SysError,
} from "../../src/kernel/errors.ts";
import { constants } from "node:os";

const NAMED = {
  EACCES,
  EAGAIN,
  EINTR,
  ENAMETOOLONG,
  ENOBUFS,
  ENOENT,
  EPERM,
  EPROTO,
  ESRCH,
} as const;

describe("errno", () => {
  test.each(Object.entries(NAMED))("%s is the system's", (name, errno) => {
    expect<number>(errno).toBe(constants.errno[name as keyof typeof NAMED]);
  });

  test("every name that an error gives is the system's", () => {
    for (const [name, errno] of Object.entries(constants.errno)) {
      const { code } = new SysError("test", errno);
      // Several names can stand for one number: EAGAIN and EWOULDBLOCK.
      const names = Object.entries(constants.errno)
        .filter(([, value]) => value === errno)
        .map(([other]) => other);
      expect([...names, `E${errno}`], name).toContain(code);
    }
  });
});

describe.each([SysError, NetlinkError])("%p", (Failure) => {
  test("says what was tried, in words and by name", () => {
    const error = new Failure("open /proc/vmstat", EACCES);
    expect(error.message).toBe("open /proc/vmstat: Permission denied (EACCES)");
    expect(error).toMatchObject({
      name: Failure.name,
      operation: "open /proc/vmstat",
      errno: 13,
      code: "EACCES",
    });
  });

  test("has a code for an errno that nobody named", () => {
    expect(new Failure("read", 4095)).toMatchObject({
      code: "E4095",
      message: "read: error 4095 (E4095)",
    });
  });

  test("is a failure of the kernel's, and not the other one", () => {
    const error: unknown = new Failure("ask", EPERM);
    expect(error).toBeInstanceOf(KernelError);
    expect(
      [SysError, NetlinkError].filter((known) => error instanceof known),
    ).toEqual([Failure]);
  });
});

describe("an answer that is none", () => {
  test.each([
    [new NetlinkError("ask", 0, "no answer"), "ask: no answer"],
    [new NetlinkError("ask", 0), "ask: malformed answer"],
  ])("%#: says how, without an errno", (error, message) => {
    expect(error).toMatchObject({ code: "EPROTO", errno: 0, message });
  });

  test("has its errno said where there is one, whatever the detail", () => {
    expect(new NetlinkError("ask", EPERM, "no answer").message).toBe(
      "ask: Operation not permitted (EPERM)",
    );
  });
});
