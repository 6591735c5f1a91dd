import { expect, test } from "bun:test";
import { csvLine } from "../../../src/model/text/csv-text.ts";

test("text, numbers, yes and no; unknown is nothing, an empty text is not", () => {
  expect(csvLine(["db", 0.5, 2 ** 53 - 1, true, false, null, ""])).toBe(
    'db,0.5,9007199254740991,true,false,,""\n',
  );
  expect(csvLine([])).toBe("\n");
});

test.each([
  ['say "x"', '"say ""x"""'],
  ["a,b", '"a,b"'],
  ["two\nlines", '"two\nlines"'],
  ["a;b", "a;b"],
  ["\\.", '"\\."'],
  ["tab\tbell\x07\r", "tab\ufffdbell\ufffd\ufffd"],
  ["\x1b[2J", "\ufffd[2J"],
  ["\u202etxt.exe", "\ufffdtxt.exe"],
  ["line\u2028paragraph\u2029", "line\ufffdparagraph\ufffd"],
  ["\ud800", "\ufffd"],
  ["日本語", "日本語"],
  ["=1+1", "=1+1"],
])("%j is %j", (text, encoded) => {
  expect(csvLine([text])).toBe(`${encoded}\n`);
});

test("another delimiter is what needs quotes then", () => {
  expect(csvLine(["a;b", "a,b"], { delimiter: ";" })).toBe('"a;b";a,b\n');
  // A tab in a name is none any more.
  expect(csvLine(["a\tb", "c"], { delimiter: "\t" })).toBe("a\ufffdb\tc\n");
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])(
  "for spreadsheets %j is no formula",
  (text) => {
    const [first] = csvLine([text], { excel: true }).replace(/^"/, "");
    expect(first).toBe("'");
    expect(csvLine([-1], { excel: true })).toBe("-1\n");
    expect(csvLine([`a${text}`], { excel: true })).not.toContain("'");
  },
);
