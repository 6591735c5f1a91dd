import { expect, test } from "bun:test";
import { threadLines } from "../../../../outputs/screen/panes/details-threads.ts";
import { createFormat } from "../../../../src/model/text/format.ts";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import type { TaskDetails } from "../../../../src/model/tasks/task-details.ts";
import { row } from "../../../support/samples.ts";
import {
  makeDetails,
  makeThread,
} from "../../../support/screen/task-details.ts";
import { utcTime } from "../../../support/utc-time.ts";

const units = { kilobytes: false, si: false };
const format = createFormat({ ...units, localTime: utcTime });

const linesOf = (
  rows: readonly TaskDelta[],
  details: TaskDetails | null = null,
) =>
  threadLines(
    rows,
    {
      ...{ key: "7", details, before: null, moved: new Set<string>() },
      ...{ hasEnded: false, intervalMs: 1000, isRecorded: false, traced: null },
    },
    80,
    format,
    units,
  ).map((spans) => spans.map(({ text }) => text).join(""));

const tidsOf = (lines: readonly string[]) =>
  lines.slice(1).map((line) => Number(line.trim().split(" ")[0]));

const thread = (tid: number, readBytes: number, sinceBytes = readBytes) =>
  row({ ...{ tid, pid: 7 }, readBytes, since: { readBytes: sinceBytes } });

test("those that did something come first, in an order that stays", () => {
  const before = [thread(7, 0, 900), thread(8, 5, 500), thread(9, 6, 600)];
  expect(tidsOf(linesOf(before))).toEqual([9, 8, 7]);
  const after = [thread(7, 0, 900), thread(8, 9, 509), thread(9, 1, 601)];
  expect(tidsOf(linesOf(after))).toEqual([9, 8, 7]);
});

test("states and priorities are those of the last look, unknown without one", () => {
  const details = makeDetails({
    threadCount: 3,
    threads: [
      makeThread(7, { state: "D" }),
      makeThread(8, { comm: "evil\x1b[2J", ioPriority: null }),
    ],
  });
  const lines = linesOf([thread(7, 4096)], details);
  expect(lines[0]).toEndWith("THREAD (1 active of 3)");
  expect(lines[1]).toMatch(/^ +7 be\/4 .* D {2}task7$/);
  expect(lines[2]).toMatch(/^ +8 \? +S {2}evil\\e\[2J$/);
  expect(linesOf([thread(7, 4096)])[1]).toMatch(/ \? {2}task7$/);
});

test("of very many, those that matter are listed, and the others are counted", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => thread(100 + i, i));
  const lines = linesOf(rows);
  expect(lines).toHaveLength(258);
  expect(tidsOf(lines)[0]).toBe(1099);
  expect(lines.at(-1)).toBe("744 more threads");
});
