import type { LocalTime } from "../../src/model/text/format.ts";

/** The local time of tests: the same on every machine. */
export function utcTime(timeMs: number): LocalTime {
  const time = new Date(timeMs);
  return {
    year: time.getUTCFullYear(),
    month: time.getUTCMonth() + 1,
    day: time.getUTCDate(),
    hour: time.getUTCHours(),
    minute: time.getUTCMinutes(),
    second: time.getUTCSeconds(),
  };
}
