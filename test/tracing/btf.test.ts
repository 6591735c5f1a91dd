import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { existsSync, readFileSync } from "node:fs";
import { Btf, BtfError } from "../../src/tracing/btf.ts";
import { findLayout } from "../../src/tracing/kernel-layout.ts";
import { PROGRAMS } from "../../src/tracing/programs.ts";
import { BtfBytes } from "../support/bytes/btf-bytes.ts";
import { needing } from "../support/needs.ts";

setDefaultTimeout(60_000);

const VMLINUX = "/sys/kernel/btf/vmlinux";
const lack = existsSync(VMLINUX) ? null : "a kernel with BTF";

/** A little of everything: each kind of type before the ones that are looked for. */
function example(): BtfBytes {
  const btf = new BtfBytes();
  const int = btf.integer("int");
  btf.array(int);
  btf.add(7, "forward", 0);
  btf.add(9, "", int);
  btf.add(11, "", int);
  btf.add(12, "function", int);
  btf.add(14, "variable", int, [1]);
  btf.add(15, ".data", 4, [1, 0, 4], 1);
  btf.add(16, "float", 4);
  btf.add(17, "tag", int, [0]);
  btf.add(18, "type tag", int);
  btf.add(19, "wide", 8, [0, 1, 0], 1);
  const inner = btf.struct("inner", ["x", int, 0], ["y", int, 32]);
  const nameless = btf.union(
    "",
    ["a", int, 0],
    [...(["", btf.struct("", ["b", int, 0], ["deep", inner, 64]), 0] as const)],
  );
  btf.struct(
    "outer",
    ["first", int, 0],
    ["", nameless, 64],
    ["in", btf.constant(btf.typedef("inner_t", inner)), 256],
  );
  btf.bitStruct("bits", ["flag", int, 3], ["whole", int, 32]);
  btf.enum("flags", { PG_locked: 0, PG_head: 6 });
  const pointer = btf.pointer(btf.constant(inner));
  btf.tracepoint("event", pointer, int, btf.pointer(0), btf.pointer(int));
  return btf;
}

test("members: direct, in nameless ones, by dots, behind typedefs", () => {
  const btf = new Btf(example().bytes());
  const at = (path: string) => btf.findOffset("outer", path);
  expect([at("first"), at("a"), at("b"), at("in.y")]).toEqual([0, 8, 8, 36]);
  expect([at("deep.x"), at("deep.y"), at("nothing")]).toEqual([16, 20, null]);
  expect(at("first.x")).toBeNull();
  expect(btf.offsetOf("outer", "old.name", "in.x")).toBe(32);
  expect(btf.offsetOf("bits", "whole")).toBe(4);
});

test("what is missing is named", () => {
  const btf = new Btf(example().bytes());
  expect(() => btf.offsetOf("outer", "new", "old")).toThrow("outer.new");
  expect(() => btf.offsetOf("forward", "x")).toThrow(/^forward$/);
  expect(() => btf.constant("flags", "PG_x")).toThrow("flags.PG_x");
  expect(() => btf.constant("inner", "x")).toThrow("inner.x");
  expect(btf.tracepoint("event ")).toBeNull();
});

test("constants, and arguments of tracepoints by what they point to", () => {
  const btf = new Btf(example().bytes());
  expect(btf.constant("flags", "PG_head")).toBe(6);
  expect(btf.tracepoint("event")?.argumentTypes).toEqual([
    ...["inner", null, null, null],
  ]);
});

test("a typedef of that name that is no function is no tracepoint", () => {
  const btf = new BtfBytes();
  btf.typedef("btf_trace_odd", btf.pointer(btf.integer("int")));
  expect(new Btf(btf.bytes()).tracepoint("odd")).toBeNull();
});

test("circles end with an error", () => {
  const types = new BtfBytes();
  types.typedef("btf_trace_loop", 1);
  types.struct("self", ["", 2, 0]);
  const btf = new Btf(types.bytes());
  expect(() => btf.tracepoint("loop")).toThrow("circle");
  expect(() => btf.findOffset("self", "x")).toThrow("circle");
});

test("a kind of type that is not known yet is an error, not a guess", () => {
  const types = example();
  types.add(20, "new", 0);
  expect(() => new Btf(types.bytes())).toThrow("types of kind 20");
});

/** All that is asked of it. */
function askAll(bytes: Uint8Array): void {
  const btf = new Btf(bytes);
  for (const path of ["first", "deep.y", "in.y", "nothing"])
    btf.findOffset("outer", path);
  btf.constant("flags", "PG_head");
  btf.tracepoint("event");
}

function expectOnlyBtfErrors(bytes: Uint8Array): void {
  try {
    askAll(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(BtfError);
  }
}

test("cut off anywhere: an error that says so", () => {
  const whole = example().bytes();
  for (let length = 0; length < whole.length; length++)
    expect(() => askAll(whole.slice(0, length))).toThrow(BtfError);
  askAll(whole);
});

test("any bytes give an answer or an error, and an end", () => {
  const whole = example().bytes();
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(changes, (each) => {
      const bytes = whole.slice();
      for (const [at, value] of each) bytes[at] = value;
      expectOnlyBtfErrors(bytes);
    }),
    { numRuns: 5000 },
  );
});

test.skipIf(lack !== null)(
  needing("the running kernel has all that the programs read", lack),
  () => {
    const btf = new Btf(readFileSync(VMLINUX));
    const layout = findLayout(btf);
    expect(layout.dentry.inList).toBeGreaterThan(0);
    for (const { tracepoint, isOptional } of PROGRAMS)
      if (!isOptional) expect(btf.tracepoint(tracepoint)).not.toBeNull();
  },
);
