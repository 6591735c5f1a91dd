import { expect, test } from "bun:test";
import { DatagramBatch } from "../../src/kernel/datagrams.ts";
import { TaskstatsMessages } from "../../src/kernel/taskstats-messages.ts";
import { TASKSTATS_FIELDS } from "../../src/model/counters.ts";
import { FakeKernel } from "../support/fake-kernel.ts";
import { FakeLinux } from "../support/fake-linux.ts";
import {
  TASKSTATS_CMD_ATTR_REGISTER_CPUMASK,
  TASKSTATS_CMD_GET,
  TaskstatsRequests,
} from "../../src/kernel/taskstats.ts";
import { resolveFamily, sendTextCommand } from "../../src/kernel/genetlink.ts";

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
