/** The socket against the kernel's own generic netlink controller, which everybody may ask. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { SysError } from "../../src/kernel/errors.ts";
import { resolveFamily } from "../../src/kernel/genetlink.ts";
import { openGenericNetlink } from "../../src/kernel/socket.ts";
import { failureOf } from "../support/failure.ts";
import { forge } from "../support/machine/forger.ts";
import {
  attribute,
  genl,
  message,
  text,
  u16,
} from "../support/bytes/netlink-bytes.ts";
import { needing } from "../support/needs.ts";

/** The controller's id and name, the same on every kernel. */
const CONTROLLER = "nlctrl";
const CONTROLLER_ID = 16;

const open = (options: { slotBytes?: number; batch?: number } = {}) =>
  openGenericNetlink({
    batch: 4,
    slotBytes: 2048,
    receiveBufferBytes: 1 << 20,
    ...options,
  });

describe("a generic netlink socket", () => {
  test("asks and is answered", () => {
    using socket = open();
    expect(resolveFamily(socket, CONTROLLER)).toBe(CONTROLLER_ID);
    expect(resolveFamily(socket, CONTROLLER)).toBe(CONTROLLER_ID);
  });

  test("has an address of its own", () => {
    using first = open();
    using second = open();
    expect(first.portId).toBeGreaterThan(0);
    expect(second.portId).not.toBe(first.portId);
  });

  test("passes on what the kernel says of a family that is not there", () => {
    using socket = open();
    expect(failureOf(() => resolveFamily(socket, "NO_SUCH_ONE"))).toMatchObject(
      { name: "NetlinkError", code: "ENOENT" },
    );
  });

  test("does not wait where nothing is to be received", () => {
    using socket = open();
    for (let i = 0; i < 100; i++) expect(socket.receive()).toBe(0);
  });

  test("cuts what is longer than a slot, and says how much is there", () => {
    using socket = open({ slotBytes: 32 });
    // The id is behind the name, so behind the cut.
    expect(failureOf(() => resolveFamily(socket, CONTROLLER))).toMatchObject({
      code: "EPROTO",
    });
    expect(socket.batch.lengths[0]).toBe(32);
  });

  test("survives collections of garbage between asking and receiving", () => {
    using socket = open();
    for (let i = 0; i < 10; i++) {
      Bun.gc(true);
      expect(resolveFamily(socket, CONTROLLER)).toBe(CONTROLLER_ID);
    }
  });

  test("is closed once", () => {
    const sockets = () => readdirSync("/proc/self/fd").length;
    const before = sockets();
    const socket = open();
    expect(sockets()).toBe(before + 1);
    socket[Symbol.dispose]();
    socket[Symbol.dispose]();
    expect(sockets()).toBe(before);
    const error = failureOf(() => socket.receive());
    expect(error).toBeInstanceOf(SysError);
    expect(error).toMatchObject({ code: "EBADF" });
    expect(
      failureOf(() => socket.send(new Uint8Array(new ArrayBuffer(16)), 16)),
    ).toMatchObject({ code: "EBADF" });
  });

  // Only with CAP_NET_ADMIN may a process write to another one's socket.
  const LACK = ((): string | null => {
    using socket = open();
    const may = forge(socket.portId, message(CONTROLLER_ID, 0, genl(0)));
    return may ? null : "CAP_NET_ADMIN";
  })();

  test.skipIf(LACK !== null)(
    needing("takes no word of another process", LACK),
    () => {
      using socket = open();
      // As the controller would answer the first request, but for the id.
      const answer = message(CONTROLLER_ID, 1, [
        ...genl(1, 2),
        ...attribute(2, text(CONTROLLER)),
        ...attribute(1, u16(4711)),
      ]);
      for (let i = 0; i < 4; i++)
        expect(forge(socket.portId, answer)).toBe(true);
      expect(resolveFamily(socket, CONTROLLER)).toBe(CONTROLLER_ID);
      expect(forge(socket.portId, answer)).toBe(true);
      expect(socket.receive()).toBe(1);
      expect(socket.batch.lengths[0]).toBe(0);
    },
  );
});
