// waits: it starts programs
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lackOf, needing } from "../support/needs.ts";
import { constants } from "node:os";
import {
  libc,
  MACHINE,
  PIDFD_OPEN,
  PIDFD_SEND_SIGNAL,
} from "../../src/kernel/libc.ts";

setDefaultTimeout(120_000);

const { EBADF, EPROTONOSUPPORT, ENOSYS } = constants.errno;

describe("errno", () => {
  test("is that of the call before, call after call", () => {
    const { call, errno } = libc();
    for (let i = 0; i < 5000; i++) {
      expect(call.close(-1)).toBe(-1);
      expect(errno()).toBe(EBADF);
      expect(call.socket(16, 3, 31)).toBe(-1);
      expect(errno()).toBe(EPROTONOSUPPORT);
    }
  });

  test("is found behind a bare system call too, once it is compiled", () => {
    const { call, errno } = libc();
    for (let i = 0; i < 20_000; i++) {
      if (Number(call.syscall(100_000, -1, null, 0, 0)) !== -1)
        throw new Error(`round ${i} did not fail`);
      if (errno() !== ENOSYS) throw new Error(`round ${i}: ${errno()}`);
    }
  });
});

test("an array stays where it is", () => {
  const { addressOf } = libc();
  const view = new Uint8Array(new ArrayBuffer(100));
  const before = addressOf(view);
  for (let i = 0; i < 5; i++) {
    expect(view.subarray(1).buffer).toBe(view.buffer);
    Bun.gc(true);
  }
  expect(addressOf(view)).toBe(before);
  expect(before).toBeGreaterThan(0);
});

test("the library is opened once", () => {
  expect(libc()).toBe(libc());
});

describe("users, as the system's own look-up knows them", () => {
  test("root", () => {
    expect(libc().nameOfUid(0)).toBe("root");
    expect(libc().uidOfName("root")).toBe(0);
  });

  test("nobody of that name or number", () => {
    expect(libc().nameOfUid(3_999_999_998)).toBeNull();
    expect(libc().uidOfName("no-such-user-here")).toBeNull();
  });

  test("again and again", () => {
    for (let i = 0; i < 2000; i++) {
      expect(libc().nameOfUid(0)).toBe("root");
      expect(libc().uidOfName("root")).toBe(0);
    }
  });
});

const LACK = lackOf("gcc");

test.skipIf(LACK !== null)(
  needing("the numbers of this machine are the system's", LACK),
  () => {
    const { stdout, exitCode } = Bun.spawnSync(
      ["gcc", "-E", "-P", "-D_GNU_SOURCE", "-x", "c", "-"],
      {
        stdin: Buffer.from(`#include <sys/syscall.h>
        #include <fcntl.h>
        "getdents64" SYS_getdents64 ;
        "ioprioGet" SYS_ioprio_get ;
        "ioprioSet" SYS_ioprio_set ;
        "PIDFD_OPEN" SYS_pidfd_open ;
        "PIDFD_SEND_SIGNAL" SYS_pidfd_send_signal ;
        "getpriority" SYS_getpriority ;
        "schedGetscheduler" SYS_sched_getscheduler ;
        "bpf" SYS_bpf ;
        "userfaultfd" SYS_userfaultfd ;
        "O_DIRECTORY" O_DIRECTORY ;`),
      },
    );
    expect(exitCode).toBe(0);
    const values = [...stdout.toString().matchAll(/"(\w+)"\s+(\d+)\s*;/g)].map(
      ([, name, digits]) => [
        name,
        Number.parseInt(digits!, digits!.startsWith("0") ? 8 : 10),
      ],
    );
    expect(Object.fromEntries(values)).toEqual({
      ...MACHINE,
      PIDFD_OPEN,
      PIDFD_SEND_SIGNAL,
    });
  },
);
