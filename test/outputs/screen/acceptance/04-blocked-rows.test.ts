import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import {
  framesOf,
  listOf,
  rowWith,
} from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

test.each([80, 120])(
  "in %d columns, a task that is stuck shows for how long, after those with I/O, and -o shows it",
  async (columns) => {
    const frames = await framesOf(
      { columns, rows: 24 },
      culprits({ stuckFrom: 3 }),
      "o",
    );
    frames.forEach((lines, i) => {
      const row = rowWith(lines, "if=/dev/zero of=/mnt");
      if (i < 2) return expect(row).toBe("");
      expect(row).toMatch(/^D {2}2947 /);
      expect(row).toMatch(new RegExp(` 0 +0 +${i - 1}s +(?:user-0 +)?dd if=`));
      expect(lines.join("\n")).toContain(" 1 blocked");
      const rows = listOf(lines);
      expect(rows.indexOf(row)).toBeGreaterThan(
        rows.indexOf(rowWith(lines, "wal")),
      );
      expect(rows.at(-1)).toBe(row);
    });
    expect(frames[0]!.join("\n")).not.toContain("blocked");
  },
);

test("with all tasks, those at rest follow it", async () => {
  const frames = await framesOf(
    { columns: 80, rows: 24 },
    culprits({ stuckFrom: 3 }),
  );
  const rows = listOf(frames.at(-1)!);
  const stuck = rows.findIndex((row) => row.startsWith("D"));
  expect(rows[stuck + 1]).toMatch(/^ {6}1 root +0 +0 +0 +init/);
});
