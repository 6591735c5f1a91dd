import { expect, test } from "bun:test";
import { findingOf } from "../../../../outputs/html/page/findings.ts";
import { groupOf, recordingOf } from "../../../support/page.ts";

const ALL = { from: 0, to: 4 };
const recording = recordingOf(
  groupOf({ name: "rsync", read: [5, 5, 5, 5], write: [1, 0, 0, 0] }),
  groupOf({ name: "fio", write: [0, 30, 60, 0] }),
  groupOf({ name: "", write: [400, 0, 0, 9] }),
);

test("it is the group with a name that moved the most, and when", () => {
  expect(findingOf(recording, ALL, "write")).toEqual({
    direction: "write",
    totalBytes: 500,
    culprit: {
      id: 1,
      bytes: 90,
      share: 90 / 500,
      peak: { at: 2, bytesPerS: 60 },
    },
  });
  expect(findingOf(recording, ALL, "read").culprit).toMatchObject({
    id: 0,
    share: 1,
  });
});

test("it is another one in another piece of time", () => {
  expect(
    findingOf(recording, { from: 0, to: 1 }, "write").culprit,
  ).toMatchObject({ id: 0, bytes: 1 });
});

test("nobody is accused of nothing, nor of what the rest did", () => {
  expect(findingOf(recording, { from: 3, to: 4 }, "write")).toEqual({
    ...{ direction: "write", culprit: null, totalBytes: 9 },
  });
  const idle = recordingOf(groupOf({}), groupOf({}));
  expect(findingOf(idle, ALL, "read")).toMatchObject({
    ...{ culprit: null, totalBytes: 0 },
  });
});

test("what is unknown is not nothing", () => {
  const unknown = groupOf({ write: [null, null, null, null] });
  expect(
    findingOf(recordingOf(unknown, unknown), ALL, "write").totalBytes,
  ).toBeNull();
});
