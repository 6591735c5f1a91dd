import { describe, expect, test } from "bun:test";
import type { Key } from "../../../../outputs/screen/input/key-parser.ts";
import {
  MAX_TEXT,
  editLine,
  lineOf,
  pasteInto,
  type EditedLine,
} from "../../../../outputs/screen/input/line-editor.ts";

/** "|" is the cursor. */
function line(marked: string): EditedLine {
  return { text: marked.replace("|", ""), cursor: marked.indexOf("|") };
}
function marked({ text, cursor }: EditedLine): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}
const named = (name: string): Key => ({ type: "named", name: name as "up" });
const typed = (character: string): Key => ({ type: "character", character });

describe("a key edits a line", () => {
  test.each([
    ["left", "fio w|al", "fio |wal"],
    ["ctrl-b", "|fio", "|fio"],
    ["right", "fi|o", "fio|"],
    ["ctrl-f", "fio|", "fio|"],
    ["home", "fi|o", "|fio"],
    ["ctrl-a", "fi|o", "|fio"],
    ["end", "f|io", "fio|"],
    ["ctrl-e", "f|io", "fio|"],
    ["backspace", "fi|o", "f|o"],
    ["backspace", "|fio", "|fio"],
    ["delete", "f|io", "f|o"],
    ["ctrl-d", "fio|", "fio|"],
    ["ctrl-u", "one two| three", "| three"],
    ["ctrl-k", "one| two", "one|"],
    ["ctrl-w", "one --two=3| four", "one | four"],
    ["ctrl-w", "one   |", "|"],
    ["alt-backspace", "one --two=3|x", "one --two=|x"],
    ["alt-b", "one --two=3|", "one --two=|3"],
    ["alt-b", "one --|two", "|one --two"],
    ["alt-f", "one| --two=3", "one --two|=3"],
    ["alt-f", "one|", "one|"],
    ["alt-d", "one| --two=3", "one|=3"],
    ["alt-d", "one|--", "one|"],
    // Wide characters, letters with accents and emoji of several code points are one step each.
    ["left", "日本|", "日|本"],
    ["backspace", "cafe\u0301|!", "caf|!"],
    ["delete", "|👩‍👩‍👧x", "|x"],
    ["right", "|🇩🇪x", "🇩🇪|x"],
    ["alt-b", "über Straße|", "über |Straße"],
    ["ctrl-w", "日本 漢字|", "日本 |"],
  ])("%s: %s", (name, before, after) => {
    expect(marked(editLine(line(before), named(name))!)).toBe(after);
  });

  test("a character goes before the cursor, and an accent joins its letter", () => {
    expect(marked(editLine(line("a|c"), typed("b"))!)).toBe("ab|c");
    expect(marked(editLine(line("a|"), typed("語"))!)).toBe("a語|");
    expect(marked(editLine(line("e|x"), typed("\u0301"))!)).toBe("e\u0301|x");
    // The cursor never stands within what is drawn as one.
    expect(marked(editLine(line("|\u0301x"), typed("e"))!)).toBe("e\u0301|x");
  });

  test.each(["up", "enter", "escape", "tab", "f5", "ctrl-t", "other"])(
    "%s is no edit",
    (name) => {
      expect(editLine(line("a|b"), named(name))).toBeNull();
    },
  );

  test("a click is no edit", () => {
    expect(editLine(line("a|"), { type: "click", x: 1, y: 1 })).toBeNull();
  });

  test("a line has an end, and is never cut within a character", () => {
    const full = lineOf("x".repeat(MAX_TEXT));
    expect(editLine(full, typed("y"))).toEqual(full);
    const nearly = pasteInto(lineOf("x".repeat(MAX_TEXT - 1)), "👩‍👩‍👧");
    expect(nearly.text).toBe("x".repeat(MAX_TEXT - 1));
    expect(nearly.cursor).toBe(MAX_TEXT - 1);
    // Before the cursor there is room no more: what was after it goes.
    expect(pasteInto(line("|tail"), "y".repeat(5000)).text).toHaveLength(
      MAX_TEXT,
    );
  });
});

describe("pasted text", () => {
  test("is its first line, whatever that holds", () => {
    expect(marked(pasteInto(line("a|z"), "\r\n \tone\ttwo\r\nq\n"))).toBe(
      "aone two|z",
    );
    expect(pasteInto(lineOf("a"), " \n\n")).toEqual(lineOf("a"));
    expect(pasteInto(lineOf(""), "q\x1b[31m\x03\x00K\u202e").text).toBe(
      "q [31m K",
    );
  });
});
