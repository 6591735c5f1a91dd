import { expect, test, setDefaultTimeout } from "bun:test";
import type { Sample } from "../../../../src/model/sample.ts";
import { makeSample, row } from "../../../support/samples.ts";
import { framesOf } from "../../../support/screen/screen-frames.ts";
import type { ScreenSetup } from "../../../support/screen/screen-harness.ts";

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

const graphAt = async (
  samples: readonly Sample[],
  setup: Partial<ScreenSetup> = {},
): Promise<string> =>
  (await framesOf({ columns: 80, rows: 24, ...setup }, samples))
    .at(-1)![0]!
    .replace(/^.* Total DISK WRITE: +\S+ /, "");
const all = (...mib: readonly number[]): readonly Sample[] =>
  mib.map((each) => writing(each * MIB));

test("a total's graph says the value at full height, and dots are the time before", async () => {
  expect(await graphAt(all(10, 16))).toBe("· · ▇ 20M");
  expect(await graphAt(all(10, 16, 5))).toBe("· ·▇▂ 20M");
  expect(await graphAt(all(10, 10, 134))).toBe("· ▁▇ 160M");
});

test("a cell is two samples, whatever it is drawn with: in braille both, else the higher one", async () => {
  const samples = all(20, 5, 5, 20, 0, 10, 10);
  expect(await graphAt(samples)).toBe("·██▄▄ 20M");
  expect(await graphAt(samples, { graph: "ascii" })).toBe(" ||.. 20M");
  expect(await graphAt(samples, { graph: "braille" })).toBe("·⣇⣸⢠⡄ 20M");
});

test("the scale is that of what is drawn", async () => {
  const later = Array<number>(7).fill(10);
  expect(await graphAt(all(134, ...later))).toBe("▇▁▁▁ 160M");
  // Beside a longer scale the burst would have no room.
  expect(await graphAt(all(134, ...later, 10))).toBe("████  10M");
  expect(await graphAt(all(134, 10, ...later, 10, 10))).toBe("█████ 10M");
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
