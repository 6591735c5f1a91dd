import { expect, setDefaultTimeout, test } from "bun:test";
import { needles } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

/** 100 kB that would quit, act on tasks and change settings if they were keys. */
const LINE = "qKyi\x03opaW D needle-7\r\n";
const TEXT = LINE.repeat(Math.ceil(100_000 / LINE.length));
const PASTE = `\x1b[200~${TEXT}\x1b[201~`;

function* cut(text: string, length: number): Generator<string> {
  for (let at = 0; at < text.length; at += length)
    yield text.slice(at, at + length);
}

test.each([200_000, 4095, 61])(
  "a pasted text that comes in pieces of %i bytes changes nothing",
  async (length) => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(needles());
    const table = screen.lines().slice(3, 20);
    for (const piece of cut(PASTE, length)) screen.feed(piece);
    await screen.settle();
    expect(screen.stops).toBe(0);
    expect(screen.lines().slice(3, 20)).toEqual(table);
    expect(screen.lines().join("\n")).toContain(
      "pasted text does not count as keys",
    );
    // It listens to keys again.
    await screen.type("q");
    expect(screen.stops).toBe(1);
  },
);

test("in a prompt, one line of it is the text", async () => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  await screen.show(needles());
  await screen.type("/");
  await screen.type(`\x1b[200~needle-7\n${TEXT}\x1b[201~`);
  expect(screen.lines()[23]).toStartWith(" / needle-7  ");
  await screen.until(/1 of 2,000/);
  expect(screen.stops).toBe(0);
  await screen.type("\r");
  expect(screen.lines()[4]).toContain("needle-7");
});
