import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import {
  listOf,
  lookAt,
  rowWith,
  titleRowOf,
} from "../../../support/screen/screen-frames.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

test("tasks that ended look like living ones in their interval, then rest dim until their graph is empty", async () => {
  const samples = culprits({ samples: 73, loopUntil: 12 });
  await using screen = await ScreenHarness.open({
    columns: 80,
    rows: 24,
    colorLevel: 2,
  });
  for (const sample of samples.slice(0, 12)) await screen.show(sample);
  const written = (text: string) => {
    const lines = screen.lines();
    const y =
      titleRowOf(lines) + 1 + listOf(lines).indexOf(rowWith(lines, text));
    const end = lines[titleRowOf(lines)]!.indexOf("WRITE/s") + 6;
    return lookAt(screen, end, y);
  };
  expect(written("dd (22 ended)")).toEqual(written("buflog"));
  expect(written("dd (22 ended)")).not.toEqual(written("[kthreadd]"));

  for (const sample of samples.slice(12, 15)) await screen.show(sample);
  const row = rowWith(screen.lines(), "dd (22 ended 3 s ago)");
  expect(row).toMatch(/^x +22× games +0 +0 +0 /);
  expect(written("dd (22 ended 3 s ago)")).toEqual(written("[kthreadd]"));
  expect(written("dd (22 ended 3 s ago)")).not.toEqual(written("buflog"));

  for (const sample of samples.slice(15)) await screen.show(sample);
  expect(rowWith(screen.lines(), "dd (")).toBe("");
});

test("a wide window, whose graphs go further back, keeps them a minute and no longer", async () => {
  const samples = culprits({ samples: 73, loopUntil: 12 });
  await using screen = await ScreenHarness.open({ columns: 300, rows: 24 });
  const seen: boolean[] = [];
  for (const sample of samples)
    seen.push(rowWith(await screen.show(sample), "dd (") !== "");
  expect(seen.lastIndexOf(true)).toBe(12 + 60 - 1);
});

test("a loop whose tasks end one by one stays one row", async () => {
  const samples = culprits({
    loopTasks: (sample) => (sample % 3 === 0 ? 0 : 1),
  });
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  for (const sample of samples) {
    const rows = listOf(await screen.show(sample));
    expect(rows.filter((row) => row.startsWith("x"))).toHaveLength(1);
  }
});

test("one by one, each ended task has its own place and graph", async () => {
  await using screen = await ScreenHarness.open({
    columns: 80,
    rows: 40,
    screen: { ended: "each" },
  });
  for (const sample of culprits({ samples: 5 })) await screen.show(sample);
  const rows = listOf(screen.lines());
  const ended = rows.filter((row) => row.includes("dd if="));
  expect(ended).toHaveLength(22);
  // 256 K each: below the pool, whose threads read 1 M each.
  expect(rows.indexOf(ended[0]!)).toBeGreaterThan(
    rows.findIndex((row) => row.includes("--name=pool")),
  );
  for (const row of ended) expect(row).toMatch(/ 256K .* {5}▂ +dd if=/);
});
