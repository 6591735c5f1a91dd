/** A made-up run of a busy machine whose totals are known exactly, with names that servers choke on. */
import type { Sample } from "../../../src/model/sample.ts";
import { makeSample, row } from "../samples.ts";

const ODD_NAMES = [
  "x|y@z#3",
  "käse",
  "proc/a b",
  "a\nb:1|c",
  "a b",
  "a_b",
  '"\\\x01\x1b]',
  "",
  "~",
  "_other",
  "1;2=3,4",
];

/** @param groups how many names, the odd ones among them; @param count how many samples */
export function generateRun(groups: number, count: number): Sample[] {
  const names = Array.from({ length: groups }, (_, index) =>
    index % 10 === 0 && index / 10 < ODD_NAMES.length
      ? ODD_NAMES[index / 10]!
      : `worker-${index}`,
  );
  return Array.from({ length: count }, (_, seq) =>
    makeSample({
      seq: seq + 1,
      host: { diskReadBytes: 512 * seq, diskWriteBytes: 1024 * seq },
      threads: names.map((comm, index) =>
        row({
          tid: index + 1,
          comm,
          readBytes: 1024 * ((index * 7919 + seq * 104_729) % 99_991),
          writeBytes: 1024 * ((index * 31 + seq) % 5),
          cancelledBytes: index % 3 === 0 ? 1024 : 0,
          ioWaitNs: index * 1_234_567 + seq,
          exit: (index + seq) % 11 === 0 ? { code: 0, signal: 0 } : null,
        }),
      ),
    }),
  );
}

/** Sum over a run of one of the counters that every task of it has. */
export function sumOverRun(
  samples: readonly Sample[],
  counter: "readBytes" | "writeBytes" | "cancelledBytes" | "ioWaitNs",
): number {
  return samples.reduce((sum, { host }) => sum + host[counter]!, 0);
}
