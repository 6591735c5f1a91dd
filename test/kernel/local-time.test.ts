// waits: it starts date
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { createFormat } from "../../src/model/text/format.ts";
import { localTime } from "../../src/kernel/local-time.ts";
import { TIMES_MS, ZONES, datesOf } from "../support/machine/zones.ts";

setDefaultTimeout(30_000);

/** The library looks at TZ once in the life of a process: hence one for each zone. */
function timesOf(zone: string | undefined): readonly string[] {
  const program = `
    import { createFormat } from ${JSON.stringify(join(import.meta.dir, "../../src/model/text/format.ts"))};
    import { localTime } from ${JSON.stringify(join(import.meta.dir, "../../src/kernel/local-time.ts"))};
    const { date, clock } = createFormat({ kilobytes: false, localTime });
    for (const ms of ${JSON.stringify(TIMES_MS)}) console.log(date(ms), clock(ms));`;
  const { stdout, stderr, exitCode } = Bun.spawnSync(
    [process.execPath, "-e", program],
    {
      env: {
        PATH: process.env["PATH"] ?? "/usr/bin:/bin",
        ...(zone === undefined ? {} : { TZ: zone }),
      },
    },
  );
  expect(stderr.toString()).toBe("");
  expect(exitCode).toBe(0);
  return stdout.toString().trimEnd().split("\n");
}

describe("local times are those of date", () => {
  test.each(ZONES.map((zone) => [zone]))("TZ=%s", (zone) => {
    expect(timesOf(zone)).toEqual([...datesOf(zone, TIMES_MS)]);
  });

  test("without TZ", () => {
    expect(timesOf(undefined)).toEqual([...datesOf(undefined, TIMES_MS)]);
  });
});

test("the table of zones tells right from wrong", () => {
  const distinct = new Set(ZONES.map((zone) => datesOf(zone, TIMES_MS).join()));
  expect(distinct.size).toBeGreaterThan(15);
});

test("times before 1970 and parts of a second go to the second below", () => {
  const { date, clock } = createFormat({ kilobytes: false, localTime });
  for (const ms of [-1, -999, -1000, 0, 999, -86_400_001])
    expect(`${date(ms)} ${clock(ms)}`).toBe(
      datesOf(process.env["TZ"], [ms])[0]!,
    );
});

test("a time that no calendar has is an error", () => {
  expect(() => localTime(1e21)).toThrow(RangeError);
});
