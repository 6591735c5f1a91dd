import { expect, setDefaultTimeout, test } from "bun:test";
import { SLOTS } from "../../../../../outputs/screen/table/slots.ts";
import { ScreenHarness } from "../../../../support/screen/screen-harness.ts";
import { busySample, text } from "../../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

const DOWN = "\x1b[B";
const HOME = "\x1b[H";
const TITLES = 3;

test("v lists all columns; space shows and hides the one under the cursor, s sorts by it", async () => {
  await using screen = await ScreenHarness.open({ columns: 160, rows: 40 });
  await screen.show(busySample());
  await screen.type("v");
  expect(text(screen.lines())).toContain("┌─ columns ─");
  expect(screen.lines()[39]).toContain("space hide, show");
  for (const title of ["[x] 1 PID", "[x] 9 COMMAND", "[ ]   CGROUP"])
    expect(text(screen.lines())).toContain(title);
  await screen.type(`${HOME}${DOWN.repeat(SLOTS.indexOf("prio"))} `);
  expect(text(screen.lines())).toContain("[ ] 2 PRIO");
  // A digit is what it is without the window.
  await screen.type("3");
  expect(text(screen.lines())).toContain("[ ] 3 USER");
  const toCgroup = SLOTS.indexOf("cgroup") - SLOTS.indexOf("prio");
  await screen.type(DOWN.repeat(toCgroup) + " s");
  await screen.type("\r");
  const titles = screen.lines()[TITLES + 1]!;
  expect(text(screen.lines())).not.toContain("columns ─");
  expect(screen.lines().join("\n")).toMatch(/CGROUP ?△/);
  expect(titles).not.toContain("PRIO");
  expect(screen.stops).toBe(0);
});

test("where they do not fit, the one under the cursor is in the window", async () => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 16 });
  await screen.show(busySample());
  await screen.type("v\x1b[F");
  expect(text(screen.lines())).toContain("9 COMMAND");
  expect(text(screen.lines())).not.toContain("1 PID");
  await screen.type(HOME);
  expect(text(screen.lines())).toContain("1 PID");
  // Nothing but its own keys acts.
  await screen.type("oKi");
  expect(text(screen.lines())).toContain("1 PID");
});
