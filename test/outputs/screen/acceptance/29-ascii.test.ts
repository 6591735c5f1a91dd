import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

test("with u at ASCII, every cell of the screen and of the help is below 0x80", async () => {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 40 });
  const samples = culprits({ stuckFrom: 3, burstIn: 5, loopUntil: 9 });
  for (const sample of samples) await screen.show(sample);
  const isAscii = (): boolean =>
    screen.lines().every((line) => /^[\x20-\x7e]*$/.test(line));
  expect(isAscii()).toBe(false);
  for (let i = 0; i < 3 && !isAscii(); i++) await screen.type("u");
  expect(isAscii()).toBe(true);
  const shown = screen.lines().join("\n");
  expect(shown).toContain("|- fio");
  expect(shown).toMatch(/^x +22x /m);
  // Nothing was drawn that could not be.
  expect(shown).not.toContain("?");
  await screen.type("h");
  expect(isAscii()).toBe(true);
  await screen.type("h/x");
  expect(isAscii()).toBe(true);
});
