import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  BackgroundQuestion,
  parseAnswer,
} from "../../../../outputs/screen/input/background-question.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { busySample, text } from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

const bytes = (typed: string) => new TextEncoder().encode(typed);
const typed = (heard: Uint8Array) => new TextDecoder().decode(heard);

const ANSWERS = [
  "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
  "\x1b]11;rgb:fd/f6/e3\x07",
  "\x1b]11;rgba:ffff/ffff/ffff/ffff\x07",
] as const;

test.each([
  ["rgb:0000/0000/0000", "dark"],
  ["rgb:1e/1e/1e", "dark"],
  ["rgb:0/2b/36", "dark"],
  ["rgb:ffff/ffff/ffff", "light"],
  ["rgb:fdfd/f6f6/e3e3", "light"],
  ["rgb:f/f/f", "light"],
  ["cmyk:1/2/3", null],
  ["", null],
] as const)("%s is %p", (answer, background) => {
  expect(parseAnswer(answer)).toBe(background);
});

describe("the answer", () => {
  test.each(ANSWERS)("%j is taken out of what is typed", (answer) => {
    const question = new BackgroundQuestion();
    const heard = question.hear(bytes(`qo${answer}jk`));
    expect(typed(heard.bytes)).toBe("qojk");
    expect(heard.background).toBe("light");
    expect(question.isOpen).toBe(false);
  });

  test("is found in pieces, wherever it is cut", () => {
    for (const answer of ANSWERS)
      for (let cut = 3; cut < answer.length; cut++) {
        const question = new BackgroundQuestion();
        const first = question.hear(bytes("a" + answer.slice(0, cut)));
        const second = question.hear(bytes(answer.slice(cut) + "b"));
        expect(typed(first.bytes) + typed(second.bytes)).toBe("ab");
        expect(second.background).toBe("light");
      }
  });

  test("that never ends does not swallow the keys after it", () => {
    for (const cut of ["\x1b]11;rgb:ff", "\x1b]11;rgb:ffff/ffff/ffff\x1b"]) {
      const question = new BackgroundQuestion();
      question.hear(bytes(cut));
      expect(typed(question.hear(bytes("\x1b[A")).bytes)).toEndWith("[A");
      expect(question.isOpen).toBe(false);
    }
  });

  test("is not seen in other keys: Esc, Alt-], and a reply about something else", () => {
    const question = new BackgroundQuestion();
    for (const keys of ["\x1b", "\x1b]", "\x1b]0;title\x07", "]11;q"]) {
      expect(typed(question.hear(bytes(keys)).bytes)).toBe(keys);
      expect(question.isOpen).toBe(true);
    }
  });
});

describe("the screen", () => {
  const setup = {
    columns: 80,
    rows: 24,
    colorLevel: 2,
    answers: true,
  } as const;
  const GREY = { dark: "\x1b[38;5;245m", light: "\x1b[38;5;242m" };

  test("asks once, before the first frame, and does not wait", async () => {
    await using screen = await ScreenHarness.open(setup);
    expect(screen.prints[0]).toBe("\x1b]11;?\x1b\\");
    expect(text(screen.lines())).toContain("Measuring");
    await screen.show(busySample());
    await screen.resize(90, 24);
    expect(screen.prints.join("").split("]11;?").length).toBe(2);
    expect(screen.prints.at(-1)).toContain(GREY.dark);
  });

  test("asks nothing without colours, nor where the question would be shown", async () => {
    for (const silent of [{ colorLevel: 0 }, { answers: false }] as const) {
      await using screen = await ScreenHarness.open({ ...setup, ...silent });
      expect(screen.prints.join("")).not.toContain("]11;");
    }
  });

  test("follows the answer, late and cut at any place with a pause there", async () => {
    const answer = ANSWERS[0];
    for (const cut of [1, 2, 3, 9, answer.length - 1]) {
      await using screen = await ScreenHarness.open(setup);
      await screen.show(busySample());
      const before = await screen.type("o");
      await screen.type(answer.slice(0, cut));
      // Longer than an Esc waits for more.
      await Bun.sleep(60);
      expect(await screen.type(answer.slice(cut))).toEqual([...before]);
      expect(screen.prints.at(-1)).toContain(GREY.light);
      expect(screen.stops).toBe(0);
    }
  });

  test("keys work after an answer that makes no sense", async () => {
    await using screen = await ScreenHarness.open(setup);
    await screen.show(busySample());
    await screen.type("\x1b]11;rgb:zz\x07");
    await screen.type("q");
    expect(screen.stops).toBe(1);
  });
});
