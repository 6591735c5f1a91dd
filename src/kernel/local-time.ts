/**
 * Local time according to the C library. The runtime's own local time understands only names of zones. It takes every
 * other form of TZ in tzset(3) (":/etc/localtime", "JST-9", "CET-1CEST,M3.5.0,M10.5.0/3", a path) for UTC.
 */
import { libc } from "./libc.ts";

/**
 * struct tm: int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst; long tm_gmtoff; char
 * *tm_zone.
 */
const TM_BYTES = 56;

const seconds = new BigInt64Array(new ArrayBuffer(8));
const fields = new Int32Array(new ArrayBuffer(TM_BYTES));

/**
 * Calendar and clock at a Unix time, ms. The library reads TZ and its file at the first call.
 *
 * @throws RangeError for a year that does not fit an int, and what `libc` throws
 */
export function localTime(timeMs: number) {
  seconds[0] = BigInt(Math.floor(timeMs / 1000));
  if (libc().call.localtime_r(seconds, fields) === null)
    throw new RangeError(`${timeMs} ms is not a valid time`);
  return {
    year: fields[5]! + 1900,
    month: fields[4]! + 1,
    day: fields[3]!,
    hour: fields[2]!,
    minute: fields[1]!,
    second: fields[0]!,
  };
}
