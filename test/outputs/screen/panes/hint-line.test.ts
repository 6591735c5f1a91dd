import { describe, expect, test } from "bun:test";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import {
  drawHintLine,
  fittingHints,
  hintsOf,
} from "../../../../outputs/screen/panes/hint-line.ts";
import {
  initialState,
  withMode,
  type ScreenState,
} from "../../../../outputs/screen/state.ts";

const START = initialState(DEFAULT_VIEW, "blocks");
const draw = (columns: number, state: ScreenState, unicode = true): string =>
  drawHintLine(columns, unicode, state).glyphs.join("").trimEnd();

describe("the hint line", () => {
  test("says what keys will do now", () => {
    expect(draw(130, START)).toBe(
      " h help  / find  f filter  o active  p procs  a sums  g graph  y group  F files  s freeze  i ionice  K signal  ⏎ details  q quit",
    );
    const only = { ...START, view: { ...START.view, only: true } };
    expect(draw(130, only)).toContain("  o all  ");
    expect(draw(130, withMode(START, "processes"))).toContain("  p threads  ");
    expect(draw(130, withMode(START, "threads"))).toContain("  p tree  ");
  });

  test("says as much as fits, the most useful first", () => {
    expect(draw(120, START)).toEndWith("  ⏎ details  q quit");
    expect(draw(80, { ...START, view: { ...START.view, only: true } })).toBe(
      " h help  / find  f filter  o all  p procs  a sums  s freeze  i ionice  ⏎ more  q",
    );
    expect(draw(40, START)).toBe(" h help  / find  o active  ⏎ more  q");
    expect(draw(12, START)).toBe(" h help");
  });

  test("never is longer than the window, and what is there stays in it as the window grows", () => {
    let before: readonly string[] = [];
    for (let columns = 10; columns < 130; columns++) {
      const keys = fittingHints(hintsOf(START), columns).map(({ key }) => key);
      expect(keys).toEqual(expect.arrayContaining([...before]));
      expect(draw(columns, START).length).toBeLessThanOrEqual(columns);
      before = keys;
    }
  });

  test("is about what is open", () => {
    expect(draw(80, { ...START, help: true })).toBe(
      " h close  ↑↓ scroll  q quit",
    );
    const details = { ...START, details: { key: "1", top: 0 } };
    expect(draw(80, details)).toBe(
      " ⏎ close  tab scroll  j k other task  F files  i ionice  K signal  s freeze  q",
    );
    expect(draw(80, { ...START, busyFilesTop: 0 })).toBe(
      " h help  F close  tab scroll  / find  o active  p procs  a sums  ⏎ more  q",
    );
  });

  test("is ASCII where the terminal shows no more", () => {
    expect(draw(140, START, false)).toContain("  enter details  ");
    expect(draw(80, { ...START, help: true }, false)).toContain(
      "up/down scroll",
    );
  });
});
