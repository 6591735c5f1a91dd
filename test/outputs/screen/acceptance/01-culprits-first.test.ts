import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { framesOf, listOf } from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

const CULPRITS = [
  /^ {2}18710 backup +\S+ +0 .* fio --name=archive/,
  /^ {2}18538 man +0 +\S+ .* fio --name=buflog/,
  /^x {3}22× games +0 +5\.50M .* dd \(22 ended\)/,
  /^ {2}18365 www-data +\S+ +0 +1\d\d% .* fio --name=pool/,
];

test("in 80 by 24, the culprits are the first rows of the list, in one order in all frames", async () => {
  const frames = await framesOf({ columns: 80, rows: 24 }, culprits());
  for (const lines of frames) {
    // The rows 6 to 9 of the window.
    const rows = lines.slice(5, 9);
    rows.forEach((row, i) => expect(row).toMatch(CULPRITS[i]!));
    for (const row of rows) {
      const graph = row.slice(38, 48);
      expect(graph).toMatch(/^[▁-█]+ *$/);
    }
  }
});

test("over 20 refreshes, the five culprits are the first five rows, in an order that changes at most twice", async () => {
  for (const columns of [80, 120]) {
    const frames = await framesOf(
      { columns, rows: 40, screen: { mode: "processes", only: true } },
      culprits({ samples: 20 }),
    );
    const orders = frames.map((lines) =>
      listOf(lines)
        .slice(0, 5)
        .map((row) => /archive|buflog|dd|pool|wal/.exec(row)?.[0])
        .join(" "),
    );
    expect(new Set(orders.join(" ").split(" ")).size).toBe(5);
    const changes = orders.filter(
      (order, i) => i > 0 && order !== orders[i - 1],
    );
    expect(changes.length).toBeLessThanOrEqual(2);
  }
});

test("what does most without waiting is above what waits for little", async () => {
  const frames = await framesOf({ columns: 80, rows: 24 }, culprits());
  const rows = listOf(frames.at(-1)!);
  const at = (name: string) => rows.findIndex((row) => row.includes(name));
  expect(at("buflog")).toBeLessThan(at("pool"));
  expect(at("wal")).toBeLessThan(at("init"));
});
