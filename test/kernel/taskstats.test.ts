import { describe, expect, test } from "bun:test";
import { TaskstatsDecoder } from "../../src/kernel/taskstats-messages.ts";
import {
  TaskstatsRecord,
  commOf,
  copyRecord,
} from "../../src/kernel/taskstats.ts";
import { slotOf } from "../support/bytes/netlink-bytes.ts";
import { packTaskstats } from "../support/bytes/taskstats-bytes.ts";

describe("names", () => {
  const nameOf = (comm: string) => {
    const record = new TaskstatsRecord(0);
    const { words, start } = slotOf(
      packTaskstats({
        version: 16,
        lengthBytes: 560,
        fields: { ac_comm: comm },
      }),
    );
    new TaskstatsDecoder([]).decode(words, start, start + 560, record);
    return commOf(record);
  };

  test.each([
    ["dd", "dd"],
    ["", ""],
    ["fifteen bytes!!", "fifteen bytes!!"],
    ["sixteen bytes!!!", "sixteen bytes!!!"],
    ["\x1b[31m\n(x) R 1", "\x1b[31m\n(x) R 1"],
    ["日本語です", "日本語です"],
  ])("%j", (comm, expected) => {
    expect(nameOf(comm)).toBe(expected);
  });

  test("bytes that are no UTF-8 become U+FFFD", () => {
    const record = new TaskstatsRecord(0);
    record.comm0 = 0x00ff41c3;
    expect(commOf(record)).toBe("\ufffdA\ufffd");
  });
});

test("a copy of a record stays what it was", () => {
  const view = (from: TaskstatsRecord) => ({
    ...from,
    counters: [...from.counters],
  });
  const record = new TaskstatsRecord(9);
  record.tid = 5;
  record.counters[0] = 1024;
  record.comm0 = 0x6464;
  const copy = copyRecord(record);
  const before = view(copy);
  expect(before).toEqual(view(record));
  record.tid = 6;
  record.counters.fill(0);
  record.comm0 = 0;
  expect(view(copy)).toEqual(before);
});
