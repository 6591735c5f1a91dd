import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Sample } from "../../../../src/model/sample.ts";
import { eventually } from "../../../support/eventually.ts";
import { makeSample, makeTask, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

/** Tasks of which each look at the command line is counted. */
function crowd(count: number): { looks: number; readonly sample: Sample } {
  const seen = { looks: 0, sample: makeSample() };
  const threads = Array.from({ length: count }, (_, i) => {
    const ids = { tid: 1000 + i, pid: 1000 + (i % (count / 5)) };
    const task = makeTask({ ...ids, comm: `task${i}`, cmdline: null });
    const cmdline = [`task${i}`];
    Object.defineProperty(task, "cmdline", {
      get: () => (seen.looks++, cmdline),
    });
    return row({ ...ids, task, readBytes: (i * 7919) % 100_000 });
  });
  return Object.assign(seen, { sample: makeSample({ threads }) });
}

/** What each of some keys costs among so many tasks: looks at command lines, and prints. */
async function costsOf(
  keys: readonly string[],
  count: number,
): Promise<{ looks: number; prints: number }[]> {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 40 });
  const seen = crowd(count);
  await screen.show(seen.sample);
  const costs: { looks: number; prints: number }[] = [];
  for (const key of keys) {
    seen.looks = 0;
    const before = screen.prints.length;
    await screen.type(key);
    costs.push({ looks: seen.looks, prints: screen.prints.length - before });
  }
  return costs;
}

describe("a key among 10,000 rows", () => {
  const KEYS = ["j", "r", "o", "p", "a", "\x1b[6~", "c", "k", "?"];

  test.each(KEYS)(
    "%j draws at most one frame, and looks at the rows that fit",
    async (key) => {
      const twice = [key, key];
      const many = await costsOf(twice, 10_000);
      for (const { looks, prints } of many) {
        expect(prints).toBeLessThanOrEqual(1);
        // 35 rows fit: before and after, in the list and in its picture.
        expect(looks).toBeLessThanOrEqual(4 * 35);
      }
    },
  );

  test("that sorts by commands looks at each twice, whatever the order was", async () => {
    await using screen = await ScreenHarness.open({
      columns: 120,
      rows: 40,
      screen: { mode: "threads" },
    });
    const seen = crowd(10_000);
    await screen.show(seen.sample);
    const first = () => screen.lines()[4]!.match(/task\d+/)?.[0];
    for (const [key, expected] of [
      ["\x1b[C\x1b[C", "task0"],
      ["r", "task9999"],
      ["r", "task0"],
    ] as const) {
      seen.looks = 0;
      await screen.type(key);
      await eventually(first, (name) => name === expected);
      // Read, and compared; and a frame or two meanwhile.
      expect(seen.looks).toBeWithin(20_000, 21_000);
    }
  });
});
