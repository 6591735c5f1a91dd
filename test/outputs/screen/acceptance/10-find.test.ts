import { expect, setDefaultTimeout, test } from "bun:test";
import { needles } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { text } from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(120_000);

const TITLE_ROW = 3;
const rowsOf = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => /(needle|hay)-\d+ --serve/.test(line));

test("/ finds one of 2,000 while it is typed, Enter keeps it, Esc drops it", async () => {
  await using screen = await ScreenHarness.open({
    columns: 80,
    rows: 24,
    view: { processes: true },
  });
  await screen.show(needles());
  const totals = screen.lines().slice(0, 2);
  const hint = (): string => screen.lines()[23]!;

  await screen.type("/needle");
  expect(hint()).toStartWith(" / needle");
  await screen.until(/ok  1 of 2,000  ⏎ keep  esc drop/);
  expect(rowsOf(screen.lines())).toHaveLength(1);

  await screen.type("(");
  await screen.until(/unclosed \(  2,000 of 2,000  esc drop/);
  expect(rowsOf(screen.lines()).length).toBeGreaterThan(10);
  // What is wrong cannot be kept.
  await screen.type("\r");
  expect(hint()).toContain("unclosed (");

  await screen.type("\x7f");
  await screen.until(/1 of 2,000/);
  await screen.type("\r");
  expect(hint()).not.toContain("keep");
  expect(rowsOf(screen.lines())).toHaveLength(1);
  expect(screen.lines()[TITLE_ROW - 1]).toContain("/needle");
  // Whatever is listed, the totals are those of the machine.
  expect(screen.lines().slice(0, 2)).toEqual(totals);

  await screen.show(needles());
  expect(rowsOf(screen.lines())).toHaveLength(1);

  await screen.type("/");
  expect(hint()).toStartWith(" / needle");
  await screen.type("\x1b");
  await screen.until(/--serve.*\n.*--serve/);
  expect(text(screen.lines())).not.toContain("/needle");
});

test.each([
  ["the id", "^4234$"],
  ["the name", "^needle-7$"],
  ["the command line", "le-7 --serve$"],
  ["the path of the program", "^/usr/bin/needle"],
])("/ looks at %s", async (_what, regex) => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  await screen.show(needles());
  await screen.type(`/${regex}`);
  await screen.until(/1 of 2,000/);
  expect(rowsOf(screen.lines())[0]).toContain("needle-7 --serve");
});

test("an expression that an engine with steps back would never finish is answered", async () => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  await screen.show(needles());
  await screen.type("/(([a-z-]+)+)+!");
  await screen.until(/0 of 2,000/);
});

test("what is found can be gone through while it is typed", async () => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  await screen.show(needles());
  await screen.type("/hay-13[0-9] ");
  await screen.until(/ 10 of 2,000/);
  await screen.type("\x1b[B\x1b[B");
  const { cursorY } = screen.xterm.buffer.active;
  // The cursor of the terminal stays in the text.
  expect(screen.lines()[cursorY]).toStartWith(" / hay-13");
  await screen.type("\r");
  const names = rowsOf(screen.lines());
  expect(screen.lines()[screen.xterm.buffer.active.cursorY]).toBe(names[1]!);
});
