import { expect, test } from "bun:test";
import { parseIoStat } from "../../src/kernel/io-stat.ts";

test("one entry for each device that has counters; keys that are not known are passed over", () => {
  const text = [
    "254:0 rbytes=4096 wbytes=25165824 rios=1 wios=24 dbytes=0 dios=0",
    // As Linux 6.1 and 6.12 print them.
    "7:7 ",
    "7:6",
    "259:1 rbytes=1 wbytes=9007199254740991 rios=1 wios=1 dbytes=0 dios=0 cost.usage=5 cost.wait=0",
    "8:0 cost.vrate=100.00 rbytes=2 wbytes=3 rios=0",
    "8:16 cost.usage=7",
    "8:32 rbytes=x wbytes=0",
    "",
  ].join("\n");
  expect(parseIoStat(text)).toEqual([
    { device: "254:0", readBytes: 4096, writeBytes: 25_165_824 },
    { device: "259:1", readBytes: 1, writeBytes: Number.MAX_SAFE_INTEGER },
    { device: "8:0", readBytes: 2, writeBytes: 3 },
  ]);
  expect(parseIoStat("")).toEqual([]);
});
