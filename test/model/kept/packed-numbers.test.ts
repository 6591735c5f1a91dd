import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  NumberReader,
  NumberWriter,
} from "../../../src/model/kept/packed-numbers.ts";

const LARGEST = Number.MAX_SAFE_INTEGER;
const number = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(300),
  fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
  fc.constantFrom(null, 0, 127, 128, 2 ** 31, 2 ** 32, 2 ** 32 + 1),
  fc.constantFrom(LARGEST, LARGEST - 1, LARGEST - 2, -1, 2 ** 60, Infinity),
);

test("numbers come back as they were, and in their order", () => {
  const writer = new NumberWriter();
  fc.assert(
    fc.property(fc.array(number, { maxLength: 3000 }), (numbers) => {
      for (const each of numbers) writer.put(each);
      const reader = new NumberReader(writer.take());
      expect(numbers.map(() => reader.take())).toEqual(numbers);
    }),
    { numRuns: 50 },
  );
});

test("small numbers take a byte, times and sums a few", () => {
  const bytesOf = (value: number | null): number => {
    const writer = new NumberWriter();
    writer.put(value);
    return writer.take().length;
  };
  expect([0, 100, null, 4096, 1e9, 1e12, 0.5].map(bytesOf)).toEqual([
    1, 1, 1, 2, 5, 6, 9,
  ]);
});
