import { expect, setDefaultTimeout, test } from "bun:test";
import { compactBytes } from "../../../../outputs/screen/table/compact-numbers.ts";
import { CULPRITS, culprits } from "../../../support/screen/screen-culprits.ts";
import { listOf, titleRowOf } from "../../../support/screen/screen-frames.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

/** Each column, by what its title begins with. */
const TITLES = {
  PID: /PID/,
  PRIO: /PRIO/,
  USER: /USER/,
  READ: /READ/,
  WRITE: /WRITE/,
  IO: / IO/,
  GRAPH: /R\+W/,
};

test("a wider window never shows less, cuts no name and no digit", async () => {
  const samples = culprits({ samples: 3 });
  const last = samples.at(-1)!;
  const rateOf = (tid: number): string => {
    const row = last.threads.find(({ task }) => task.tid === tid)!;
    return compactBytes((row.readRate ?? 0) + (row.writeRate ?? 0));
  };
  const rates = [CULPRITS.archive, CULPRITS.buflog, CULPRITS.wal].map((task) =>
    rateOf(task.tid),
  );
  await using screen = await ScreenHarness.open({ columns: 20, rows: 24 });
  for (const sample of samples) await screen.show(sample);
  let before: readonly string[] = [];
  for (let columns = 20; columns <= 200; columns++) {
    const lines = await screen.resize(columns, 24);
    const titles = lines[titleRowOf(lines)]!;
    const shown = Object.entries(TITLES)
      .filter(([, title]) => title.test(titles))
      .map(([name]) => name);
    expect([columns, before.filter((name) => !shown.includes(name))]).toEqual([
      columns,
      [],
    ]);
    before = shown;
    const rows = listOf(lines).slice(0, 9);
    for (const row of rows) expect(row).toMatch(/(^|[ ├└])(fio|dd)( |$)/);
    for (const rate of rates)
      expect([columns, rows.some((row) => row.includes(` ${rate} `))]).toEqual([
        columns,
        true,
      ]);
  }
  expect(before).toEqual(Object.keys(TITLES));
});
