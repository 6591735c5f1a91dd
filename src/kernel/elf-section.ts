/** Where a section of an executable is in memory (elf(5): 64 bits, little-endian). */

export interface Section {
  readonly address: number;
  readonly bytes: number;
}

const HEADER_BYTES = 64;
const ENTRY_BYTES = 64;
const MAGIC = "\x7fELF\x02\x01";
/** An executable that is loaded where it says. */
const ET_EXEC = 2;

/**
 * @param read so many bytes of the file from an offset on; fewer at its end
 * @returns null if there is none, or this is no such file
 */
export function findSection(
  name: string,
  read: (offset: number, bytes: number) => Buffer,
): Section | null {
  const header = read(0, HEADER_BYTES);
  if (header.length < HEADER_BYTES) return null;
  if (header.toString("latin1", 0, MAGIC.length) !== MAGIC) return null;
  if (header.readUInt16LE(16) !== ET_EXEC) return null;
  const count = header.readUInt16LE(60);
  const namesIndex = header.readUInt16LE(62);
  const table = read(Number(header.readBigUInt64LE(40)), count * ENTRY_BYTES);
  if (table.length < count * ENTRY_BYTES || namesIndex >= count) return null;
  const fieldOf = (index: number, at: number): number =>
    Number(table.readBigUInt64LE(index * ENTRY_BYTES + at));
  const names = read(fieldOf(namesIndex, 24), fieldOf(namesIndex, 32));
  for (let index = 0; index < count; index++) {
    const from = table.readUInt32LE(index * ENTRY_BYTES);
    if (names.toString("latin1", from, names.indexOf(0, from)) === name)
      return { address: fieldOf(index, 16), bytes: fieldOf(index, 32) };
  }
  return null;
}
