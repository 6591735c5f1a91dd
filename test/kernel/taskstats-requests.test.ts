import { expect, test } from "bun:test";
import {
  TASKSTATS_CMD_ATTR_PID,
  TASKSTATS_CMD_ATTR_TGID,
  TaskstatsRequests,
} from "../../src/kernel/taskstats-requests.ts";
import {
  attribute,
  genl,
  message,
  u32,
  type Bytes,
} from "../support/bytes/netlink-bytes.ts";

const sent = (requests: TaskstatsRequests): Bytes => [
  ...requests.bytes.subarray(0, requests.length),
];
const request = (sequence: number, kind: number, id: number) =>
  message(29, sequence, [...genl(1), ...attribute(kind, u32(id))], 1);

test("requests lie one behind the other", () => {
  const requests = new TaskstatsRequests(29, 4);
  requests.add(TASKSTATS_CMD_ATTR_PID, 4242, 1);
  requests.add(TASKSTATS_CMD_ATTR_TGID, 1, 2);
  expect(requests.count).toBe(2);
  expect(sent(requests)).toEqual([...request(1, 1, 4242), ...request(2, 2, 1)]);
});

test("requests can be written anew, and sequence numbers may be as large as they get", () => {
  const requests = new TaskstatsRequests(29, 2);
  requests.add(TASKSTATS_CMD_ATTR_TGID, 9, 9);
  requests.clear();
  expect(sent(requests)).toEqual([]);
  requests.add(TASKSTATS_CMD_ATTR_PID, 4_194_303, 0xffff_ffff);
  expect(sent(requests)).toEqual(request(0xffff_ffff, 1, 4_194_303));
});
