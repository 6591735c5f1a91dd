import { expect, test } from "bun:test";
import { findSection } from "../../src/kernel/elf-section.ts";

/** An executable with these sections, all behind its header. */
function makeExecutable(
  sections: readonly { name: string; address: number; bytes: number }[],
): Buffer {
  const all = [...sections, { name: ".shstrtab", address: 0, bytes: 0 }];
  const names = Buffer.from(`\0${all.map(({ name }) => `${name}\0`).join("")}`);
  const tableAt = 64 + names.length;
  const file = Buffer.alloc(tableAt + 64 * (1 + all.length));
  file.write("\x7fELF\x02\x01", "latin1");
  file.writeUInt16LE(2, 16);
  file.writeBigUInt64LE(BigInt(tableAt), 40);
  file.writeUInt16LE(1 + all.length, 60);
  file.writeUInt16LE(all.length, 62);
  names.copy(file, 64);
  all.forEach(({ name, address, bytes }, i) => {
    const at = tableAt + 64 * (1 + i);
    file.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, at);
    file.writeBigUInt64LE(BigInt(address), at + 16);
    file.writeBigUInt64LE(BigInt(bytes), at + 32);
    if (name !== ".shstrtab") return;
    file.writeBigUInt64LE(64n, at + 24);
    file.writeBigUInt64LE(BigInt(names.length), at + 32);
  });
  return file;
}

const find = (name: string, file: Buffer) =>
  findSection(name, (offset, bytes) => file.subarray(offset, offset + bytes));

const file = makeExecutable([
  { name: ".text", address: 0x1a40000, bytes: 0x4e0 },
  { name: ".bun_builtins", address: 0x17a0000, bytes: 0x29 },
  { name: ".bun", address: 0x6a22000, bytes: 0x6e6404 },
]);

test("a section is found by its whole name", () => {
  expect(find(".bun", file)).toEqual({ address: 0x6a22000, bytes: 0x6e6404 });
  expect(find(".text", file)).toEqual({ address: 0x1a40000, bytes: 0x4e0 });
  expect(find(".bu", file)).toBeNull();
});

test("what is no such executable has none", () => {
  const moved = Buffer.from(file);
  moved.writeUInt16LE(3, 16);
  const unnamed = Buffer.from(file);
  unnamed.writeUInt16LE(0xffff, 62);
  for (const other of [
    moved,
    unnamed,
    Buffer.from("#!/bin/sh\n"),
    Buffer.alloc(0),
  ])
    expect(find(".bun", other)).toBeNull();
});

test("nor has one that ends early", () => {
  for (let length = 0; length < file.length; length++)
    expect(find(".bun", file.subarray(0, length))).toBeNull();
});
