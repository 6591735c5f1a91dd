/**
 * Compresses a file of a store. What it holds is under one name at every moment, and never under two: the compressed
 * file is complete and on the disk before the plain one goes, and has its own name after that. So a crash loses
 * nothing, and what it leaves says how to go on.
 */
import type { FileHandle } from "node:fs/promises";
import {
  storeFileName,
  type StoreFile,
} from "../../model/store/store-files.ts";
import type { StoredFile, StoreFolder } from "./folder.ts";

/** Of the plain file, each of which makes a frame: it bounds the memory, and is longer than zstd looks back. */
const PIECE_BYTES = 4 << 20;
const LEVEL = 3;

const nameAs = (file: StoreFile, form: StoreFile["form"]): string =>
  storeFileName({ ...file, form });

/**
 * Puts the compressed file in the plain one's place. If there is a compressed one already, it goes on in that.
 *
 * @param signal gives up when it aborts: then the plain file stays
 * @throws what the system said; the plain file stays then too
 */
export async function compressFile(
  folder: StoreFolder,
  file: StoreFile,
  mode: number | null,
  signal: AbortSignal,
): Promise<void> {
  const part = nameAs(file, "unfinished");
  const output = await folder.makeFile(part, mode);
  try {
    try {
      await copyCompressed(folder, file, output, signal);
      await output.sync();
    } finally {
      await output.close();
    }
    await folder.sync();
    signal.throwIfAborted();
  } catch (error) {
    await folder.remove(part);
    throw error;
  }
  await folder.remove(nameAs(file, "plain"));
  await folder.rename(part, nameAs(file, "compressed"));
  await folder.sync();
}

async function copyCompressed(
  folder: StoreFolder,
  file: StoreFile,
  output: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  for await (const bytes of readFile(
    folder,
    nameAs(file, "compressed"),
    signal,
  ))
    await writeAll(output, bytes);
  for await (const bytes of readFile(folder, nameAs(file, "plain"), signal))
    await writeAll(output, await compress(bytes));
}

/** On a thread of the runtime's own. With a checksum, as the program zstd writes it. */
async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  // Most runs never need it.
  const { constants, zstdCompress } = await import("node:zlib");
  const params = {
    [constants.ZSTD_c_compressionLevel]: LEVEL,
    [constants.ZSTD_c_checksumFlag]: 1,
  };
  return new Promise((resolve, reject) =>
    zstdCompress(bytes, { params }, (error, compressed) =>
      error === null ? resolve(compressed) : reject(error),
    ),
  );
}

/** The file in pieces, each valid until the next; nothing if there is none. */
async function* readFile(
  folder: StoreFolder,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const input = await folder.readFile(name);
  if (input === null) return;
  try {
    if (!(await input.stat()).isFile())
      throw new Error(`${folder.nameOf(name)} is not a regular file`);
    const piece = Buffer.alloc(PIECE_BYTES);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await input.read(piece, 0, piece.length);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await input.close();
  }
}

async function writeAll(output: FileHandle, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) {
    const { bytesWritten } = await output.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}

/**
 * Ends what a crash interrupted. A plain file is whole, so that what was made of it goes. Where it is gone, the
 * compressed one was complete.
 *
 * @param files of one host
 */
export async function finishCompressing(
  folder: StoreFolder,
  files: readonly StoredFile[],
): Promise<void> {
  const names = new Set(files.map(({ name }) => name));
  for (const file of files) {
    if (file.form !== "unfinished") continue;
    if (names.has(nameAs(file, "plain"))) await folder.remove(file.name);
    else await folder.rename(file.name, nameAs(file, "compressed"));
  }
}
