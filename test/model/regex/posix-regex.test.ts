import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { parsePosixRegex } from "../../../src/model/regex/posix-regex.ts";

setDefaultTimeout(120_000);

function matches(regex: string, text: string): boolean {
  const parsed = parsePosixRegex(regex);
  if (typeof parsed === "string") throw new Error(`${regex}: ${parsed}`);
  return parsed.test(text);
}

describe("an expression is found anywhere in a text", () => {
  test.each([
    ["fio", "sudo fio --name=x", true],
    ["fio", "FIO", false],
    ["", "anything", true],
    ["^fio", "sudo fio", false],
    ["^fio$", "fio", true],
    ["^$", "", true],
    ["^$", "x", false],
    ["fio.*wal", "fio --name=wal", true],
    ["a.c", "abbc", false],
    ["a.c", "a日c a😀c", true],
    ["^a.c$", "a😀c", true],
    ["ab*c", "ac", true],
    ["ab+c", "ac", false],
    ["ab?c$", "abbc", false],
    ["a{3}", "aa", false],
    ["^a{2,3}$", "aaa", true],
    ["^a{2,3}$", "aaaa", false],
    ["^a{2,}$", "aaaaaa", true],
    ["^a{,2}$", "aaa", false],
    ["^(ab|cd)+$", "abcdab", true],
    ["^(ab|cd)+$", "abcda", false],
    ["a|b|", "x", true],
    ["^()$", "", true],
    ["^(a*)*$", "aaa", true],
    ["^(a|(b|c)*d)$", "bcbcd", true],
    ["a**", "", true],
    ["^a+?$", "", true],
    ["^a{2}?$", "a", false],
    ["^a{2}*$", "aaaa", true],
    ["^a{2}*$", "aaa", false],
    ["[]a]", "]", true],
    ["[^]a]", "]a", false],
    ["^[a-cx-z]*$", "abzy", true],
    ["[[:digit:]_]", "a_", true],
    ["[[:digit:]]", "abc", false],
    ["[[:alpha:]]", "ü", true],
    ["[a\\]", "\\", true],
    ["[[.-.]]", "-", true],
    ["[-a]", "-", true],
    ["\\.", "axb", false],
    ["a\\{2\\}", "a{2}", true],
    ["\\<dd\\>", "/bin/dd if=x", true],
    ["\\<dd\\>", "add", false],
    ["\\bdd\\b", "dd", true],
    ["d\\B", "dd", true],
    ["^\\w+$", "abc_1", true],
    ["\\s", "a b", true],
    ["\\S", "  ", false],
    ["^\\D\\d$", "a1", true],
    ["a)", "a)", true],
    ["^[^x]$", "😀", true],
    ["[😀-😂]", "😁", true],
  ])("%s in %j: %p", (regex, text, expected) => {
    expect(matches(regex, text)).toBe(expected);
  });
});

test.each([
  ["fio(", "unclosed ("],
  ["((a)", "unclosed ("],
  ["[a", "unclosed ["],
  ["[[:alpha", "unclosed ["],
  ["[", "unclosed ["],
  ["[[:letter:]]", "no class [:letter:]"],
  ["[z-a]", "bad range in []"],
  ["*", "nothing before *"],
  ["a|+", "nothing before +"],
  ["(?:a)", "nothing before ?"],
  ["^*", "nothing before *"],
  ["{2}", "nothing before {"],
  ["a{", "unclosed {"],
  ["a{x}", "bad {}"],
  ["a{3,2}", "bad {}"],
  ["a{99999}", "bad {}"],
  ["a\\", "nothing after \\"],
  ["(a)\\1", "\\1 is not supported"],
  ["((a{100}){100}){100}", "too long"],
  ["(".repeat(5000), "too many ("],
])("%s is no expression: %s", (regex, flaw) => {
  expect(parsePosixRegex(regex)).toBe(flaw);
});

describe("a text cannot make a search slow", () => {
  // An engine that goes back and tries again takes longer than the universe is old.
  test.each(["(a+)+b", "(a|a)*b", "(a*)*b", "a?{30}a{30}b", "(.*.*.*)*b$"])(
    "%s",
    (regex) => {
      expect(matches(regex, "a".repeat(100_000))).toBe(false);
    },
  );

  test("nor can one that needs another state for each of its characters", () => {
    const regex = "(a|b)*a(a|b){60}c";
    let text = "";
    let random = 1;
    for (let i = 0; i < 20_000; i++) {
      random = (random * 1103515245 + 12345) % 2 ** 31;
      text += (random >> 16) % 2 === 0 ? "a" : "b";
    }
    expect(matches(regex, text)).toBe(false);
    expect(matches(regex, `${text}a${"b".repeat(60)}c`)).toBe(true);
  });
});

test("it finds what the engine of the runtime finds", () => {
  const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\w", "(a|bc)");
  const piece = fc
    .tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "{1,2}", "{0,}"))
    .map(([one, often]) => one + often);
  const place = fc.constantFrom("^", "$", "\\b", "|", "\\B");
  const regex = fc
    .array(fc.oneof({ weight: 5, arbitrary: piece }, place), { maxLength: 6 })
    .map((parts) => parts.join(""));
  const text = fc.string({
    unit: fc.constantFrom(..."abc _é😀"),
    maxLength: 9,
  });
  fc.assert(
    fc.property(regex, text, (source, where) => {
      // To the runtime, letters beyond ASCII are no words.
      fc.pre(!/\\[wWbB]/.test(source) || !where.includes("é"));
      fc.pre(!/\\[wWbB]/.test(source) || !where.includes("😀"));
      expect(matches(source, where)).toBe(new RegExp(source, "su").test(where));
    }),
    { numRuns: 3000 },
  );
});
