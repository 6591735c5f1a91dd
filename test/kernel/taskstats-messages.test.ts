import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { DatagramBatch } from "../../src/kernel/datagrams.ts";
import { resolveFamily, sendTextCommand } from "../../src/kernel/genetlink.ts";
import { MessageCursor } from "../../src/kernel/netlink.ts";
import {
  TaskstatsCursor,
  TaskstatsDecoder,
  TaskstatsMessages,
} from "../../src/kernel/taskstats-messages.ts";
import { TaskstatsRecord, commOf } from "../../src/kernel/taskstats.ts";
import {
  TASKSTATS_CMD_ATTR_REGISTER_CPUMASK,
  TASKSTATS_CMD_GET,
  TaskstatsRequests,
} from "../../src/kernel/taskstats-requests.ts";
import { TASKSTATS_FIELDS } from "../../src/model/counters.ts";
import { FakeKernel } from "../support/fake-linux/fake-kernel.ts";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import {
  attribute,
  message,
  slotOf,
  strayReads,
  u32,
  type Bytes,
} from "../support/bytes/netlink-bytes.ts";
import {
  STRUCT_BYTES,
  aggregate,
  lyingAttribute,
  packTaskstats,
  taskstatsMessage,
} from "../support/bytes/taskstats-bytes.ts";

setDefaultTimeout(120_000);

const FIELDS = {
  ac_exitcode: 0x0100,
  /* ASU, AXSIG, AGROUP of linux/acct.h. */
  ac_flag: 0x02 | 0x10 | 0x20,
  cpu_count: 12,
  blkio_delay_total: 40_000_000_001,
  swapin_delay_total: 7,
  cpu_run_virtual_total: 123_456_789_012,
  ac_comm: "kworker/u8:2",
  ac_uid: 1000,
  ac_pid: 4242,
  ac_ppid: 2,
  ac_etime: 6_000_000,
  hiwater_vm: 5120,
  read_char: 2 ** 40 + 1,
  write_char: 2 ** 33,
  read_syscalls: 2048,
  write_syscalls: 1024,
  read_bytes: 2 ** 52 + 1024,
  write_bytes: 2 ** 32 + 4096,
  cancelled_write_bytes: 8192,
  ac_tgid: 4200,
  ac_tgetime: 7_000_000,
} as const;

const DECODED = {
  tid: 4242,
  tgid: 4200,
  ppid: 2,
  uid: 1000,
  exitCode: 0x0100,
  isLast: 1,
  elapsedUs: 6_000_000,
  processElapsedUs: 7_000_000,
  cpuCount: 12,
  cpuRunNs: 123_456_789_012,
  peakVirtualKiB: 5120,
  comm: "kworker/u8:2",
  counters: [
    2 ** 52 + 1024,
    2 ** 32 + 4096,
    8192,
    2 ** 40 + 1,
    2 ** 33,
    NaN,
    NaN,
    40_000_000_001,
    7,
  ],
};

function view(record: TaskstatsRecord) {
  const { counters, comm0, comm1, comm2, comm3, hadThreads, ...numbers } =
    record;
  return { ...numbers, comm: commOf(record), counters: [...counters] };
}

function decode(
  struct: Bytes,
  decoder = new TaskstatsDecoder(TASKSTATS_FIELDS),
) {
  const slot = slotOf(struct);
  const record = new TaskstatsRecord(TASKSTATS_FIELDS.length);
  decoder.decode(slot.words, slot.start, slot.start + struct.length, record);
  // The version is read as a word of which two bytes must be there.
  const readable = Math.max(struct.length, struct.length >= 2 ? 4 : 0);
  expect(strayReads(slot, readable)).toEqual([]);
  return view(record);
}

describe("decoding", () => {
  test.each(Object.entries(STRUCT_BYTES).map(([v, n]) => [Number(v), n]))(
    "version %d (%d bytes)",
    (version, lengthBytes) => {
      const struct = packTaskstats({ version, lengthBytes, fields: FIELDS });
      expect(decode(struct)).toEqual({
        ...DECODED,
        tgid: version < 12 ? NaN : 4200,
        isLast: version < 12 ? NaN : 1,
        processElapsedUs: version < 12 ? NaN : 7_000_000,
      });
    },
  );

  test("the exit of a task that is not its process's last", () => {
    const { isLast } = decode(
      packTaskstats({
        version: 16,
        lengthBytes: 560,
        fields: { ...FIELDS, ac_flag: 0xff & ~0x20 },
      }),
    );
    expect(isLast).toBe(0);
  });

  test("a version of the future that is longer", () => {
    const struct = packTaskstats({
      version: 23,
      lengthBytes: 1016,
      fields: FIELDS,
    });
    expect(decode(struct)).toEqual(DECODED);
  });

  test("the counters are those that were asked for, in that order", () => {
    const fields = ["write_char", null, "read_bytes"] as const;
    const struct = packTaskstats({
      version: 15,
      lengthBytes: 560,
      fields: FIELDS,
    });
    const slot = slotOf(struct);
    const record = new TaskstatsRecord(fields.length);
    new TaskstatsDecoder(fields).decode(
      slot.words,
      slot.start,
      slot.start + 560,
      record,
    );
    expect([...record.counters]).toEqual([2 ** 33, NaN, 2 ** 52 + 1024]);
  });

  test("a version before 4: nothing is known", () => {
    const struct = packTaskstats({
      version: 3,
      lengthBytes: 312,
      fields: FIELDS,
    });
    const { comm, counters, ...numbers } = decode(struct);
    expect(comm).toBe("");
    expect(new Set([...counters, ...Object.values(numbers)])).toEqual(
      new Set([NaN]),
    );
  });

  test.each([14, 15, 16])(
    "version %d cut anywhere: each field whole or unknown",
    (version) => {
      const lengthBytes = STRUCT_BYTES[version]!;
      const whole = packTaskstats({ version, lengthBytes, fields: FIELDS });
      for (let length = 0; length <= lengthBytes; length++) {
        const cut = decode(whole.slice(0, length));
        const { comm, counters, ...numbers } = cut;
        expect(["", DECODED.comm]).toContain(comm);
        counters.forEach((counter, i) => {
          if (!Number.isNaN(counter))
            expect(counter).toBe(DECODED.counters[i]!);
        });
        for (const [name, value] of Object.entries(numbers))
          if (!Number.isNaN(value))
            expect(value, name).toBe(DECODED[name as keyof typeof numbers]);
      }
    },
  );

  test("any bytes: nothing is read outside, every number is one or unknown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const { comm, counters, ...numbers } = decode([...bytes]);
        expect(comm.length).toBeLessThanOrEqual(16);
        for (const n of [...counters, ...Object.values(numbers)])
          expect(Number.isNaN(n) || n >= 0).toBe(true);
      }),
    );
  });

  test("one decoder for structs of changing versions and lengths", () => {
    const decoder = new TaskstatsDecoder(TASKSTATS_FIELDS);
    for (const version of [16, 15, 16, 4, 14]) {
      const lengthBytes = STRUCT_BYTES[version]!;
      const struct = packTaskstats({ version, lengthBytes, fields: FIELDS });
      expect(decode(struct, decoder).counters).toEqual(DECODED.counters);
      expect(decode(struct.slice(0, 200), decoder).counters[0]).toBe(NaN);
    }
  });

  test("nothing is left of the record before", () => {
    const decoder = new TaskstatsDecoder(TASKSTATS_FIELDS);
    const record = new TaskstatsRecord(TASKSTATS_FIELDS.length);
    const full = packTaskstats({
      version: 16,
      lengthBytes: 560,
      fields: FIELDS,
    });
    const slot = slotOf(full);
    decoder.decode(slot.words, slot.start, slot.start + 560, record);
    decoder.decode(slot.words, slot.start, slot.start, record);
    expect(view(record)).toEqual(
      view(new TaskstatsRecord(TASKSTATS_FIELDS.length)),
    );
  });
});

interface Found {
  readonly isProcess: boolean;
  readonly id: number;
  readonly bytes: Bytes;
}

function find(datagram: Bytes): Found[] {
  const slot = slotOf(datagram);
  const cursor = new MessageCursor();
  const structs = new TaskstatsCursor();
  const found: Found[] = [];
  cursor.reset(slot.words, slot.start, datagram.length);
  while (cursor.next()) {
    structs.reset(slot.words, cursor.start, cursor.end);
    while (structs.next())
      found.push({
        isProcess: structs.isProcess,
        id: structs.id,
        bytes: datagram.slice(
          structs.start - slot.start,
          structs.end - slot.start,
        ),
      });
  }
  expect(strayReads(slot, datagram.length)).toEqual([]);
  return found;
}

describe("finding the structs of a message", () => {
  const struct = packTaskstats({
    version: 16,
    lengthBytes: 560,
    fields: FIELDS,
  });
  const small: Bytes = [1, 2, 3, 4];

  test("a reply holds one, 36 bytes in", () => {
    const reply = taskstatsMessage(29, 7, aggregate(4242, struct));
    expect(find(reply)).toEqual([
      { isProcess: false, id: 4242, bytes: struct },
    ]);
    expect(reply.slice(36, 36 + 560)).toEqual([...struct]);
  });

  test("the exit of the last thread holds the task and the process", () => {
    const exit = taskstatsMessage(
      29,
      0,
      aggregate(4243, struct),
      aggregate(4200, small, true),
    );
    expect(find(exit)).toEqual([
      { isProcess: false, id: 4243, bytes: struct },
      { isProcess: true, id: 4200, bytes: small },
    ]);
  });

  test("unknown attributes are passed over, outside and inside", () => {
    const nested = attribute(4, [
      ...attribute(77, [1, 2, 3]),
      ...attribute(1, u32(5)),
      ...attribute(78, []),
      ...attribute(3, small),
      ...attribute(79, [9]),
    ]);
    expect(
      find(
        taskstatsMessage(29, 1, attribute(6, [0]), nested, attribute(99, [])),
      ),
    ).toEqual([{ isProcess: false, id: 5, bytes: small }]);
  });

  test.each<[string, Bytes]>([
    ["no attribute", []],
    ["an aggregate without anything", attribute(4, [])],
    ["an id alone", attribute(4, attribute(1, u32(5)))],
    ["a struct whose task is not named", attribute(4, attribute(3, small))],
    [
      "a struct in front of its id",
      attribute(4, [...attribute(3, small), ...attribute(1, u32(5))]),
    ],
    [
      "an id of two bytes",
      attribute(4, [...attribute(1, [5, 0]), ...attribute(3, small)]),
    ],
    [
      "a struct that claims more than its aggregate",
      attribute(4, [...attribute(1, u32(5)), ...lyingAttribute(100, 3, small)]),
    ],
    [
      "an aggregate that claims more than its message",
      lyingAttribute(0xfff0, 4, attribute(1, u32(5))),
    ],
    ["an aggregate of length zero", lyingAttribute(0, 4, [])],
  ])("%s is none", (_, attributes) => {
    expect(find(taskstatsMessage(29, 1, attributes))).toEqual([]);
  });

  test("a broken aggregate does not hide the one behind it", () => {
    expect(
      find(
        taskstatsMessage(
          29,
          1,
          attribute(4, attribute(1, u32(5))),
          aggregate(6, small),
        ),
      ),
    ).toEqual([{ isProcess: false, id: 6, bytes: small }]);
  });

  test("a message cut anywhere gives the whole struct or none", () => {
    const whole = taskstatsMessage(29, 7, aggregate(4242, struct));
    for (let length = 0; length < whole.length; length++)
      expect(find(whole.slice(0, length))).toEqual([]);
    expect(find(whole)).toHaveLength(1);
  });

  test("any bytes as a message: nothing is read outside", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), (bytes) => {
        for (const found of find(message(29, 1, [...bytes])))
          expect(found.bytes.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe("the messages of a datagram", () => {
  /** A fake kernel, one process of two threads, and a socket. */
  function open() {
    const linux = new FakeLinux();
    const main = linux.fork(0, 10);
    const other = linux.clone(main.process, 11);
    const kernel = new FakeKernel(linux);
    const socket = kernel.openSocket();
    const family = resolveFamily(socket, "TASKSTATS");
    return { linux, main, other, socket, family };
  }

  test("an answer tells of the task that was asked for, a refusal of none", () => {
    const { socket, family } = open();
    const requests = new TaskstatsRequests(family, 2);
    requests.add(1, 11, 7);
    requests.add(1, 99, 8);
    socket.send(requests.bytes, requests.length);
    expect(socket.receive()).toBe(2);
    const messages = new TaskstatsMessages(socket.batch, TASKSTATS_FIELDS);
    messages.open(0);
    expect(messages.next()).toBe(true);
    expect(messages).toMatchObject({ sequence: 7, errno: 0, hasTask: true });
    expect(messages).toMatchObject({ tid: 11, record: { tgid: 10 } });
    expect(messages.next()).toBe(false);
    messages.open(1);
    expect(messages.next()).toBe(true);
    expect(messages).toMatchObject({ sequence: 8, errno: 3, hasTask: false });
    expect(messages.next()).toBe(false);
  });

  test("of a whole process there is no task", () => {
    const { socket, family } = open();
    const requests = new TaskstatsRequests(family, 1);
    requests.add(2, 10, 1);
    socket.send(requests.bytes, requests.length);
    expect(socket.receive()).toBe(1);
    const messages = new TaskstatsMessages(socket.batch, TASKSTATS_FIELDS);
    messages.open(0);
    expect(messages.next()).toBe(true);
    expect(messages).toMatchObject({ errno: 0, hasTask: false });
  });

  test("the exit message of the last task tells whether there were others", () => {
    const { linux, main, other, socket, family } = open();
    sendTextCommand(
      socket,
      "listen",
      family,
      TASKSTATS_CMD_GET,
      TASKSTATS_CMD_ATTR_REGISTER_CPUMASK,
      "0-1",
    );
    for (const task of [other, main, linux.fork(0, 12)]) linux.exit(task);
    const messages = new TaskstatsMessages(socket.batch, TASKSTATS_FIELDS);
    const told: [number, number, boolean][] = [];
    for (let received; (received = socket.receive()) > 0;)
      for (let i = 0; i < received; i++) {
        messages.open(i);
        while (messages.next())
          told.push([
            messages.tid,
            messages.record.isLast,
            messages.record.hadThreads,
          ]);
      }
    expect(told).toEqual([
      [11, 0, false],
      [10, 1, true],
      [12, 1, false],
    ]);
  });

  test("bytes that are no message are none", () => {
    const messages = new TaskstatsMessages(
      new DatagramBatch(1, 64),
      TASKSTATS_FIELDS,
    );
    messages.open(0);
    expect(messages.next()).toBe(false);
  });
});
