import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { packRows, unpackRows } from "../../../src/model/kept/packed-rows.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import { row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

test("rows are read back as they were", () => {
  fc.assert(
    fc.property(samplesArbitrary, (samples) => {
      for (const { threads } of samples)
        expect(unpackRows(packRows(threads))).toEqual([...threads]);
    }),
  );
});

test("with all that a row may have, and with what is unknown", () => {
  const rows = [
    row({
      tid: 1,
      readBytes: 2 ** 52,
      writeBytes: null,
      ioWaitNs: 1.5,
      since: { readBytes: null, writeBytes: 7 },
      lifetime: { readBytes: 9, writeBytes: null, cancelledBytes: 0 },
      count: 12,
      born: true,
      exit: { code: null, signal: 9 },
      blockedNs: null,
      elapsedNs: 123_456_789.25,
    }),
    row({ tid: 2, blockedNs: 5e9, lifetime: null }),
  ];
  const again = unpackRows(packRows(rows));
  expect(again).toEqual(rows);
  expect(again[1]!.task).toBe(rows[1]!.task);
  expect(again[0]!.writeRate).toBeNull();
});

test("many rows take some bytes each", () => {
  const rows = Array.from({ length: 3000 }, (_, i) =>
    row({ tid: 1 + i, readBytes: 1024 * i, ioWaitNs: i, lifetime: null }),
  );
  const { tasks, numbers } = packRows(rows);
  expect(tasks.bytes.byteLength).toBe(0);
  expect(numbers.byteLength / rows.length).toBeLessThan(30);
  expect(unpackRows(packRows(rows))).toHaveLength(3000);
});
