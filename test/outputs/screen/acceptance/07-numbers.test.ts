import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  compactBytes,
  compactCount,
  compactPercent,
  compactTime,
} from "../../../../outputs/screen/table/compact-numbers.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { framesOf, listOf } from "../../../support/screen/screen-frames.ts";
import { makeSample, row } from "../../../support/samples.ts";

setDefaultTimeout(120_000);

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const isShort = (text: string): boolean =>
  text.length <= 5 && text.replaceAll(/\D/g, "").length <= 3;

test.each([
  [0, "0"],
  [1, "1B"],
  [999, "999B"],
  [1000, "0.98K"],
  [1000 * KIB, "0.98M"],
  [1023 * KIB, "1.00M"],
  [999.4 * KIB, "999K"],
  [99.96 * KIB, "100K"],
  [9.996 * KIB, "10.0K"],
  [30.1 * MIB, "30.1M"],
  [412 * KIB, "412K"],
  [GIB, "1.00G"],
  [null, "?"],
])("%j bytes are %s", (bytes, text) => {
  expect(compactBytes(bytes)).toBe(text);
});

test.each([
  [0, "0"],
  [0.02, "0.1%"],
  [0.34, "0.3%"],
  [5.4, "5%"],
  [139, "139%"],
  [4000, "4.0k%"],
  [40_000, "40k%"],
  [null, "?"],
])("%j percent are %s", (percent, text) => {
  expect(compactPercent(percent)).toBe(text);
});

test("any number has at most three digits and five cells", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (amount) => {
      for (const si of [false, true])
        expect(compactBytes(amount, { kilobytes: false, si })).toSatisfy(
          isShort,
        );
      expect(compactCount(amount)).toSatisfy(isShort);
      expect(compactPercent(amount / 1e9)).toSatisfy(isShort);
      expect(compactTime(amount * 10)).toSatisfy(isShort);
    }),
    { numRuns: 2000 },
  );
});

test("every number in the list is as short, whatever the amounts are", async () => {
  const amounts = [0, 999, 1000 * KIB, 1023 * KIB, GIB];
  const odd = makeSample({
    threads: amounts.map((bytes, i) =>
      row({ tid: 100 + i, readBytes: bytes, writeBytes: bytes }),
    ),
  });
  for (const columns of [40, 80, 120, 200]) {
    const frames = await framesOf({ columns, rows: 24 }, [...culprits(), odd]);
    for (const lines of frames)
      for (const line of listOf(lines)) {
        // After the id, PRIO and USER, before graph and command.
        const numbers =
          line.slice(7).match(/(?<= )[\d.?]+[BKMGT%]?(?= )/g) ?? [];
        for (const number of numbers) expect(number).toSatisfy(isShort);
      }
  }
});
