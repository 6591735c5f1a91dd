/** What the first bytes of a line say of its sample, so that a line that is not wanted need not be parsed. */
import type { Sample } from "../../model/sample.ts";
import type { Bytes } from "./byte-reader.ts";

export interface Head {
  /** End of the interval, Unix ms. */
  readonly timeMs: number;
  readonly intervalNs: number;
  readonly host: string;
}

/** Enough for a name of a host of the length that Linux allows. */
const HEAD_BYTES = 320;
const HEAD =
  /^\{"schema":"iotop\.sample\/1","seq":\d+,"time":"([^"]+)",(?:"time_ms":\d+,)?"uptime_s":[\d.]+,"interval_s":([\d.]+),"host":"([^"\\]*)"/;

/** Null if the line does not begin as iotop writes it: then it must be parsed. */
export function readHead(line: Bytes): Head | null {
  const { buffer, byteOffset, length } = line;
  const bytes = Buffer.from(buffer, byteOffset, Math.min(length, HEAD_BYTES));
  const match = HEAD.exec(bytes.toString());
  if (match === null) return null;
  const timeMs = Date.parse(match[1]!);
  const intervalNs = Math.round(Number(match[2]) * 1e9);
  if (!Number.isFinite(timeMs) || !Number.isFinite(intervalNs)) return null;
  return { timeMs, intervalNs, host: match[3]! };
}

export function headOf({ timeMs, intervalNs, origin }: Sample): Head {
  return { timeMs, intervalNs, host: origin.hostname };
}

/** Begin of the interval, Unix ms. */
export function beginOf({
  timeMs,
  intervalNs,
}: Pick<Head, "timeMs" | "intervalNs">): number {
  return timeMs - intervalNs / 1e6;
}

/** Which samples are wanted. */
export interface Wanted {
  /** Those that end after this and begin before that, Unix ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Those of this host alone; null: of all. */
  readonly host: string | null;
}

export const ALL: Wanted = { fromMs: -Infinity, toMs: Infinity, host: null };

export function isWanted(head: Head, { fromMs, toMs, host }: Wanted): boolean {
  return (
    head.timeMs > fromMs &&
    beginOf(head) < toMs &&
    (host === null || head.host === host)
  );
}
