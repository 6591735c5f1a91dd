import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  AttributeCursor,
  MessageCursor,
  MessageWriter,
  NLMSG_ERROR,
  align4,
} from "../../src/kernel/netlink.ts";
import {
  attribute,
  errorMessage,
  hex,
  message,
  pad4,
  slotOf,
  strayReads,
  text,
  u16,
  u32,
  type Bytes,
} from "../support/bytes/netlink-bytes.ts";

setDefaultTimeout(120_000);

interface Walked {
  readonly type: number;
  readonly sequence: number;
  /** Relative to the datagram. */
  readonly start: number;
  readonly end: number;
}

/** More steps than any datagram of the tests can hold. */
const STEP_LIMIT = 1000;

function walkMessages(bytes: Bytes): Walked[] {
  const slot = slotOf(bytes);
  const cursor = new MessageCursor();
  const messages: Walked[] = [];
  cursor.reset(slot.words, slot.start, bytes.length);
  while (cursor.next()) {
    const { type, sequence, start, end } = cursor;
    messages.push({
      type,
      sequence,
      start: start - slot.start,
      end: end - slot.start,
    });
    expect(messages.length).toBeLessThan(STEP_LIMIT);
  }
  expect(strayReads(slot, bytes.length)).toEqual([]);
  return messages;
}

interface WalkedAttribute {
  readonly type: number;
  readonly value: Bytes;
}

function walkAttributes(bytes: Bytes): WalkedAttribute[] {
  const slot = slotOf(bytes);
  const cursor = new AttributeCursor();
  const attributes: WalkedAttribute[] = [];
  cursor.reset(slot.words, slot.start, slot.start + bytes.length);
  while (cursor.next()) {
    attributes.push({
      type: cursor.type,
      value: bytes.slice(cursor.start - slot.start, cursor.end - slot.start),
    });
    expect(attributes.length).toBeLessThan(STEP_LIMIT);
  }
  expect(strayReads(slot, bytes.length)).toEqual([]);
  return attributes;
}

test.each([
  [0, 0],
  [1, 4],
  [4, 4],
  [5, 8],
  [0xffff, 0x10000],
])("%d bytes take %d", (bytes, aligned) => {
  expect(align4(bytes)).toBe(aligned);
});

describe("messages", () => {
  const ONE = hex(`
    14 00 00 00 ; length 20
    1d 00 02 00 ; type 29, flags
    07 00 00 00 ; sequence
    2a 00 00 00 ; port
    01 02 03 04`);

  test("are found by the bytes of their header", () => {
    expect(walkMessages(ONE)).toEqual([
      { type: 29, sequence: 7, start: 16, end: 20 },
    ]);
  });

  test.each<[string, Bytes, Walked[]]>([
    ["an empty datagram", [], []],
    ["half a header", ONE.slice(0, 15), []],
    [
      "a header alone",
      message(3, 1, []),
      [{ type: 3, sequence: 1, start: 16, end: 16 }],
    ],
    [
      "one cut in its payload",
      ONE.slice(0, 18),
      [{ type: 29, sequence: 7, start: 16, end: 18 }],
    ],
    [
      "one of an odd length before another",
      [...pad4(message(5, 1, [9])), ...message(6, 2, [])],
      [
        { type: 5, sequence: 1, start: 16, end: 17 },
        { type: 6, sequence: 2, start: 36, end: 36 },
      ],
    ],
    [
      "a length of zero: the rest is no message",
      [...message(5, 1, []), ...u32(0), ...message(6, 2, [])],
      [{ type: 5, sequence: 1, start: 16, end: 16 }],
    ],
    ["a length shorter than the header", [...u32(15), ...ONE.slice(4)], []],
    ...[21, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_ffff].map(
      (length): [string, Bytes, Walked[]] => [
        `a length of ${length} where there are 20 bytes`,
        [...u32(length), ...ONE.slice(4)],
        [{ type: 29, sequence: 7, start: 16, end: 20 }],
      ],
    ),
  ])("%s", (_, bytes, expected) => {
    expect(walkMessages(bytes)).toEqual(expected);
  });

  test("any bytes: the walk ends and stays inside", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const { start, end } of walkMessages([...bytes])) {
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(bytes.length);
        }
      }),
    );
  });

  test("any list of messages comes back as it was", () => {
    const one = fc.record({
      type: fc.nat(0xffff),
      sequence: fc.nat(0xffff_ffff),
      payload: fc.array(fc.nat(255), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (messages) => {
        const bytes = messages.flatMap(({ type, sequence, payload }) =>
          pad4(message(type, sequence, payload)),
        );
        const walked = walkMessages(bytes);
        expect(
          walked.map(({ type, sequence, start, end }) => ({
            type,
            sequence,
            payload: bytes.slice(start, end),
          })),
        ).toEqual(messages);
      }),
    );
  });
});

describe("errors", () => {
  const errnoOf = (bytes: Bytes): number => {
    const slot = slotOf(bytes);
    const cursor = new MessageCursor();
    cursor.reset(slot.words, slot.start, bytes.length);
    expect(cursor.next()).toBe(true);
    expect(cursor.type).toBe(NLMSG_ERROR);
    const errno = cursor.errno();
    expect(strayReads(slot, bytes.length)).toEqual([]);
    return errno;
  };

  test.each([
    ["an acknowledgement", 0],
    ["EPERM", 1],
    ["ESRCH", 3],
    ["ENOBUFS", 105],
  ])("%s is %d", (_, errno) => {
    expect(errnoOf(errorMessage(9, errno))).toBe(errno);
  });

  test("the code of a real ESRCH", () => {
    const bytes = hex(`24 00 00 00  02 00 00 00  01 00 00 00  00 00 00 00
      fd ff ff ff  1c 00 00 00  1d 00 01 00  01 00 00 00  00 00 00 00`);
    expect(errnoOf(bytes)).toBe(3);
  });

  test.each([0, 1, 3])("cut after %d bytes it is no acknowledgement", (cut) => {
    expect(errnoOf(errorMessage(9, 0).slice(0, 16 + cut))).not.toBe(0);
  });
});

describe("attributes", () => {
  test.each<[string, Bytes, WalkedAttribute[]]>([
    ["none", [], []],
    [
      "one",
      hex("08 00 01 00  2a 00 00 00"),
      [{ type: 1, value: [42, 0, 0, 0] }],
    ],
    ["one without a value", hex("04 00 05 00"), [{ type: 5, value: [] }]],
    [
      "the flags of a type are not part of it",
      hex("04 00 05 c0"),
      [{ type: 5, value: [] }],
    ],
    [
      "padding is no value",
      [...attribute(2, [1, 2, 3, 4, 5]), ...attribute(3, [6])],
      [
        { type: 2, value: [1, 2, 3, 4, 5] },
        { type: 3, value: [6] },
      ],
    ],
    [
      "the last one needs no padding",
      attribute(2, [1]).slice(0, 5),
      [{ type: 2, value: [1] }],
    ],
    [
      "half a header behind one",
      [...attribute(2, [1]), 8, 0, 1],
      [{ type: 2, value: [1] }],
    ],
    ["a length of zero", hex("00 00 01 00  08 00 02 00  00 00 00 00"), []],
    ["a length below its header's", hex("03 00 01 00  08 00 02 00"), []],
    [
      "one that claims a byte too much",
      [...attribute(1, [7, 0, 0, 0]), ...u16(9), ...u16(2), 1, 2, 3, 4],
      [{ type: 1, value: [7, 0, 0, 0] }],
    ],
    [
      "one that claims all that a length can say",
      hex("ff ff 01 00 00 00 00 00"),
      [],
    ],
  ])("%s", (_, bytes, expected) => {
    expect(walkAttributes(bytes)).toEqual(expected);
  });

  test("any bytes: the walk ends and stays inside", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const total = walkAttributes([...bytes]).reduce(
          (sum, { value }) => sum + value.length + 4,
          0,
        );
        expect(total).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  test("any list of attributes comes back as it was, in any order", () => {
    const one = fc.record({
      type: fc.nat(0x3fff),
      value: fc.array(fc.nat(255), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 10 }), (attributes) => {
        const bytes = attributes.flatMap(({ type, value }) =>
          attribute(type, value),
        );
        expect(walkAttributes(bytes)).toEqual(attributes);
      }),
    );
  });
});

describe("the writer", () => {
  const written = (writer: MessageWriter): Bytes => [
    ...writer.bytes.subarray(0, writer.length),
  ];

  test("writes the request for a family, byte for byte", () => {
    const writer = new MessageWriter(128);
    writer.begin(16, 1, 1);
    writer.word(0x0103);
    writer.attributeText(2, "TASKSTATS");
    expect(written(writer)).toEqual(
      hex(`24 00 00 00  10 00 01 00  01 00 00 00  00 00 00 00
        03 01 00 00
        0e 00 02 00  54 41 53 4b 53 54 41 54 53 00  00 00`),
    );
  });

  test("writes messages behind each other, and anew after clear", () => {
    const writer = new MessageWriter(256);
    const build = (value: number) => {
      writer.begin(29, 1, value);
      writer.word(0x0101);
      writer.attributeText(1, `${value}`);
      writer.attributeText(3, "0-7");
    };
    const expected = (value: number) =>
      message(
        29,
        value,
        [
          ...[1, 1, 0, 0],
          ...attribute(1, text(`${value}`)),
          ...attribute(3, text("0-7")),
        ],
        1,
      );
    build(0xffff_fffe);
    build(5);
    expect(written(writer)).toEqual([...expected(0xffff_fffe), ...expected(5)]);
    writer.clear();
    build(7);
    expect(written(writer)).toEqual(expected(7));
  });

  test("pads with zeros whatever the memory held", () => {
    const writer = new MessageWriter(64);
    writer.bytes.fill(0xee);
    writer.begin(1, 0, 0);
    writer.attributeText(1, "é");
    expect(written(writer)).toEqual(message(1, 0, attribute(1, text("é"))));
  });
});
