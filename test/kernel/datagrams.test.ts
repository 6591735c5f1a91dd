import { describe, expect, test } from "bun:test";
import { DatagramBatch } from "../../src/kernel/datagrams.ts";

describe("a batch of datagrams", () => {
  test("has one slot after the other, and a length for each", () => {
    const batch = new DatagramBatch(3, 64);
    expect(batch.bytes).toHaveLength(192);
    expect(batch.words).toHaveLength(48);
    expect(batch.lengths).toHaveLength(3);
  });

  test("shows the same memory as bytes and as words", () => {
    const batch = new DatagramBatch(2, 64);
    batch.bytes.set([0x78, 0x56, 0x34, 0x12], 64);
    expect(batch.words[16]).toBe(0x12345678);
  });

  /* Small arrays of the runtime move when their buffer is looked at, unless the buffer was there first. */
  test("never moves", async () => {
    const { ptr } = await import("bun:ffi");
    const batch = new DatagramBatch(1, 64);
    const before = [ptr(batch.bytes), ptr(batch.lengths)];
    for (let round = 0; round < 10; round++) {
      expect(batch.bytes.subarray(8, 16).buffer).toBe(batch.bytes.buffer);
      expect(batch.lengths.subarray(0).buffer).toBe(batch.lengths.buffer);
      new Array(1000).fill(0).map(() => new Uint8Array(100));
      Bun.gc(true);
    }
    expect([ptr(batch.bytes), ptr(batch.lengths)]).toEqual(before);
  });
});
