import { expect, test } from "bun:test";
import { restlessRows } from "../../../src/model/view/activity.ts";
import { row } from "../../support/samples.ts";

test("those that did something, ended or are stuck, in their order", () => {
  const rows = [
    row({ tid: 1 }),
    row({ tid: 2, logicalReadBytes: 1 }),
    row({ tid: 3, since: { readBytes: 4096 } }),
    row({ tid: 4, exit: { code: 0, signal: 0 } }),
    row({ tid: 5, blockedNs: 1e9 }),
    row({ tid: 6, blockedNs: null, ioWaitNs: 5 }),
  ];
  const restless = restlessRows(rows);
  expect(restless.map(({ task }) => task.tid)).toEqual([2, 4, 5, 6]);
  expect(restlessRows(rows)).toBe(restless);
});
