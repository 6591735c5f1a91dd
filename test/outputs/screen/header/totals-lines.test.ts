import { expect, test, setDefaultTimeout } from "bun:test";
import type { Sample } from "../../../../src/model/sample.ts";
import { makeSample, row } from "../../../support/samples.ts";
import { framesOf } from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

const MIB = 1024 * 1024;
const writing = (
  bytes: number,
  fields: Parameters<typeof makeSample>[0] = {},
) => makeSample({ threads: [row({ tid: 1, writeBytes: bytes })], ...fields });
const totalsAt = async (
  columns: number,
  samples: readonly Sample[],
): Promise<string> =>
  (await framesOf({ columns, rows: 24 }, samples)).at(-1)![0]!;

test("a total's graph says the value at full height, and dots are the time before", async () => {
  const line = await totalsAt(80, [writing(10 * MIB), writing(16 * MIB)]);
  expect(line).toEndWith("  Total DISK WRITE:  16.0M/s ···▄▇ 20M");
  const more = await totalsAt(80, [writing(10 * MIB), writing(134 * MIB)]);
  expect(more).toEndWith("  Total DISK WRITE:   134M/s ··▁▇ 160M");
});

test("where tasks cannot be read a total is a lower bound, or unknown", async () => {
  const health = { denied: 3 };
  expect(await totalsAt(80, [writing(4 * MIB, { health })])).toContain(
    "Total DISK WRITE: ≥4.00M/s ",
  );
  const nothing = {
    health,
    threads: [row({ tid: 1, readBytes: null, writeBytes: null })],
  };
  expect(await totalsAt(80, [makeSample(nothing)])).toContain(
    "Total DISK WRITE:        ? ",
  );
});

test("in narrow windows the graphs have no scale, and keep the figures", async () => {
  const line = await totalsAt(40, [writing(10 * MIB)]);
  expect(line).toContain("Total W: 10.0M");
  expect(line).not.toContain("20M");
});
