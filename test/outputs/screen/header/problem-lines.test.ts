import { expect, test } from "bun:test";
import { problemLines } from "../../../../outputs/screen/header/problem-lines.ts";
import { makeSample } from "../../../support/samples.ts";

const sample = makeSample({ origin: { delayAccounting: false } });
const textAt = (columns: number, isRecorded: boolean) =>
  problemLines({ sample, isRecorded }, columns).map(({ text }) => text);

test.each([
  [200, "turn it on with sysctl kernel.task_delayacct=1"],
  [80, "sysctl kernel.task_delayacct=1"],
  [40, "kernel.task_delayacct is 0"],
])("what can be switched on is told in %i columns", (columns, part) => {
  const texts = textAt(columns, false);
  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain(part);
  expect(texts[0]!.length).toBeLessThanOrEqual(columns);
});

test.each([200, 80, 40])(
  "of a recording nobody is told to switch anything, in %i columns",
  (columns) => {
    const texts = textAt(columns, true);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain("unknown");
    expect(texts[0]).not.toContain("sysctl");
    expect(texts[0]).not.toContain("task_delayacct");
    expect(texts[0]!.length).toBeLessThanOrEqual(columns);
  },
);

test.each([200, 80, 40, 20])(
  "where the switch cannot be seen nobody is told to turn it, in %i columns",
  (columns) => {
    const hidden = makeSample({
      origin: { delayAccounting: null },
      health: { denied: null },
    });
    const messages = problemLines(
      { sample: hidden, isRecorded: false },
      columns,
    );
    expect(messages).toHaveLength(2);
    const [denied, waits] = messages.map(({ text }) => text);
    expect(denied).toMatch(/^(some tasks could|tasks hidden .*\?$)/);
    expect(waits).toContain("unknown");
    expect(waits).not.toContain("sysctl");
    expect(waits!.length).toBeLessThanOrEqual(columns);
  },
);

test("what went wrong comes before how the machine is set up: low windows show one note", () => {
  const ill = makeSample({
    origin: { delayAccounting: false },
    health: { lostExits: 2, vanished: 1 },
  });
  const messages = problemLines({ sample: ill, isRecorded: false }, 80);
  expect(messages.map(({ style }) => style)).toEqual([
    "warning",
    "warning",
    "plain",
  ]);
  expect(messages[0]!.text).toContain("dropped");
});
