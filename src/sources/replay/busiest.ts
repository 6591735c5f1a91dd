/** Finds the sample in which tasks read and wrote most a second, from the first bytes of the lines. */
import { createReadStream } from "node:fs";
import type { Bytes } from "./byte-reader.ts";
import { decompress } from "./decompress.ts";
import { beginOf, isWanted, readHead } from "./line-head.ts";
import { splitLines } from "./lines.ts";
import { mayHold } from "./merge-recordings.ts";
import { placeOf } from "./recording-files.ts";
import type { Choice } from "./replay-reading.ts";

/** @returns a moment in it, Unix ms; null if no line is as iotop writes it */
export async function findBusiest({
  files,
  wanted,
}: Pick<Choice, "files" | "wanted">): Promise<number | null> {
  let most = -1;
  let busiestMs: number | null = null;
  for (const { path } of mayHold(files, wanted)) {
    const chunks = createReadStream(placeOf(path))[Symbol.asyncIterator]();
    for await (const { bytes } of splitLines(decompress(chunks, () => {}))) {
      const head = readHead(bytes);
      if (head === null || !isWanted(head, wanted)) continue;
      const rate = movedIn(bytes) / head.intervalNs;
      if (rate <= most) continue;
      most = rate;
      busiestMs = (beginOf(head) + head.timeMs) / 2;
    }
  }
  return busiestMs;
}

const FIRST_BYTES = 1024;
const TOTAL =
  /"total":\{"tasks":\d+,"read_bytes":(\d+|null),"write_bytes":(\d+|null)/;

/** Bytes that all tasks read and wrote; what is unknown is 0. */
function movedIn({ buffer, byteOffset, length }: Bytes): number {
  const first = Buffer.from(buffer, byteOffset, Math.min(length, FIRST_BYTES));
  const [, read = "", write = ""] = TOTAL.exec(first.toString("latin1")) ?? [];
  return (Number(read) || 0) + (Number(write) || 0);
}
