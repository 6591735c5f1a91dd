/** Encodings as Documentation/bpf/standardization/instruction-set.rst has them, worked out by hand. */
import { expect, test } from "bun:test";
import { Assembler } from "../../src/tracing/assembler.ts";

const encode = (write: (code: Assembler) => void): string => {
  const code = new Assembler();
  write(code);
  return code.bytes().toHex();
};

test.each<[string, (code: Assembler) => void, string]>([
  ["r6 = r1", (c) => c.move(6, 1), "bf16000000000000"],
  ["r0 = 0", (c) => c.set(0, 0), "b700000000000000"],
  ["r9 = -2", (c) => c.set(9, -2), "b7090000feffffff"],
  ["r2 = r10", (c) => c.address(2, 10, 0), "bfa2000000000000"],
  [
    "r2 = r10 - 40",
    (c) => c.address(2, 10, -40),
    "bfa2000000000000" + "07020000d8ffffff",
  ],
  ["r1 += 4096", (c) => c.add(1, 4096), "0701000000100000"],
  ["r1 &= 255", (c) => c.and(1, 255), "57010000ff000000"],
  ["r9 <<= r1", (c) => c.shiftLeft(9, 1), "6f19000000000000"],
  ["r1 = u64 at r6 + 8", (c) => c.load("u64", 1, 6, 8), "7961080000000000"],
  ["r1 = u32 at r6 - 4", (c) => c.load("u32", 1, 6, -4), "6161fcff00000000"],
  ["r1 = u16 at r6", (c) => c.load("u16", 1, 6, 0), "6961000000000000"],
  ["r1 = u8 at r6", (c) => c.load("u8", 1, 6, 0), "7161000000000000"],
  ["u64 at r10 - 8 = r1", (c) => c.store("u64", 10, -8, 1), "7b1af8ff00000000"],
  ["u32 at r10 - 4 = r1", (c) => c.store("u32", 10, -4, 1), "631afcff00000000"],
  [
    "u64 at r10 - 8 = 1",
    (c) => c.storeConstant("u64", 10, -8, 1),
    "7a0af8ff01000000",
  ],
  [
    "u32 at r10 - 8 = 6",
    (c) => c.storeConstant("u32", 10, -8, 6),
    "620af8ff06000000",
  ],
  ["lock u64 at r0 += r1", (c) => c.addToMemory(0, 1), "db10000000000000"],
  ["r1 = map 5", (c) => c.loadMap(1, 5), "1811000005000000" + "00".repeat(8)],
  [
    "r3 = value of map 5",
    (c) => c.loadValueAddress(3, 5),
    "1823000005000000" + "00".repeat(8),
  ],
  ["call map_lookup_elem", (c) => c.call("mapLookup"), "8500000001000000"],
  ["call probe_read_kernel", (c) => c.call("readKernel"), "8500000071000000"],
  ["exit", (c) => c.exit(), "b700000000000000" + "9500000000000000"],
])("%s", (_, write, bytes) => expect(encode(write)).toBe(bytes));

test("jumps count from the instruction after them, forwards and backwards", () => {
  expect(
    encode((code) => {
      code.label("again");
      code.jumpIfZero(1, "end");
      code.jumpIfEqual(2, 7, "end");
      code.jumpUnlessEqual(3, 8, "end");
      code.jumpIfSame(4, 5, "end");
      code.jumpIfLess(6, 2, "again");
      code.jump("again");
      code.label("end");
    }),
  ).toBe(
    "1501050000000000" +
      "1502040007000000" +
      "5503030008000000" +
      "1d54020000000000" +
      "a506fbff02000000" +
      "0500faff00000000",
  );
});

test("addresses of maps are two instructions, which jumps count", () => {
  expect(
    encode((code) => {
      code.jump("end");
      code.loadMap(1, 5);
      code.label("end");
    }),
  ).toStartWith("0500020000000000");
});

test("a jump to nowhere is a fault of ours", () => {
  expect(() => encode((code) => code.jump("x"))).toThrow('no label "x"');
});

test("new labels differ", () => {
  const code = new Assembler();
  expect(code.newLabel("x")).not.toBe(code.newLabel("x"));
});
