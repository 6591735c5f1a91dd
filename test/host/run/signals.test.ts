import { expect, test } from "bun:test";
import { parseIgnored } from "../../../src/host/run/signals.ts";

const status = (mask: string): string =>
  `SigBlk:\t0000000000000000\nSigIgn:\t${mask}\nSigCgt:\t00000001ffffffff\n`;

test.each([
  ["0000000000000000", 1, false],
  ["0000000000000001", 1, true],
  ["0000000000001000", 13, true],
  ["0000000000001000", 1, false],
  ["8000000000000000", 64, true],
])("SigIgn %s, signal %p", (mask, signal, ignored) => {
  expect(parseIgnored(status(mask), signal)).toBe(ignored);
});

test("a kernel that does not tell ignores nothing", () => {
  expect(parseIgnored("Name:\tx\n", 1)).toBe(false);
});
