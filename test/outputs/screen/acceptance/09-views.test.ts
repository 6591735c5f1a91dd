import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import {
  listOf,
  rowWith,
  titleRowOf,
} from "../../../support/screen/screen-frames.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

test("p goes from the tree to processes, to threads and back", async () => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  for (const sample of culprits()) await screen.show(sample);
  const rows = () => listOf(screen.lines());
  const title = () => screen.lines()[titleRowOf(screen.lines())]!;
  const tree = rows();
  expect(title()).toContain("PID ");
  const pool = tree.findIndex((row) => row.includes("--name=pool"));
  // The process is the sum of its threads.
  expect(tree[pool]).toMatch(/^ {2}18365 www-data +4\.\d\dM +0 +1\d\d% /);
  const threads = tree.slice(pool + 1, pool + 5);
  expect(threads.map((row) => /[├└] fio$/.exec(row)?.[0])).toEqual([
    ...["├ fio", "├ fio", "├ fio"],
    "└ fio",
  ]);
  expect(threads.map((row) => Number(row.slice(2, 7))).toSorted()).toEqual([
    18617, 18618, 18619, 18620,
  ]);
  expect(threads.every((row) => /^ +\d+ +(1\.0\d|0\.99)M +0 /.test(row))).toBe(
    true,
  );
  // One thread alone has no row below its process.
  expect(tree.filter((row) => /[├└]/.test(row))).toHaveLength(4);

  await screen.type("p");
  expect(title()).toContain("PID ");
  expect(rows().some((row) => /[├└]/.test(row))).toBe(false);
  expect(rowWith(screen.lines(), "--name=pool")).toBe(tree[pool]!);

  await screen.type("p");
  expect(title()).toContain("TID ");
  const flat = rows().filter((row) => row.includes("--name=pool"));
  expect(flat.length).toBeGreaterThanOrEqual(4);
  expect(flat.slice(0, 4).every((row) => / www-data +1\.0/.test(row))).toBe(
    true,
  );

  await screen.type("p");
  expect(rows()).toEqual(tree);
});

test("a process whose threads have different priorities says so", async () => {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
  for (const sample of culprits({ samples: 2 })) await screen.show(sample);
  const lines = screen.lines();
  expect(rowWith(lines, "--name=pool")).toContain("18365 !be/4 ");
  expect(rowWith(lines, "--name=wal")).toContain("18541 be/4 ");
  expect(lines.some((line) => /18617 idle .*[├└] fio/.test(line))).toBe(true);
});

test("the cursor is carried by the process when its threads fold", async () => {
  await using screen = await ScreenHarness.open({
    columns: 80,
    rows: 24,
    colorLevel: 2,
  });
  const samples = culprits();
  for (const sample of samples.slice(0, 5)) await screen.show(sample);
  const selected = (): string => {
    const { active } = screen.xterm.buffer;
    for (let y = 5; y < 23; y++)
      if (!active.getLine(y)!.getCell(0)!.isBgDefault())
        return screen.lines()[y]!;
    return "";
  };
  for (let i = 0; i < 6; i++) await screen.type("j");
  expect(selected()).toMatch(/├ fio/);
  const tid = selected().slice(2, 7);
  await screen.show(samples[5]!);
  expect(selected().slice(2, 7)).toBe(tid);
  await screen.type("p");
  expect(selected()).toContain("--name=pool");
});
