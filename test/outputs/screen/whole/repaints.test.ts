import { expect, setDefaultTimeout, test } from "bun:test";
import { makeSample, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { busySample, text } from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

/** More than there are promises between a print and the end of its repaint. */
const MOST_STEPS = 12;

test.each(Array.from({ length: MOST_STEPS }, (_, steps) => steps))(
  "a key is answered that comes %d steps after a print, with no sample after it",
  async (steps) => {
    await using screen = await ScreenHarness.open({ columns: 100, rows: 24 });
    await screen.show(busySample());
    const { xterm } = screen;
    const write = xterm.write.bind(xterm);
    let answered: Promise<unknown> | null = null;
    xterm.write = (data, done) =>
      write(data, () => {
        done?.();
        if (answered !== null || !String(data).includes("help")) return;
        answered = (async () => {
          for (let i = 0; i < steps; i++) await null;
          await screen.type("h");
        })();
      });
    await screen.type("h");
    await answered;
    await Bun.sleep(0);
    await screen.settle();
    expect(text(screen.lines())).not.toContain("─ help ─");
  },
);

test("where nothing happens, the clock's digit is sent, and every other time the end of a dot in each graph", async () => {
  const setup = { columns: 120, rows: 40, colorLevel: 2 } as const;
  await using screen = await ScreenHarness.open(setup);
  const threads = [row({ tid: 1 })];
  for (let s = 0; s < 8; s++)
    await screen.show(makeSample({ timeMs: s * 1000, threads }));
  const [dots, clock, later, again] = screen.prints.slice(-4);
  expect(clock).toMatch(/^\x1b\[\d+;120H5$/);
  expect(again).toMatch(/^\x1b\[\d+;120H7$/);
  for (const text of [dots, later]) expect(text!.length).toBeLessThan(50);
});
