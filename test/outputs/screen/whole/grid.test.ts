import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { makeSample, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { busySample, text } from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

describe("the grid", () => {
  test("stays whole under hostile names: every row has its columns where the titles are", async () => {
    const names = [
      "a\x1b[2Jb",
      "\x1b]0;owned\x07x",
      "new\nline",
      "cr\rx",
      "\u202ertl\u2066",
      "zero\u200bwidth\u200d",
      "日本語日本語日本語",
      "👨‍👩‍👧🇩🇪☺️",
      "e\u0301\u0302\u0303",
      "\x9b31m",
      "\x00\x7f",
      "क्षि",
      "\u0301first",
      "\ufeff",
      "\ud800",
      "x".repeat(5000),
      "",
      " ",
    ];
    const sample = makeSample({
      threads: names.map((name, i) =>
        row({
          tid: 100 + i,
          comm: name.slice(0, 15),
          user: name.slice(0, 9),
          cmdline: [name, name],
        }),
      ),
    });
    for (const [columns, rows] of [
      [120, 40],
      [80, 24],
      [40, 30],
    ] as const) {
      await using screen = await ScreenHarness.open({ columns, rows });
      const shown = await screen.show(sample);
      const titles = shown.findIndex((line) => line.includes("COMMAND"));
      const io = shown[titles]!.indexOf(" IO") + 3;
      const zero = / 0 .* 0$/;
      for (let i = 0; i < names.length; i++) {
        const line = screen.xterm.buffer.active.getLine(titles + 1 + i)!;
        expect(line.translateToString(false, 0, io)).toMatch(zero);
        expect(line.translateToString(false, 0, 7)).toBe(`    ${100 + i}`);
      }
      expect(text(shown)).not.toContain("owned\n");
    }
  });

  test("follows the window", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 40 });
    await screen.show(busySample());
    const small = text(await screen.resize(40, 12));
    await using fresh = await ScreenHarness.open({ columns: 40, rows: 12 });
    expect(small).toBe(text(await fresh.show(busySample())));
  });

  test("is printed once a frame, without newlines, and not at all when nothing changed", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(busySample());
    const before = screen.prints.length;
    await screen.show(busySample({ seq: 1 }));
    // The same sample again moves the graphs of the totals, and nothing else.
    expect(screen.prints.length - before).toBeLessThanOrEqual(1);
    expect(screen.prints.join("")).not.toContain("\n");
    const frozen = await screen.type("s");
    const shown = await screen.show(busySample({ seq: 3 }));
    // How long ago it was is said in the last line.
    expect(shown.slice(0, -1)).toEqual(frozen.slice(0, -1));
    expect(screen.prints.at(-1)!.length).toBeLessThan(100);
  });
});
