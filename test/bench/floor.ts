/**
 * What the kernel itself costs through our kernel room: once a second every task is listed and asked, and nothing is
 * done with the answers. A program of its own, so that it is measured as the others are.
 */
import { NumberList } from "../../src/kernel/files.ts";
import { MessageCursor, NLMSG_ERROR } from "../../src/kernel/netlink.ts";
import { Procfs } from "../../src/kernel/procfs.ts";
import {
  TaskstatsCursor,
  TaskstatsDecoder,
} from "../../src/kernel/taskstats-messages.ts";
import { TaskstatsRecord } from "../../src/kernel/taskstats.ts";
import {
  TASKSTATS_CMD_ATTR_PID,
  TaskstatsRequests,
} from "../../src/kernel/taskstats-requests.ts";
import { COUNTER, TASKSTATS_FIELDS } from "../../src/model/counters.ts";
import { TaskstatsClient } from "../support/machine/taskstats-client.ts";

const REQUESTS_PER_SEND = 128;

const { transport, family } = new TaskstatsClient();
const { batch } = transport;
const procfs = new Procfs();
const requests = new TaskstatsRequests(family, REQUESTS_PER_SEND);
const message = new MessageCursor();
const structs = new TaskstatsCursor();
const decoder = new TaskstatsDecoder(TASKSTATS_FIELDS);
const record = new TaskstatsRecord(TASKSTATS_FIELDS.length);
const pids = new NumberList();
const tids = new NumberList();

/** Takes the answers of one batch; returns the bytes that the tasks have written. */
function exchange(): number {
  if (requests.count === 0) return 0;
  transport.send(requests.bytes, requests.length);
  requests.clear();
  let written = 0;
  for (;;) {
    const datagrams = transport.receive();
    if (datagrams === 0) return written;
    for (let i = 0; i < datagrams; i++) {
      message.reset(batch.words, i * batch.slotBytes, batch.lengths[i]!);
      while (message.next()) {
        if (message.type === NLMSG_ERROR) continue;
        structs.reset(batch.words, message.start, message.end);
        while (structs.next()) {
          decoder.decode(batch.words, structs.start, structs.end, record);
          written += record.counters[COUNTER.writeBytes]!;
        }
      }
    }
  }
}

function scan(): { tasks: number; written: number } {
  let tasks = 0;
  let written = 0;
  procfs.listProcesses(pids);
  for (let i = 0; i < pids.length; i++) {
    if (procfs.listThreads(pids.get(i), tids) !== "listed") continue;
    for (let j = 0; j < tids.length; j++) {
      requests.add(TASKSTATS_CMD_ATTR_PID, tids.get(j), ++tasks);
      if (requests.count === REQUESTS_PER_SEND) written += exchange();
    }
  }
  return { tasks, written: written + exchange() };
}

Bun.unsafe.setJITPolicy(1);
for (;;) {
  await Bun.write(Bun.stdout, `${JSON.stringify(scan())}\n`);
  await Bun.sleep(1000);
}
