import { expect, test } from "bun:test";
import {
  answersQuestions,
  parseBackground,
  speaksUnicode,
} from "../../../src/host/screen/terminal-environment.ts";

test.each([
  ["15;0", "dark"],
  ["0;15", "light"],
  ["0;default;15", "light"],
  ["12;7", "light"],
  ["15;8", "dark"],
  ["default;default", null],
  ["0;99", null],
  ["15", null],
  [undefined, null],
] as const)("COLORFGBG=%s is %p", (colors, background) => {
  expect(parseBackground(colors)).toBe(background);
});

test("more than ASCII is drawn by the locale, never on the Linux console", () => {
  const table: readonly (readonly [Record<string, string>, boolean])[] = [
    [{}, false],
    [{ LANG: "en_US.UTF-8" }, true],
    [{ LANG: "C.utf8", TERM: "xterm" }, true],
    [{ LANG: "C.UTF-8", TERM: "linux" }, false],
    [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, false],
    [{ LANG: "C", LC_CTYPE: "de_DE.UTF-8" }, true],
    [{ LANG: "de_DE.UTF-8", LC_ALL: "" }, true],
    [{ LANG: "de_DE@euro" }, false],
  ];
  for (const [environment, expected] of table)
    expect(speaksUnicode(environment)).toBe(expected);
});

test.each([
  ["xterm-256color", true],
  ["screen", true],
  ["linux", false],
  ["vt220", false],
  ["dumb", false],
])("%s may be asked: %p", (TERM, isSo) =>
  expect(answersQuestions({ TERM })).toBe(isSo),
);

test("a terminal without a name is not asked", () =>
  expect(answersQuestions({})).toBe(false));
