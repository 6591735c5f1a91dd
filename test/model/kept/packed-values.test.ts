import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  ValueReader,
  ValueWriter,
} from "../../../src/model/kept/packed-values.ts";

const LARGEST = Number.MAX_SAFE_INTEGER;
const number = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(300),
  fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
  fc.constantFrom(null, 0, 127, 128, 2 ** 31, 2 ** 32, 2 ** 32 + 1),
  fc.constantFrom(LARGEST, LARGEST - 1, LARGEST - 2, -1, 2 ** 60, Infinity),
);

test("numbers come back as they were, and in their order", () => {
  const writer = new ValueWriter();
  fc.assert(
    fc.property(fc.array(number, { maxLength: 3000 }), (numbers) => {
      for (const each of numbers) writer.put(each);
      const reader = new ValueReader(writer.take());
      expect(numbers.map(() => reader.take())).toEqual(numbers);
    }),
    { numRuns: 50 },
  );
});

test("texts come back as they were, among numbers", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: "binary" }),
    fc.constantFrom(null, "", "bash", "\0", "\ud800", "é\u{1f427}"),
  );
  const writer = new ValueWriter();
  fc.assert(
    fc.property(fc.array(fc.tuple(text, number)), (values) => {
      for (const [each, beside] of values) {
        writer.putText(each);
        writer.put(beside);
      }
      const reader = new ValueReader(writer.take());
      expect(values.map(() => [reader.takeText(), reader.take()])).toEqual(
        values,
      );
    }),
    { numRuns: 50 },
  );
});

test("a text of any length has room, and takes a byte where it comes again", () => {
  const writer = new ValueWriter();
  const long = "\uffff".repeat(100_000);
  writer.putText(long);
  writer.putText("bash");
  writer.putText("bash");
  writer.putText(long);
  const bytes = writer.take();
  expect(bytes.length).toBe(1 + 3 + 300_000 + 1 + 1 + 4 + 1 + 1);
  const reader = new ValueReader(bytes);
  const read = [1, 2, 3, 4].map(() => reader.takeText());
  expect(read).toEqual([long, "bash", "bash", long]);
});

test("small numbers take a byte, times and sums a few", () => {
  const bytesOf = (value: number | null): number => {
    const writer = new ValueWriter();
    writer.put(value);
    return writer.take().length;
  };
  expect([0, 100, null, 4096, 1e9, 1e12, 0.5].map(bytesOf)).toEqual([
    1, 1, 1, 2, 5, 6, 9,
  ]);
});
