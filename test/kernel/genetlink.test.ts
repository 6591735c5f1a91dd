import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { NetlinkError, SysError } from "../../src/kernel/errors.ts";
import {
  genlHeader,
  resolveFamily,
  sendTextCommand,
} from "../../src/kernel/genetlink.ts";
import { failureOf } from "../support/failure.ts";
import {
  attribute,
  errorMessage,
  genl,
  hex,
  message,
  text,
  u16,
  u32,
  type Bytes,
} from "../support/bytes/netlink-bytes.ts";
import { scriptedTransport } from "../support/bytes/scripted-transport.ts";

setDefaultTimeout(120_000);

const FAMILY_ID = 1;
const FAMILY_NAME = 2;
const VERSION = 3;

test("a header is command, version and two bytes of nothing", () => {
  expect(genlHeader(3, 1)).toBe(0x0103);
  expect([...u32(genlHeader(1, 2))]).toEqual([...genl(1, 2)]);
});

describe("resolving a family", () => {
  const resolve = (...datagrams: readonly Bytes[]) =>
    resolveFamily(scriptedTransport({ answer: () => datagrams }), "TASKSTATS");
  const reply = (...attributes: readonly Bytes[]) =>
    message(16, 1, [...genl(1, 2), ...attributes.flat()]);

  test("asks the controller for the name", () => {
    const transport = scriptedTransport({
      answer: () => [reply(attribute(FAMILY_ID, u16(29)))],
    });
    expect(resolveFamily(transport, "TASKSTATS")).toBe(29);
    expect(transport.sent).toEqual([
      message(
        16,
        1,
        [...genl(3), ...attribute(FAMILY_NAME, text("TASKSTATS"))],
        1,
      ),
    ]);
  });

  test("reads the answer of a real kernel", () => {
    const answer = hex(`
      40 00 00 00  10 00 00 00  01 00 00 00  71 0f 00 00
      01 02 00 00
      0e 00 02 00  54 41 53 4b 53 54 41 54 53 00  00 00 ; name
      06 00 01 00  1d 00 00 00                          ; id 29
      08 00 03 00  01 00 00 00                          ; version
      08 00 04 00  00 00 00 00                          ; header size`);
    expect(resolve(answer)).toBe(0x1d);
  });

  test.each<[string, Bytes[]]>([
    [
      "whatever the order of the attributes",
      [reply(attribute(VERSION, u32(1)), attribute(FAMILY_ID, u16(29)))],
    ],
    [
      "behind attributes that it does not know",
      [reply(attribute(99, text("news")), attribute(FAMILY_ID, u16(29)))],
    ],
    [
      "behind the answer to something else",
      [
        message(16, 7, [...genl(1), ...attribute(FAMILY_ID, u16(5))]),
        reply(attribute(FAMILY_ID, u16(29))),
      ],
    ],
    [
      "with an acknowledgement in the same datagram",
      [[...reply(attribute(FAMILY_ID, u16(29))), ...errorMessage(1, 0)]],
    ],
  ])("finds the id %s", (_, datagrams) => {
    expect(resolve(...datagrams)).toBe(29);
  });

  test.each<[string, Bytes[]]>([
    ["nothing", []],
    ["an answer without an id", [reply(attribute(VERSION, u32(1)))]],
    ["an id of no length", [reply(attribute(FAMILY_ID, []), u32(29))]],
    ["an answer that ends in the header", [message(16, 1, [1])]],
    [
      "an answer to something else",
      [message(16, 7, [...genl(1), ...attribute(FAMILY_ID, u16(5))])],
    ],
  ])("fails on %s", (_, datagrams) => {
    const error = failureOf(() => resolve(...datagrams));
    expect(error).toBeInstanceOf(NetlinkError);
    expect(error).toMatchObject({ code: "EPROTO", errno: 0 });
    expect(String(error)).toContain("TASKSTATS");
  });

  test.each([
    [2, "ENOENT"],
    [1, "EPERM"],
    [71, "EPROTO"],
  ])("passes on errno %d of the kernel", (errno, code) => {
    const error = failureOf(() => resolve(errorMessage(1, errno)));
    expect(error).toBeInstanceOf(NetlinkError);
    expect(error).toMatchObject({ code, errno });
  });

  test("passes on a system call that fails", () => {
    const transport = scriptedTransport({
      answer: () => {
        throw new SysError("send(netlink)", 105);
      },
    });
    const error = failureOf(() => resolveFamily(transport, "TASKSTATS"));
    expect(error).toBeInstanceOf(SysError);
    expect(error).toMatchObject({ code: "ENOBUFS" });
  });

  test("any answer gives an id or one typed error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        try {
          expect(resolve([...bytes])).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(NetlinkError);
        }
      }),
    );
  });
});

describe("a command", () => {
  const send = (...datagrams: readonly Bytes[]) => {
    const transport = scriptedTransport({ answer: () => datagrams });
    sendTextCommand(transport, "listen", 29, 1, 3, "0-7");
    return transport;
  };

  test("asks for an acknowledgement, and is done with it", () => {
    expect(send(errorMessage(2, 0)).sent).toEqual([
      message(29, 2, [...genl(1), ...attribute(3, text("0-7"))], 1 | 4),
    ]);
  });

  test("hears the acknowledgement behind other messages", () => {
    send(message(29, 0, genl(2)), errorMessage(9, 22), errorMessage(2, 0));
  });

  test("hears the acknowledgement behind more messages than one call takes", () => {
    const exits = Array.from({ length: 100 }, () => message(29, 0, genl(2)));
    send(...exits, errorMessage(2, 0));
    expect(failureOf(() => send(...exits, errorMessage(2, 22)))).toMatchObject({
      code: "EINVAL",
    });
  });

  test.each([
    [1, "EPERM"],
    [22, "EINVAL"],
  ])("fails with errno %d of the kernel", (errno, code) => {
    const error = failureOf(() => send(errorMessage(2, errno)));
    expect(error).toBeInstanceOf(NetlinkError);
    expect(error).toMatchObject({ code, operation: "listen" });
  });

  test("fails without an acknowledgement, and does not wait for one", () => {
    for (const datagrams of [[], [errorMessage(1, 0)], [message(29, 2, [])]])
      expect(failureOf(() => send(...datagrams))).toMatchObject({
        name: "NetlinkError",
        code: "EPROTO",
      });
  });

  test("takes no cut message for an acknowledgement", () => {
    for (let cut = 16; cut < 20; cut++)
      expect(
        failureOf(() => send(errorMessage(2, 0).slice(0, cut))),
      ).toMatchObject({ name: "NetlinkError", code: "EPROTO" });
  });
});
