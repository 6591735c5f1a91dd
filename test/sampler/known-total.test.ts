import { expect, test } from "bun:test";
import { zeroDelta } from "../../src/model/delta.ts";
import { knownTotal } from "../../src/sampler/known-total.ts";
import type { CounterReader } from "../../src/sampler/reader.ts";

const reader = (fields: Partial<CounterReader>) =>
  ({ denied: 0, hidesTasks: false, ...fields }) as CounterReader;
const total = { ...zeroDelta(), readBytes: 5 };

test("where all can be read, nothing moved is 0", () => {
  expect(knownTotal(total, reader({}))).toBe(total);
});

test("where some cannot, nothing moved is unknown, and what moved is a lower bound", () => {
  for (const fields of [{ denied: 1 }, { hidesTasks: true }])
    expect(
      knownTotal(total, reader({ name: "taskstats", ...fields })),
    ).toMatchObject({
      readBytes: 5,
      writeBytes: null,
      cancelledBytes: null,
      ioWaitNs: null,
    });
});

test("in /proc the waits of all can be read, unless it hides some", () => {
  const by = (hidesTasks: boolean) =>
    knownTotal(total, reader({ name: "procfs", denied: 9, hidesTasks }));
  expect(by(false)).toMatchObject({ writeBytes: null, ioWaitNs: 0 });
  expect(by(true)).toMatchObject({ writeBytes: null, ioWaitNs: null });
});
