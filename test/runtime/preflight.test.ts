import { describe, expect, test } from "bun:test";
import { BuildError } from "../../src/runtime/build-error.ts";
import { ARM64, X64 } from "../../src/runtime/machine-code.ts";
import { addPreflight, preflightCode } from "../../src/runtime/preflight.ts";

const ENTRY = 0x1a40d00;
const LAST_END = 0x6d8c000;

/** The head of an executable with one loaded segment and, unless told otherwise, one of notes; then 1000 bytes. */
function makeExecutable({ notes = 1, machine = 62, type = 2 } = {}): Buffer {
  const file = Buffer.alloc(64 + 56 * (1 + notes) + 1000, 0xaa);
  file.fill(0, 0, 64 + 56 * (1 + notes));
  file.write("\x7fELF\x02\x01", "latin1");
  file.writeUInt16LE(type, 16);
  file.writeUInt16LE(machine, 18);
  file.writeBigUInt64LE(BigInt(ENTRY), 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(1 + notes, 56);
  file.writeUInt32LE(1, 64);
  file.writeBigUInt64LE(BigInt(LAST_END - 0x1000), 64 + 16);
  file.writeBigUInt64LE(0x1000n, 64 + 40);
  for (let n = 1; n <= notes; n++) file.writeUInt32LE(4, 64 + 56 * n);
  return file;
}

describe("addPreflight", () => {
  test("adds one segment, changes the entry and nothing else", () => {
    const before = makeExecutable();
    const after = addPreflight(before, X64);
    const address = Number(after.readBigUInt64LE(24));
    expect(address).toBeGreaterThanOrEqual(LAST_END);
    const [type, flags] = [after.readUInt32LE(120), after.readUInt32LE(124)];
    const [offset, at, , fileBytes, memoryBytes, align] = Array.from(
      { length: 6 },
      (_, n) => Number(after.readBigUInt64LE(128 + 8 * n)),
    );
    expect({ type, flags, at, align }).toEqual({
      type: 1,
      flags: 5,
      at: address,
      align: 0x10000,
    });
    // The kernel maps whole pages: the place in the file must be that in memory, within the largest page.
    expect(offset! % 0x10000).toBe(address % 0x10000);
    expect(memoryBytes).toBe(fileBytes!);
    expect(after.length).toBe(offset! + fileBytes!);
    expect(after.subarray(offset!)).toEqual(preflightCode(X64, address, ENTRY));
    expect(after.subarray(176, before.length)).toEqual(before.subarray(176));
    expect(after.subarray(0, 24)).toEqual(before.subarray(0, 24));
  });

  test.each([
    ["another machine", { machine: 183 }],
    ["a library", { type: 3 }],
    ["no notes, as when it is there already", { notes: 0 }],
    ["notes in two places", { notes: 2 }],
  ])("refuses an executable for or with %s", (_, shape) => {
    expect(() => addPreflight(makeExecutable(shape), X64)).toThrow(BuildError);
  });

  test("refuses what is no executable", () => {
    expect(() => addPreflight(Buffer.from("#!/bin/sh\nexit"), X64)).toThrow(
      BuildError,
    );
  });
});

describe("preflightCode", () => {
  test.each([X64, ARM64])("goes to the entry at its end", (machine) => {
    const code = preflightCode(machine, 0x7000000, ENTRY);
    const end = machine.end(ENTRY);
    expect(code.indexOf(end)).toBeGreaterThan(500);
    expect(code.indexOf(end)).toBe(code.lastIndexOf(end));
  });

  test("says of the processor only where processors differ", () => {
    expect(preflightCode(X64, 0, 0).toString("latin1")).toContain("SSE4.2");
    expect(preflightCode(ARM64, 0, 0).toString("latin1")).not.toContain("SSE");
  });

  test("has messages of one line", () => {
    const texts = preflightCode(X64, 0, 0).subarray(8192).toString("latin1");
    const lines = texts.split(/[\n\0]/).filter((line) => line !== "");
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines)
      expect(line).toMatch(/^(?:iotop: [\x20-\x7e]+|\/proc\/self\/maps)$/);
  });
});
