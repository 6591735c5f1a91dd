import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  NO_BYTES,
  flushKeys,
  parseKeys,
  type Key,
} from "../../../../outputs/screen/input/key-parser.ts";

setDefaultTimeout(120_000);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A short name for each key, so that tables read well. */
function show(key: Key): string {
  switch (key.type) {
    case "named":
      return `<${key.name}>`;
    case "character":
      return key.character;
    default:
      return `${key.type}@${key.x},${key.y}`;
  }
}

function typed(input: string | Uint8Array): string {
  const raw = typeof input === "string" ? bytes(input) : input;
  const { keys, rest } = parseKeys(NO_BYTES, raw);
  return [...keys, ...flushKeys(rest)].map(show).join(" ");
}

describe("what was typed", () => {
  const table: readonly (readonly [string, string])[] = [
    ["q", "q"],
    ["oPa", "o P a"],
    ["é日😀", "é 日 😀"],
    [" ", " "],
    ["\r", "<enter>"],
    ["\t", "<tab>"],
    ["\x7f", "<backspace>"],
    ["\x0c", "<redraw>"],
    ["\x01\x02\x14\x19", "<ctrl-a> <ctrl-b> <ctrl-t> <ctrl-y>"],
    ["\x00\x1c\x1f\x1a", "<other> <other> <other> <other>"],
    ["\x1b", "<escape>"],
    ["\x1b\x1b", "<escape> <escape>"],
    ["\x1b\x1b[A", "<escape> <up>"],
    ["\x1b[A\x1b[B\x1b[C\x1b[D", "<up> <down> <right> <left>"],
    [
      "\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF",
      "<up> <down> <right> <left> <home> <end>",
    ],
    ["\x1b[1;5A", "<up>"],
    [
      "\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~",
      "<home> <end> <home> <end> <home> <end>",
    ],
    ["\x1b[5~\x1b[6~\x1b[5;2~", "<page-up> <page-down> <page-up>"],
    ["\x1b[3~", "<delete>"],
    ["\x1bOP\x1b[15~\x1b[17~", "<other> <f5> <other>"],
    ["\x1b[[Aq\x1b[[E", "<other> q <f5>"],
    ["\x1b[1;5C\x1b[1;3D\x1b[1;2C", "<alt-f> <alt-b> <right>"],
    ["\x1bb\x1bF\x1bd\x1b\x7f", "<alt-b> <alt-f> <alt-d> <alt-backspace>"],
    ["\x1bq", "<other>"],
    ["\x1b[200~q\x1b[201~", "q"],
    ["\x1bé", "<other>"],
    ["\x1b[<0;10;3M", "click@9,2"],
    ["\x1b[<0;10;3m", ""],
    ["\x1b[<64;1;1M\x1b[<65;300;100M", "wheel-up@0,0 wheel-down@299,99"],
    ["\x1b[<68;1;1M", "wheel-up@0,0"],
    ["\x1b[<2;1;1M", ""],
    ["\x1b[<32;5;5M", ""],
    ["\x1b[M !!q", "click@0,0 q"],
    ["\x1b[?62;22c", ""],
    ["\x1b[24;80R", ""],
    ["\x1b[I\x1b[O", ""],
    ["\x1b]11;rgb:0000/0000/0000\x07q", "q"],
    ["\x1bP>|term\x1b\\q", "q"],
    ["\x1b[12\x1b[A", "<other> <up>"],
    ["\x1b[\nq", "<other> <enter> q"],
  ];
  test.each(table)("%j is %s", (input, expected) => {
    expect(typed(input)).toBe(expected);
  });

  test("bytes that are no UTF-8 are single keys and never swallow what follows", () => {
    expect(typed(new Uint8Array([0xff, 0x71]))).toBe("<other> q");
    expect(typed(new Uint8Array([0xc3, 0x71]))).toBe("<other> q");
    expect(typed(new Uint8Array([0x80, 0x71]))).toBe("<other> q");
    expect(typed(new Uint8Array([0xe2, 0x82, 0x71]))).toBe("<other> <other> q");
  });

  test("a reply that never ends does not swallow the keys for ever", () => {
    expect(typed("\x1b]" + "x".repeat(200) + "q")).toEndWith("x q");
  });
});

/** Steps that the parser takes through typed bytes: each byte it looks at counts, as the runtime looks at none else. */
function countLooks(text: string): number {
  let looks = 0;
  const input = bytes(text);
  const counted = (from: Uint8Array): Uint8Array =>
    new Proxy(from, {
      get(target, key) {
        if (key === "subarray")
          return (start: number, end?: number) =>
            counted(target.subarray(start, end));
        if (typeof key === "string" && /^\d+$/.test(key)) looks++;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  parseKeys(NO_BYTES, counted(input));
  return looks;
}

test.each(["\x1b]", "\x1bP", "\x1b[1;", "\x1b[<", "\x1b]\x1b"])(
  "%j again and again: twice the bytes are twice the work",
  (text) => {
    const [once, twice] = [2000, 4000].map((n) => countLooks(text.repeat(n)));
    expect(twice! / once!).toBeLessThan(3);
  },
);

test("a reply is found to its end, were it a long title", () => {
  expect(typed(`\x1b]l${"quit ".repeat(100)}\x1b\\j`)).toBe("j");
});

describe("in pieces", () => {
  const piece = fc.constantFrom(
    "q",
    "é",
    "😀",
    "\x1b[A",
    "\x1bOB",
    "\x1b[5~",
    "\x1b[<0;12;7M",
    "\x1b[1;5C",
    "\r",
    "\x1b]0;t\x07",
    "\x1b[M !!",
    "\x1b[[A",
    "j",
  );

  test("any cut of the same bytes gives the same keys", () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 30 }),
        (pieces, cuts) => {
          const all = bytes(pieces.join(""));
          const keys: Key[] = [];
          let rest: Uint8Array = NO_BYTES;
          for (let at = 0, i = 0; at < all.length; i++) {
            const next = at + (cuts[i] ?? 1);
            const parsed = parseKeys(rest, all.subarray(at, next));
            keys.push(...parsed.keys);
            rest = parsed.rest;
            at = next;
          }
          expect(rest.length).toBe(0);
          expect(keys).toEqual([...parseKeys(NO_BYTES, all).keys]);
        },
      ),
    );
  });

  test("no bytes at all make it throw, and what it keeps back stays small", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (input) => {
        const { rest } = parseKeys(NO_BYTES, input);
        expect(rest.length).toBeLessThanOrEqual(66);
      }),
    );
  });

  test("a lone Esc waits for its sequence, and is the key if none comes", () => {
    const first = parseKeys(NO_BYTES, bytes("\x1b"));
    expect(first.keys).toEqual([]);
    expect(parseKeys(first.rest, bytes("[A")).keys.map(show)).toEqual(["<up>"]);
    expect(flushKeys(first.rest).map(show)).toEqual(["<escape>"]);
    expect(flushKeys(bytes("\x1b[1;")).map(show)).toEqual(["<other>"]);
    expect(flushKeys(NO_BYTES)).toEqual([]);
  });
});
