/** Recordings for tests: lines as iotop writes them, in files. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { encodeRecord, toRecord } from "../../../src/model/record/record.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { makeSample, row } from "../samples.ts";

export interface Moment {
  readonly seq: number;
  /** End of the interval. */
  readonly timeMs: number;
  readonly host?: string;
  readonly bootId?: string;
  readonly intervalS?: number;
  readonly writeBytes?: number;
  /** By default, since one moment. */
  readonly uptimeS?: number;
}

/** One task of a host, which writes. */
export function momentOf({
  seq,
  timeMs,
  host = "web1",
  bootId = `boot of ${host}`,
  intervalS = 1,
  writeBytes = 4096,
  uptimeS = timeMs / 1000 - 1.7e9,
}: Moment): Sample {
  return makeSample({
    ...{ seq, timeMs, uptimeS },
    intervalNs: intervalS * 1e9,
    origin: { hostname: host, bootId },
    threads: [
      row({
        tid: 5,
        startMs: 1.7e12,
        writeBytes,
        since: { writeBytes: seq * writeBytes },
        elapsedNs: intervalS * 1e9,
      }),
    ],
  });
}

export const lineOf = (sample: Sample, all = false): string =>
  `${encodeRecord(toRecord(sample, { all, view: DEFAULT_VIEW }))}\n`;

/** A file of one line for each moment, packed if its name says so. */
export function writeRecording(
  path: string,
  moments: readonly Moment[],
): string {
  const text = Buffer.from(
    moments.map((each) => lineOf(momentOf(each))).join(""),
  );
  const bytes = path.endsWith(".gz")
    ? Bun.gzipSync(text)
    : path.endsWith(".zst")
      ? Bun.zstdCompressSync(text)
      : text;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** One a second, the first one ending a second after the begin. */
export function moments(
  count: number,
  beginMs: number,
  more: Partial<Moment> = {},
): readonly Moment[] {
  return Array.from({ length: count }, (_, at) => ({
    seq: at + 1,
    timeMs: beginMs + 1000 * (at + 1),
    ...more,
  }));
}
