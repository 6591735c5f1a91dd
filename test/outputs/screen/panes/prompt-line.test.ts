import { expect, test } from "bun:test";
import { Canvas } from "../../../../outputs/screen/cells/frame.ts";
import { lineOf } from "../../../../outputs/screen/input/line-editor.ts";
import type { PromptLine } from "../../../../outputs/screen/input/prompts/prompt-kind.ts";
import {
  drawPromptLine,
  partInSight,
} from "../../../../outputs/screen/panes/prompt-line.ts";

function draw(
  columns: number,
  line: PromptLine,
  unicode = true,
): readonly [text: string, cursor: number | null] {
  const canvas = new Canvas(columns, 1, unicode);
  const cursor = drawPromptLine(canvas, 0, line);
  return [canvas.lines[0]!.glyphs.join(""), cursor];
}

const find = (text: string, cursor = text.length): PromptLine => ({
  left: [{ text: "/ " }, { line: { text, cursor }, isActive: true }],
  right: [{ text: "2 of 191" }, { text: "⏎ keep" }, { text: "esc drop" }],
});

test("the text is at the left, what the keys do at the right", () => {
  expect(draw(60, find("fio.*wal"))).toEqual([
    " / fio.*wal                      2 of 191  ⏎ keep  esc drop ",
    11,
  ]);
  expect(draw(62, find("fio"), false)[0]).toBe(
    ` / fio${" ".repeat(25)}2 of 191  enter keep  esc drop `,
  );
});

test("hints give way to the text, the last ones first", () => {
  expect(draw(36, find("fio"))[0]).toBe(" / fio             2 of 191  ⏎ keep ");
  expect(draw(20, find("fio"))[0]).toBe(" / fio".padEnd(20));
});

test("a text longer than its room scrolls with the cursor", () => {
  const long = "abcdefghijklmnopqrstuvwxyz";
  const [text, cursor] = draw(20, find(long));
  expect(text).toBe(" / klmnopqrstuvwxyz ");
  expect(cursor).toBe(19);
  expect(draw(20, find(long, 2))[0]).toBe(" / abcdefghijklmnopq");
  expect(partInSight(lineOf("日本語漢字"), 5)).toEqual({
    text: "漢字",
    offset: 4,
  });
});

test("a prompt of one key has no cursor, and fields beside the edited one show their text", () => {
  expect(draw(30, { left: [{ text: "y sends" }], right: [] })).toEqual([
    " y sends".padEnd(30),
    null,
  ]);
  const [text, cursor] = draw(40, {
    left: [
      { text: "user: " },
      { line: lineOf("man"), isActive: true },
      { text: "  pid: " },
      { line: lineOf("12"), isActive: false },
    ],
    right: [],
  });
  expect(text).toStartWith(" user: man  pid: 12");
  expect(cursor).toBe(10);
});
