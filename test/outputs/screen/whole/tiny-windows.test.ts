import { expect, setDefaultTimeout, test } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

const SIZES = [1, 2, 3, 4, 5, 19].flatMap((columns) =>
  [1, 2, 3, 6].map((rows) => [columns, rows] as const),
);
/** What each opens, and what was typed into it. */
const OPENERS = ["?", "\r", "\rF", "v", "fa", "/a", "i", "K", "s[", "yyy", "d"];

test.each(OPENERS)("after %j, windows of any size are drawn", async (keys) => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  const samples = culprits({ samples: 3 });
  for (const sample of samples) await screen.show(sample);
  await screen.type(`j${keys}`);
  for (const [columns, rows] of SIZES) {
    await screen.resize(columns, rows);
    // What is wrong in a frame is reported by the next sample.
    const lines = await screen.show(samples.at(-1)!);
    expect(lines).toHaveLength(rows);
    // xterm has two columns at least.
    const cells = Math.max(2, columns);
    expect(lines.filter((line) => line.length > cells)).toEqual([]);
  }
});
