import { describe, expect, test } from "bun:test";
import html from "../../../outputs/html/index.ts";
import type { RunInfo } from "../../../src/model/output.ts";
import { makeContext } from "../../support/context.ts";
import { pageDataIn } from "../../support/page.ts";
import { SAMPLE_TIME_MS, makeSample, row } from "../../support/samples.ts";

const OPTIONS = { group: "comm", rows: 10, points: 100, every: 3 } as const;

/** After each sample of a second, and at the end: how many pages were printed. */
async function pagesOf(run: Partial<RunInfo>, file: string | undefined) {
  const ctx = makeContext({}, run);
  const output = html.create(OPTIONS, file);
  const counts: number[] = [];
  for (let seq = 1; seq <= 8; seq++) {
    const timeMs = SAMPLE_TIME_MS + seq * 1000;
    const threads = [row({ tid: 5, readBytes: 1024 })];
    await output.write(makeSample({ seq, timeMs, threads }), ctx);
    counts.push(ctx.printed.length);
  }
  await output.close?.(null as never, ctx);
  return { counts, pages: ctx.printed.map(pageDataIn) };
}

describe("a live run", () => {
  test("has a page after the first sample, a newer one each few seconds, and one at the end", async () => {
    const { counts, pages } = await pagesOf({ origin: "live" }, "page.html");
    expect(counts).toEqual([1, 1, 1, 2, 2, 2, 3, 3]);
    expect(pages.map(({ samples, next_s }) => [samples, next_s])).toEqual([
      [1, 3],
      [4, 3],
      [7, 3],
      [8, null],
    ]);
  });

  test("prints one page alone to stdout", async () => {
    const { counts, pages } = await pagesOf({ origin: "live" }, undefined);
    expect(counts).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(pages.map(({ samples }) => samples)).toEqual([8]);
  });
});

test("a recording has its page at its end", async () => {
  const { pages } = await pagesOf({ origin: "replay" }, "page.html");
  expect(pages.map(({ samples, next_s }) => [samples, next_s])).toEqual([
    [8, null],
  ]);
});

test.each([
  ["user", "USER", "root"],
  ["cgroup", "CGROUP", "/system.slice"],
  ["unit", "UNIT", "system"],
] as const)("groups are those of %s", async (group, title, name) => {
  const ctx = makeContext({}, { origin: "replay" });
  const output = html.create({ ...OPTIONS, group });
  const threads = [row({ tid: 5, readBytes: 1024 })];
  await output.write(makeSample({ threads }), ctx);
  await output.close?.(null as never, ctx);
  const { groups, words } = pageDataIn(ctx.printed[0]!);
  expect([words.title, groups[0]!.name]).toEqual([title, name]);
});
