import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  createFormat,
  escapeText,
  fitText,
} from "../../../src/model/text/format.ts";
import { utcTime } from "../../support/utc-time.ts";

setDefaultTimeout(120_000);

const human = createFormat({ kilobytes: false, localTime: utcTime });
const kilo = createFormat({ kilobytes: true, localTime: utcTime });

describe("sizes", () => {
  test.each([
    [0, "0.00 B"],
    [1, "1.00 B"],
    [2047, "2047.00 B"],
    [2047.999, "2048.00 B"],
    [2048, "2.00 K"],
    [2 * 1024 ** 2 - 1, "2048.00 K"],
    [2 * 1024 ** 2, "2.00 M"],
    [2 * 1024 ** 3, "2.00 G"],
    [2 * 1024 ** 4, "2.00 T"],
    [2 * 1024 ** 5, "2.00 P"],
    [2 * 1024 ** 6, "2.00 E"],
    [5000 * 1024 ** 6, "5000.00 E"],
    [21_107_835, "20.13 M"],
  ])("%d bytes", (bytes, text) => {
    expect(human.bytes(bytes)).toBe(text);
    expect(human.rate(bytes)).toBe(`${text}/s`);
  });

  test("ties go to the even digit, as printf rounds them", () => {
    expect(human.bytes(2176)).toBe("2.12 K");
    expect(human.bytes(2432)).toBe("2.38 K");
    expect(human.bytes(2688)).toBe("2.62 K");
    expect(human.bytes(2944)).toBe("2.88 K");
  });

  test("-k is always KiB", () => {
    expect(kilo.bytes(0)).toBe("0.00 K");
    expect(kilo.bytes(1)).toBe("0.00 K");
    expect(kilo.bytes(128)).toBe("0.12 K");
    expect(kilo.rate(3 * 1024 ** 4)).toBe("3221225472.00 K/s");
  });

  test("unknown is never 0", () => {
    expect(human.bytes(null)).toBe("?");
    expect(kilo.rate(null)).toBe("?");
    expect(human.percent(null)).toBe("?");
  });

  test("any whole KiB count is its exact value to half a hundredth, ties to even", () => {
    const units = "BKMGTPE";
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 42 }), (kibibytes) => {
        const bytes = kibibytes * 1024;
        const [number, unit] = human.bytes(bytes).split(" ") as [
          string,
          string,
        ];
        const scale = 1024n ** BigInt(units.indexOf(unit));
        const shown = BigInt(number.replace(".", ""));
        const error = shown * scale - BigInt(bytes) * 100n;
        const twice = 2n * (error < 0n ? -error : error);
        expect(twice <= scale).toBe(true);
        if (twice === scale) expect(shown % 2n).toBe(0n);
        if (unit !== "B") expect(BigInt(bytes) >= 2n * scale).toBe(true);
        if (unit !== "E") expect(BigInt(bytes) < 2048n * scale).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("a rate of any size keeps two decimals and one unit", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2 ** 70, noNaN: true }), (rate) => {
        expect(human.rate(rate)).toMatch(/^\d{1,4}\.\d\d [BKMGTPE]\/s$/);
        expect(kilo.rate(rate)).toMatch(/^\d+\.\d\d K\/s$/);
      }),
    );
  });
});

test.each([
  [0, "0.00 %"],
  [13.734, "13.73 %"],
  [99.99, "99.99 %"],
  [99.994, "99.99 %"],
  [99.995, "99.99 %"],
  [1000, "99.99 %"],
])("%d percent", (percent, text) => {
  expect(human.percent(percent)).toBe(text);
});

describe("escapeText", () => {
  test.each([
    ["plain text, ~!\\ \\n", "plain text, ~!\\ \\n"],
    ["a\nb\r\tc", "a\\nb\\r\\tc"],
    ["\x1b[2J\x1b]0;x\x07", "\\e[2J\\e]0;x\\x07"],
    ["\0\x7f\x80\x9b\xad", "\\x00\\x7f\\x80\\x9b\\xad"],
    ["\u2028\u2029", "\\u{2028}\\u{2029}"],
    ["a\u202eb\u2066c\u061c", "a\\u{202e}b\\u{2066}c\\u{061c}"],
    ["\u200b\u200d\u2060\ufeff", "\\u{200b}\\u{200d}\\u{2060}\\u{feff}"],
    ["\ufff9\u{e0041}\u3164", "\\u{fff9}\\u{e0041}\\u{3164}"],
    ["\ud800x\udc00", "\\u{d800}x\\u{dc00}"],
    ["\u0301e\u0301", "\\u{0301}e\u0301"],
    ["漢字 é 😀 \ufffd", "漢字 é 😀 \ufffd"],
    ["❤\ufe0f", "❤\\u{fe0f}"],
  ])("%j", (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  const hostile = fc.string({ unit: anyCodeUnit(), maxLength: 40 });

  test("nothing invisible is left, and escaping again changes nothing", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u);
        expect(escapeText(escaped)).toBe(escaped);
        expect(escaped.isWellFormed()).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("every code point that a terminal acts on is escaped", () => {
    const acting = [
      ...range(0, 0x1f),
      ...range(0x7f, 0x9f),
      0xad,
      0x61c,
      ...range(0x200b, 0x200f),
      ...range(0x2028, 0x202e),
      ...range(0x2060, 0x206f),
      ...range(0xd800, 0xdfff),
      ...range(0xfe00, 0xfe0f),
      0xfeff,
      ...range(0xfff9, 0xfffb),
      ...range(0xe0000, 0xe007f),
      ...range(0xe0100, 0xe01ef),
    ];
    for (const code of acting) {
      const escaped = escapeText(`a${String.fromCodePoint(code)}b`);
      expect(escaped).toMatch(/^a\\([nrte]|x[0-9a-f]{2}|u\{[0-9a-f]+\})b$/);
    }
  });
});

describe("fitText", () => {
  test.each([
    ["fio --name=thr --runtime=3600", 29, "fio --name=thr --runtime=3600"],
    ["fio --name=thr --runtime=3600", 28, "fio --name=thr~-runtime=3600"],
    ["abcdef", 4, "ab~f"],
    ["abcdef", 3, "a~f"],
    ["abcdef", 2, "a~"],
    ["abcdef", 1, "~"],
    ["abcdef", 0, ""],
    ["漢字漢字", 8, "漢字漢字"],
    ["漢字漢字", 7, "漢~漢字"],
    ["漢字漢字", 6, "漢~字"],
    ["e\u0301e\u0301e\u0301e\u0301", 3, "e\u0301~e\u0301"],
    ["🇩🇪🇫🇷🇮🇹", 5, "🇩🇪~🇮🇹"],
  ])("%j in %d cells", (text, width, fitted) => {
    expect(fitText(text, width)).toBe(fitted);
  });

  test("fits, and consists of whole graphemes from both ends", () => {
    const segmenter = new Intl.Segmenter(undefined, {
      granularity: "grapheme",
    });
    const split = (text: string) =>
      [...segmenter.segment(text)].map(({ segment }) => segment);
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }).map(escapeText),
        fc.integer({ min: 1, max: 40 }),
        (text, width) => {
          const fitted = fitText(text, width);
          expect(Bun.stringWidth(fitted)).toBeLessThanOrEqual(width);
          if (Bun.stringWidth(text) <= width) {
            expect(fitted).toBe(text);
            return;
          }
          const whole = split(text);
          const halves = whole.flatMap((_, n) => {
            const head = whole.slice(0, n).join("");
            if (!fitted.startsWith(`${head}~`)) return [];
            const tail = fitted.slice(head.length + 1);
            return tail ===
              whole.slice(whole.length - split(tail).length).join("") ||
              tail === ""
              ? [head]
              : [];
          });
          expect(halves.length).toBeGreaterThan(0);
          expect(Bun.stringWidth(fitted)).toBeGreaterThanOrEqual(width - 2);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test("a width cuts what is already printable", () => {
  expect(human.text("a\x1bb")).toBe("a\\eb");
  expect(human.text("\x1b".repeat(50), 9)).toBe("\\e\\e~\\e\\e");
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

function anyCodeUnit(): fc.Arbitrary<string> {
  const code = fc.oneof(
    fc.integer({ min: 0, max: 0x10ffff }),
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0x2000, max: 0x206f }),
    fc.integer({ min: 0xd800, max: 0xdfff }),
    fc.integer({ min: 0x300, max: 0x36f }),
  );
  return code.map((value) => String.fromCodePoint(value));
}
