import { expect, setDefaultTimeout, test } from "bun:test";
import { needles } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

const UP = "\x1b[A";
const DOWN = "\x1b[B";
const RIGHT = "\x1b[C";
const END = "\x1b[F";
const HOME = "\x1b[H";

/** Names of the rows, from the first line of the list on. */
const namesOf = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => /(?:hay|needle)-\d+(?= --serve)/.exec(line) ?? []);

/** The row under the bar; without colours it is inverse. */
function selected(screen: ScreenHarness): string | undefined {
  const { active } = screen.xterm.buffer;
  for (let y = 0; y < screen.xterm.rows; y++) {
    const line = active.getLine(y)!;
    const name = namesOf([line.translateToString()])[0];
    if (name !== undefined && line.getCell(3)!.isInverse() !== 0) return name;
  }
  return undefined;
}

test("13: the window stays at the top, and the selected row is pinned to its last line", async () => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  await screen.show(needles());
  await screen.type(DOWN);
  const before = namesOf(screen.lines());
  const name = before[0]!;
  expect(selected(screen)).toBe(name);
  // To the commands, among which it is not one of the first.
  await screen.type(RIGHT);
  await screen.until(/COMMAND△/);
  await screen.until(/hay-0 --serve/);
  const after = namesOf(screen.lines());
  expect(after[0]).toBe("hay-0");
  expect(after.at(-1)).toBe(name);
  expect(selected(screen)).toBe(name);
  // The terminal's own cursor is there too.
  const { cursorX, cursorY } = screen.xterm.buffer.active;
  expect(cursorX).toBe(0);
  expect(screen.lines()[cursorY]).toContain(name);
  // From there it goes on where its row is, and the window with it.
  await screen.type(UP);
  const above = selected(screen)!;
  expect(namesOf(screen.lines())).not.toContain("hay-0");
  await screen.type(DOWN);
  expect(namesOf(screen.lines()).slice(-2)).toEqual([above, name]);
});

test("14: End and Home select the last and the first row", async () => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  await screen.show(needles());
  const first = namesOf(screen.lines());
  await screen.type(END);
  const last = namesOf(screen.lines());
  expect(selected(screen)).toBe(last.at(-1));
  expect(last).toHaveLength(first.length);
  expect(last).not.toContain(first[0]);
  await screen.type(DOWN);
  expect(namesOf(screen.lines())).toEqual(last);
  await screen.type(HOME);
  expect(namesOf(screen.lines())).toEqual(first);
  expect(selected(screen)).toBe(first[0]);
});
