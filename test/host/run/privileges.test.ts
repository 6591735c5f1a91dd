import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import {
  parseAtSecure,
  readAtSecure,
} from "../../../src/host/run/privileges.ts";

describe("AT_SECURE", () => {
  const auxv = (...pairs: readonly (readonly [number, number])[]): Uint8Array =>
    new Uint8Array(
      BigUint64Array.from(pairs.flat().map((word) => BigInt(word))).buffer,
    );

  test.each([
    [auxv([6, 4096], [23, 0], [0, 0]), false],
    [auxv([6, 4096], [23, 1], [0, 0]), true],
    [auxv([23, 0]), false],
    // Behind the end nothing counts, and what is not told is assumed.
    [auxv([6, 4096], [0, 0], [23, 0]), true],
    [auxv(), true],
    [auxv([23, 0]).subarray(0, 12), true],
  ])("case %#", (bytes, secure) => {
    expect(parseAtSecure(bytes)).toBe(secure);
  });

  test("this process has no more privileges than its caller", () => {
    expect(parseAtSecure(readFileSync("/proc/self/auxv"))).toBe(false);
    expect(readAtSecure()).toBe(false);
  });
});
