import { expect, test } from "bun:test";
import { SysError } from "../../src/kernel/errors.ts";
import { TaskstatsMessages } from "../../src/kernel/taskstats-messages.ts";
import { TASKSTATS_FIELDS } from "../../src/model/counters.ts";
import { receiveAll } from "../../src/sampler/receive-all.ts";
import { scriptedTransport } from "../support/bytes/scripted-transport.ts";

const ENOBUFS = 105;
const EBADF = 9;

/** An error reply of the kernel to the request of that number: netlink's header, then errno and the header it is about. */
const refusal = (sequence: number): number[] => [
  ...[36, 0, 0, 0, 2, 0, 0, 0, sequence, 0, 0, 0, 0, 0, 0, 0],
  ...[0xfd, 0xff, 0xff, 0xff],
  ...[16, 0, 0, 0, 31, 0, 1, 0, sequence, 0, 0, 0, 0, 0, 0, 0],
];

function play(errnos: readonly number[]) {
  const failing = [...errnos];
  const transport = scriptedTransport({
    capacity: 2,
    answer: (request) => request.map(refusal),
    beforeReceive() {
      const errno = failing.shift() ?? 0;
      if (errno !== 0) throw new SysError("recvmmsg(netlink)", errno);
    },
  });
  const messages = new TaskstatsMessages(transport.batch, TASKSTATS_FIELDS);
  const seen: (number | "arrived")[] = [];
  transport.send(new Uint8Array([1, 2, 3]), 3);
  const overflows = receiveAll(
    transport,
    messages,
    () => seen.push("arrived"),
    () => seen.push(messages.sequence),
  );
  return { seen, overflows };
}

test("every message is visited, and each lot is announced first", () => {
  expect(play([])).toEqual({
    seen: ["arrived", 1, 2, "arrived", 3],
    overflows: 0,
  });
});

test("what was dropped is counted, and what came is visited", () => {
  const { seen, overflows } = play([ENOBUFS, 0, ENOBUFS]);
  expect(seen).toEqual(["arrived", 1, 2, "arrived", 3]);
  expect(overflows).toBe(2);
});

test("another error is the caller's", () => {
  expect(() => play([0, EBADF])).toThrow("recvmmsg(netlink)");
});
