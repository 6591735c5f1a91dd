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

describe("a system call that failed", () => {
  test("says what was tried, in words and by name", () => {
    const error = new SysError("open /proc/vmstat", 13);
    expect(error.message).toBe("open /proc/vmstat: Permission denied (EACCES)");
    expect(error).toMatchObject({
      name: "SysError",
      operation: "open /proc/vmstat",
      errno: 13,
      code: "EACCES",
    });
  });

  test("has a code for an errno that nobody named", () => {
    expect(new SysError("read", 4095)).toMatchObject({
      code: "E4095",
      message: "read: error 4095 (E4095)",
    });
  });
});

describe("a refusal of the kernel", () => {
  test("is another error than one of a system call", () => {
    const error: unknown = new NetlinkError("ask", 1);
    expect(error).not.toBeInstanceOf(SysError);
    expect(error).toMatchObject({
      name: "NetlinkError",
      code: "EPERM",
      errno: 1,
      message: "ask: Operation not permitted (EPERM)",
    });
  });

  test("can be an answer that is none", () => {
    expect(new NetlinkError("ask", 0, "no answer").message).toBe(
      "ask: no answer",
    );
    expect(new NetlinkError("ask", 0)).toMatchObject({
      code: "EPROTO",
      message: "ask: malformed answer",
    });
  });
});
