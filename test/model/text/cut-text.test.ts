import { expect, test } from "bun:test";
import { cutText, utf8Bytes } from "../../../src/model/text/cut-text.ts";

test("texts are cut at a character, and only if they are too long", () => {
  expect(cutText("dd if=a", 7)).toBe("dd if=a");
  expect(cutText("dd if=a", 6)).toBe("dd if=…");
  expect(cutText("ééé", 6)).toBe("ééé");
  expect(cutText("ééé", 5)).toBe("éé…");
  expect(cutText("a😀b", 4)).toBe("a…");
  expect(cutText("a😀b", 5)).toBe("a😀…");
  expect(cutText("", 1)).toBe("");
  expect(cutText("whole", Infinity)).toBe("whole");
  expect(utf8Bytes("é😀")).toBe(6);
});

test("what was cut stays as it is when it is cut again", () => {
  const cut = cutText("é".repeat(5000), 4096);
  expect(cutText(cut, 4096)).toBe(cut);
});
