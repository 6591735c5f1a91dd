import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { makeSample, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { busySample, text } from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

describe("what is shown", () => {
  test.each([
    [120, 40],
    [80, 24],
    [60, 14],
    [40, 12],
    [20, 5],
  ])("at %d by %d", async (columns, rows) => {
    await using screen = await ScreenHarness.open({ columns, rows });
    await screen.show(busySample());
    expect(text(await screen.show(busySample({ seq: 2 })))).toMatchSnapshot();
  });

  test("in ASCII alone", async () => {
    await using screen = await ScreenHarness.open({
      columns: 80,
      rows: 24,
      unicode: false,
    });
    const shown = text(await screen.show(busySample()));
    expect(shown).toMatch(/^[\x20-\x7e\n]*$/);
    expect(shown).toMatchSnapshot();
  });

  test("in colours, and the same text without", async () => {
    for (const [level, expected] of [
      [0, 0],
      [1, 16],
      [2, 256],
    ] as const) {
      await using screen = await ScreenHarness.open({
        columns: 80,
        rows: 24,
        colorLevel: level,
      });
      await using plain = await ScreenHarness.open({ columns: 80, rows: 24 });
      const shown = await screen.show(busySample());
      expect(shown).toEqual([...(await plain.show(busySample()))]);
      const modes = new Set<number>();
      for (let y = 0; y < 24; y++)
        for (let x = 0; x < 80; x++) {
          const cell = screen.xterm.buffer.active.getLine(y)!.getCell(x)!;
          if (!cell.isFgDefault())
            modes.add(cell.isFgPalette() && cell.getFgColor() > 15 ? 256 : 16);
        }
      expect([...modes]).toEqual(expected === 0 ? [] : [expected]);
    }
  });

  test("without delay accounting: no column of ?, and how to turn it on, never a zero", async () => {
    await using screen = await ScreenHarness.open({ columns: 100, rows: 24 });
    const shown = await screen.show(busySample({ bare: true }));
    const fio = shown.find((line) => line.includes("fio"))!;
    expect(fio).not.toContain("%");
    // Where all would be unknown, there is no column.
    expect(text(shown.slice(3, 10))).not.toMatch(/ [?]| IO /);
    expect(text(shown)).toContain("sysctl kernel.task_delayacct=1");
  });

  test("what was lost in the interval takes the place of the status line", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    const well = await screen.show(busySample());
    expect(text(well)).not.toContain("missing");
    const ill = await screen.show(makeSample({ health: { lostExits: 2 } }));
    expect(ill[2]).toContain("2 times");
  });

  test("an empty list says why it is empty", async () => {
    await using screen = await ScreenHarness.open({
      columns: 80,
      rows: 24,
      view: { only: true },
    });
    expect(
      (await screen.show(makeSample({ threads: [row({ tid: 1 })] })))[4],
    ).toContain("o shows all");
    await using watching = await ScreenHarness.open({
      columns: 80,
      rows: 24,
      view: { pids: [7] },
    });
    expect(
      (await watching.show(makeSample({ threads: [row({ tid: 1 })] })))[4],
    ).toContain("no such task");
  });

  test("nothing before the first sample but that it is being measured", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    expect(text(screen.lines())).toContain("Measuring");
    expect(text(screen.lines())).not.toContain("0.00");
  });
});
