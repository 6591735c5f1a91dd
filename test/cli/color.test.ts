import { expect, test } from "bun:test";
import { colorLevel, type Environment } from "../../src/cli/color.ts";

test.each([
  [{ TERM: "xterm-256color" }, true, 2],
  [{ TERM: "xterm" }, true, 1],
  [{ TERM: "linux" }, true, 1],
  [{ TERM: "xterm-kitty" }, true, 2],
  [{ TERM: "xterm", COLORTERM: "truecolor" }, true, 3],
  [{ TERM: "dumb" }, true, 0],
  [{}, true, 0],
  [{ TERM: "xterm-256color" }, false, 0],
  [{ TERM: "xterm-256color", NO_COLOR: "1" }, true, 0],
  [{ TERM: "xterm-256color", NO_COLOR: "" }, true, 2],
  [{ TERM: "xterm-256color", FORCE_COLOR: "0" }, true, 0],
  [{ TERM: "xterm-256color", FORCE_COLOR: "3" }, false, 3],
  [{ TERM: "xterm", FORCE_COLOR: "1" }, false, 1],
  [{ NO_COLOR: "1", FORCE_COLOR: "3" }, true, 0],
] as [Environment, boolean, 0 | 1 | 2 | 3][])(
  "%o on a terminal: %p",
  (env, isTerminal, level) => {
    expect(colorLevel(env, isTerminal)).toBe(level);
  },
);

test("--no-color goes before everything", () => {
  expect(
    colorLevel({ TERM: "xterm-256color", FORCE_COLOR: "3" }, true, false),
  ).toBe(0);
});
