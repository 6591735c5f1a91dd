import { expect, test } from "bun:test";
import { Canvas } from "../../../outputs/screen/cells/frame.ts";
import { createSgr } from "../../../outputs/screen/cells/sgr.ts";
import { createPaint, themeOf } from "../../../outputs/screen/cells/theme.ts";
import { Painter } from "../../../outputs/screen/painter.ts";

const sgr = createSgr(createPaint(themeOf("mono", null, 0)));

/** A painter of one line of text, and its prints, each of which lasts until it is let go. */
function paint() {
  const printed: string[] = [];
  const prints: PromiseWithResolvers<void>[] = [];
  let text = "";
  const painter = new Painter(
    () => {
      const frame = new Canvas(10, 1, false);
      frame.put(0, 0, text, "faint");
      return { frame, sgr };
    },
    (changes) => {
      printed.push(changes);
      const print = Promise.withResolvers<void>();
      prints.push(print);
      return print.promise;
    },
  );
  return {
    ...{ painter, printed, prints },
    show(wanted: string) {
      text = wanted;
      return painter.repaint();
    },
  };
}

const settled = () => Bun.sleep(0);

test("what changes while a print is under way is one more print, of the last state", async () => {
  const { painter, printed, prints, show } = paint();
  const first = show("aaa");
  void show("bbb");
  void show("ccc");
  await settled();
  expect(printed).toHaveLength(1);
  expect(printed[0]).toContain("aaa");
  prints[0]!.resolve();
  await settled();
  expect(printed).toHaveLength(2);
  expect(printed[1]).toContain("ccc");
  prints[1]!.resolve();
  await first;
  expect(painter.sgr).toBe(sgr);
});

test("what is shown already is not printed, unless the terminal has forgotten it", async () => {
  const { painter, printed, prints, show } = paint();
  void show("aaa");
  prints[0]!.resolve();
  await settled();
  await show("aaa");
  expect(printed).toHaveLength(1);
  painter.forget();
  void show("aaa");
  expect(printed[1]).toContain("aaa");
});

test("the terminal keeps its style from print to print, as long as it is known", async () => {
  const { painter, printed, prints, show } = paint();
  for (const text of ["aaa", "aab", "aac"]) {
    if (text === "aac") painter.forget();
    void show(text);
    prints.at(-1)!.resolve();
    await settled();
  }
  expect(printed[0]).toContain("\x1b[m\x1b[2J\x1b[H\x1b[2maaa");
  expect(printed[1]).toBe("\x1b[;3Hb");
  expect(printed[2]).toContain("\x1b[m\x1b[2J\x1b[H\x1b[2maac");
});

test("a failure that nobody awaited is kept", async () => {
  const { painter, prints } = paint();
  painter.repaintSoon();
  prints[0]!.reject(new Error("gone"));
  await settled();
  expect(painter.failure?.message).toBe("gone");
});

test("nothing is drawn after the end", async () => {
  const { painter, printed, show } = paint();
  painter.close();
  await show("aaa");
  expect(printed).toEqual([]);
});
