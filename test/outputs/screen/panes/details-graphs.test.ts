import { expect, test } from "bun:test";
import { graphLines } from "../../../../outputs/screen/panes/details-graphs.ts";
import { NO_HISTORY } from "../../../../outputs/screen/graphs/history.ts";
import { row, type RowFields } from "../../../support/samples.ts";

const linesOf = (fields: Partial<RowFields>, columns = 120) =>
  graphLines(
    {
      row: row({ tid: 7, ...fields }),
      ...{ asProcess: true, history: NO_HISTORY, glyphs: "blocks" },
      intervalMs: 1000,
    },
    columns,
    { kilobytes: false, si: false },
  )
    .flat()
    .map((spans) => spans.map(({ text }) => text).join(""));

test("a minute of bytes and of waits", () => {
  const lines = linesOf({});
  expect(lines.map((line) => line.slice(0, 4))).toEqual(["R+W ", "IO  "]);
  for (const line of lines) expect(line).toContain("60 s");
});

test("what nobody measured is not drawn", () => {
  const nothing = { readBytes: null, writeBytes: null, ioWaitNs: null };
  expect(linesOf(nothing)).toEqual([]);
  expect(linesOf({ ioWaitNs: null })).toHaveLength(1);
  expect(linesOf({ readBytes: null })).toHaveLength(2);
});

test("a narrow window has none", () => {
  expect(linesOf({}, 51)).toEqual([]);
  expect(linesOf({}, 60)[0]).toContain("14 s");
});
