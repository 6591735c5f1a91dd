import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  agoText,
  commandText,
} from "../../../../outputs/screen/table/command-text.ts";
import { row } from "../../../support/samples.ts";

setDefaultTimeout(60_000);

const alive = row({ tid: 1 });
const ended = row({ tid: 1, exit: { code: 0, signal: 0 } });
const killed = row({ tid: 1, exit: { code: null, signal: 9 } });
const WHOLE = "fio --name=archive --filename=/srv/archive/a.dat --rate=30m";
const shown = (
  width: number,
  whole = WHOLE,
  task = alive,
  ago: string | null = null,
): string => {
  const { name, rest } = commandText(task, whole, ago, width, "…");
  return name + rest;
};

test.each([
  [99, WHOLE],
  [40, "fio --name=archive --filename=/srv/arch…"],
  [48, "fio --name=archive --filename=/srv/ar…--rate=30m"],
  [10, "fio --nam…"],
  [4, "fio"],
  [3, "fio"],
])("in %d cells", (width, text) => {
  expect(shown(width)).toBe(text);
});

test("how a task ended is not cut before its arguments are", () => {
  expect(shown(24, WHOLE, ended)).toBe("fio --name=arch… (ended)");
  expect(shown(24, WHOLE, killed, "8 s")).toBe("fio (signal 9, 8 s ago)");
  expect(shown(12, "dd", ended, "8 s")).toBe("dd (ended 8…");
  expect(shown(20, "dd", ended, "8 s")).toBe("dd (ended 8 s ago)");
});

test("the name of a kernel thread is in brackets, with all its words", () => {
  const name = "[kworker/u8:1 events]";
  expect(commandText(alive, name, null, 40, "…")).toEqual({ name, rest: "" });
});

test("any text keeps its cells, and its name if that fits", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 80 }), (whole, width) => {
      const { name, rest } = commandText(ended, whole, "3 s", width, "…");
      expect(Bun.stringWidth(name + rest)).toBeLessThanOrEqual(width);
      const first = whole.startsWith("[") ? whole : whole.split(" ", 1)[0]!;
      if (Bun.stringWidth(first) <= width) expect(name).toBe(first);
    }),
    { numRuns: 2000 },
  );
});

test("the time since an end changes every second, then every five", () => {
  const texts = [1, 2, 10, 11, 14, 15, 58].map((s) => agoText(s * 1e9));
  expect(texts).toEqual([
    ...["1 s", "2 s", "10 s", "10 s"],
    ...["10 s", "15 s", "55 s"],
  ]);
});

test("arguments can be passed over, and the name stays", () => {
  const from = (offset: number, width = 30): string => {
    const text = commandText(alive, WHOLE, null, width, "…", offset);
    return text.name + text.rest;
  };
  expect(from(0)).toBe("fio --name=archive --filename…");
  expect(from(16)).toBe("fio …-filename=/srv/archive/a…");
  expect(from(48)).toBe("fio …ate=30m");
  expect(from(4096)).toBe("fio");
  const wide = "日本 漢字漢字漢字 x";
  expect(commandText(alive, wide, null, 30, "…", 5).rest).toBe(" …漢字漢字 x");
});
