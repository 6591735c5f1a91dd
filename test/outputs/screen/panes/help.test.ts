import { describe, expect, test } from "bun:test";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import { KEY_COMMANDS } from "../../../../outputs/screen/input/key-commands.ts";
import { helpLines } from "../../../../outputs/screen/panes/help.ts";
import { initialState } from "../../../../outputs/screen/state.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { busySample } from "../../../support/screen/screen-samples.ts";

const START = initialState(DEFAULT_VIEW, "blocks");

/** All words, in their order, in each column. */
function wordsOf(cells: number): string {
  return helpLines(START, cells)
    .map((line) => line.map(({ text }) => text).join(""))
    .join(" ");
}

describe("the help", () => {
  test("is never wider than its window, at any width", () => {
    for (let cells = 20; cells <= 114; cells++)
      for (const line of helpLines(START, cells))
        expect(
          line.map(({ text }) => text).join("").length,
        ).toBeLessThanOrEqual(cells);
  });

  test("can be open in a window that is narrower than its border", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(busySample());
    await screen.type("h");
    for (const columns of [5, 4, 3, 2]) {
      await screen.resize(columns, 12);
      // What failed while it was drawn is thrown here.
      await screen.show(busySample());
    }
    const lines = await screen.resize(80, 24);
    expect(lines.join("\n")).toContain("The program");
  });

  test("loses no word, at any width", () => {
    const words = new Set(
      KEY_COMMANDS.flatMap(({ about }) => about.split(" ")),
    );
    for (let cells = 30; cells <= 114; cells++) {
      const shown = new Set(wordsOf(cells).split(/\s+/));
      expect([...words].filter((word) => !shown.has(word))).toEqual([]);
    }
  });

  test("fits into 120 by 40 with all its states, and can be scrolled at 80 by 24", async () => {
    await using wide = await ScreenHarness.open({ columns: 120, rows: 40 });
    await wide.show(busySample());
    const lines = await wide.type("h");
    expect(lines.join("\n")).toContain("┘");
    expect(lines.join("\n")).not.toContain(" below ");
    expect(lines.join("\n")).toContain("[grouped]");

    await using small = await ScreenHarness.open({ columns: 80, rows: 24 });
    await small.show(busySample());
    const seen = new Set(await small.type("h"));
    expect(small.lines().join("\n")).toMatch(/ \d+ below /);
    for (let page = 0; page < 5; page++)
      for (const line of await small.type("\x1b[6~")) seen.add(line);
    expect(small.lines().join("\n")).toMatch(/ \d+ above /);
    expect(small.lines().join("\n")).not.toContain(" below ");
    const text = [...seen].join("\n");
    for (const { now } of KEY_COMMANDS)
      if (now !== undefined)
        expect(text).toContain(`${now(START)}`.slice(0, 8));
    // End and Home are its ends too.
    expect((await small.type("\x1b[H")).join("\n")).not.toContain(" above ");
    expect((await small.type("\x1b[F")).join("\n")).not.toContain(" below ");
  });
});
