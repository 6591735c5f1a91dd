import { describe, expect, test } from "bun:test";
import { encodeLine } from "../../../outputs/statsd/lines.ts";
import {
  namingOf,
  type NamingOptions,
} from "../../../outputs/statsd/naming.ts";
import { makeSample } from "../../support/samples.ts";
import { STATSD_DEFAULTS } from "../../support/servers/statsd-output.ts";

const DISK = {
  scope: "disk",
  field: "read_bytes",
  of: null,
  type: "c",
  value: 1,
} as const;

/** A line of each sample, by its time. */
function linesOf(
  timesMs: readonly number[],
  options: Partial<NamingOptions>,
  origin: "live" | "replay" = "live",
): string[] {
  const name = namingOf({ ...STATSD_DEFAULTS, host: "off", ...options });
  return timesMs.map((timeMs) =>
    encodeLine(DISK, name(makeSample({ timeMs }), origin)),
  );
}

describe("times", () => {
  test("are sent to Datadog in a replay, and where they are asked for", () => {
    const at = [1_795_647_185_220];
    const plain = "iotop.disk.read_bytes:1|c";
    const timed = `${plain}|T1795647185`;
    const tags = "dogstatsd";
    expect(linesOf(at, { tags }, "replay")).toEqual([timed]);
    expect(linesOf(at, { tags, timestamps: true })).toEqual([timed]);
    expect(linesOf(at, { tags, timestamps: false }, "replay")).toEqual([plain]);
    expect(linesOf(at, { tags })).toEqual([plain]);
    expect(linesOf(at, { tags: "graphite" }, "replay")).toEqual([plain]);
    const tag = { env: "prod" };
    expect(linesOf(at, { tags, tag, timestamps: true })).toEqual([
      `${plain}|#env:prod|T1795647185`,
    ]);
  });

  test("are seconds of their own where samples are about a second apart", () => {
    const times = (timesMs: readonly number[]) =>
      linesOf(timesMs, { tags: "dogstatsd" }, "replay").map((line) =>
        Number(line.split("|T")[1]),
      );
    expect(times([1001, 1999, 3002, 3998, 5000])).toEqual([1, 2, 3, 4, 5]);
    expect(times([10_000, 20_001, 29_999])).toEqual([10, 20, 29]);
    // More often than once a second, they must not run ahead.
    expect(times([1000, 1100, 1200, 1300, 2000])).toEqual([1, 2, 2, 2, 2]);
  });

  test("need the dialect that has them", () => {
    expect(() => linesOf([], { timestamps: true })).toThrow(
      "timestamps needs tags=dogstatsd",
    );
  });
});
