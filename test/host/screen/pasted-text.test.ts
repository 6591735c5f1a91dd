import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { PastedText } from "../../../src/host/screen/pasted-text.ts";

setDefaultTimeout(120_000);

const BEGIN = "\x1b[200~";
const END = "\x1b[201~";

/** What was typed and what was pasted, each in one, and how often something was pasted. */
function readAll(
  reads: readonly string[],
  paste = new PastedText(),
): { readonly typed: string; readonly pasted: readonly string[] } {
  const typed: number[] = [];
  const pasted: string[] = [];
  for (const read of reads)
    for (const piece of paste.take(new TextEncoder().encode(read)))
      if (piece.type === "typed") typed.push(...piece.bytes);
      else pasted.push(piece.text);
  return { typed: new TextDecoder().decode(Uint8Array.from(typed)), pasted };
}

test("what is between the marks is pasted, the rest is typed", () => {
  expect(readAll([`a${BEGIN}q\x03 K\n日${END}b\x1b[A`])).toEqual({
    typed: "ab\x1b[A",
    pasted: ["q\x03 K\n日"],
  });
});

describe("in pieces", () => {
  test("of any length, wherever they are cut", () => {
    const stream = `j\x1b[A${BEGIN}quit\x1b[2\x1b[20K${END}k\x1b[200q`;
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const reads = at.slice(1).map((to, i) => stream.slice(at[i], to));
        const { typed, pasted } = readAll(reads);
        expect(pasted).toEqual(["quit\x1b[2\x1b[20K"]);
        // Cut after its first byte, the mark is an Esc as long as nothing follows.
        expect(typed.replace("\x1bk", "k")).toBe("j\x1b[Ak\x1b[200q");
      }),
    );
  });

  test("an Esc alone, and the beginning of another sequence, are keys", () => {
    expect(readAll(["\x1b"]).typed).toBe("\x1b");
    expect(readAll(["\x1b[2", "~"]).typed).toBe("\x1b[2~");
    expect(readAll(["\x1b\x1b[", "A"]).typed).toBe("\x1b\x1b[A");
  });
});

describe("without its end", () => {
  test("what there is comes after a pause, and then a key alone is a key", () => {
    const paste = new PastedText();
    expect(readAll([`${BEGIN}half`], paste).pasted).toEqual([]);
    expect(paste.isOpen).toBe(true);
    expect(paste.pause()).toEqual({ type: "pasted", text: "half" });
    expect(paste.isOpen).toBe(false);
    // More of it, late.
    expect(readAll([" qqq", "qK"], paste)).toEqual({
      typed: "",
      pasted: [" qqq", "qK"],
    });
    expect(readAll(["q", "KK"], paste)).toEqual({ typed: "qKK", pasted: [] });
  });

  test.each(["\x03", "\x1b", "\x1b[A", "é", "日", "\x1b[<0;10;20M"])(
    "%j alone is a key",
    (key) => {
      const paste = new PastedText();
      readAll([`${BEGIN}half`], paste);
      paste.pause();
      expect(readAll([key], paste)).toEqual({ typed: key, pasted: [] });
    },
  );

  test("a second text, or the end after all, ends the doubt", () => {
    const paste = new PastedText();
    readAll([`${BEGIN}half`], paste);
    paste.pause();
    expect(readAll([`${BEGIN}second${END}ab`], paste)).toEqual({
      typed: "ab",
      pasted: ["second"],
    });
  });

  test("a pause while nothing is pasted is nothing", () => {
    expect(new PastedText().pause()).toBeNull();
  });
});

describe("without marks", () => {
  const LINE = "select q from K where y = 'D'; -- W\n";

  test("more at once than anybody types is text, as long as more of it comes", () => {
    const paste = new PastedText();
    expect(readAll(["jk", LINE + LINE, "q", "K"], paste)).toEqual({
      typed: "jk",
      pasted: [],
    });
    expect(paste.isOpen).toBe(true);
    expect(paste.pause()?.text).toBe(`${LINE + LINE}qK`);
    expect(readAll(["q"], paste)).toEqual({ typed: "q", pasted: [] });
  });

  test("a key that is held, and keys with sequences, are keys", () => {
    const held = "j".repeat(300) + "kk";
    expect(readAll([held])).toEqual({ typed: held, pasted: [] });
    const arrows = "\x1b[A\x1b[B".repeat(20);
    expect(readAll([arrows])).toEqual({ typed: arrows, pasted: [] });
    expect(readAll(["opac".repeat(7)]).pasted).toEqual([]);
  });
});

test("of a long text there is as much as anybody needs", () => {
  const { pasted, typed } = readAll([
    BEGIN,
    ..."q".repeat(100_000).match(/.{1,4095}/g)!,
    `${END}j`,
  ]);
  expect(pasted).toEqual(["q".repeat(4096)]);
  expect(typed).toBe("j");
});
