import { expect, setDefaultTimeout, test } from "bun:test";
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
