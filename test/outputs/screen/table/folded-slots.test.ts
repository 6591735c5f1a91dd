import { expect, test } from "bun:test";
import { makeSample, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

const SIZE = { columns: 140, rows: 20 } as const;
const titlesOf = (lines: readonly string[]): string =>
  lines.find((line) => line.includes("COMMAND"))!;

test("units come with the first task that is in one, and stay", async () => {
  await using screen = await ScreenHarness.open(SIZE);
  const root = { tid: 7, cgroup: "/", readBytes: 1024 };
  const sample = (more: Parameters<typeof row>[0][]) =>
    makeSample({ threads: [root, ...more].map(row) });
  expect(titlesOf(await screen.show(sample([])))).not.toContain("UNIT");
  // Nothing is read of tasks that do nothing.
  const idle = { tid: 8, cgroup: "/system.slice/a.service" };
  expect(titlesOf(await screen.show(sample([idle])))).not.toContain("UNIT");
  const busy = { ...idle, writeBytes: 512 };
  expect(titlesOf(await screen.show(sample([busy])))).toContain("UNIT");
  expect(titlesOf(await screen.show(sample([])))).toContain("UNIT");
});

test("what tasks do not have in common folds away in groups", async () => {
  await using screen = await ScreenHarness.open(SIZE);
  await screen.show(makeSample({ threads: [row({ tid: 7, readBytes: 1 })] }));
  const shown = await screen.type("yy");
  const grouped = shown.find((line) => line.includes("GRAPH"))!;
  expect(grouped).not.toContain("PRIO");
  expect(grouped.match(/USER/g)).toHaveLength(1);
});
