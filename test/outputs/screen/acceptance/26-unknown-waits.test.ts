import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import {
  framesOf,
  listOf,
  titleRowOf,
} from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

test.each([80, 120])(
  "in %d columns, unknown waits have no column, and a note says why",
  async (columns) => {
    const frames = await framesOf(
      { columns, rows: 24 },
      culprits({ waits: false }),
    );
    const lines = frames.at(-1)!;
    const titles = lines[titleRowOf(lines)]!;
    expect(titles).toMatch(/GRAPH.R\+W.?▽/);
    expect(titles).not.toMatch(/ IO |SWAPIN/);
    for (const row of listOf(lines).slice(0, -1))
      expect(row).not.toContain("?");
    expect(lines.at(-2)).toContain("SWAPIN, IO unknown");
    expect(lines.at(-2)).toContain("kernel.task_delayacct");
  },
);

test("the column comes back for the first task of which they are known", async () => {
  const [first, second] = culprits({ waits: false, samples: 2, stuckFrom: 2 });
  const frames = await framesOf({ columns: 120, rows: 24 }, [first!, second!]);
  const titlesOf = (lines: readonly string[]) => lines[titleRowOf(lines)]!;
  expect(titlesOf(frames[0]!)).not.toContain(" IO ");
  expect(titlesOf(frames[1]!)).toContain(" IO ");
});
