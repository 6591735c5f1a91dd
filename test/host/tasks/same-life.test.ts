import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compareLives } from "../../../src/host/tasks/same-life.ts";
import { makeTask } from "../../support/samples.ts";

const BOOT_MS = 1_700_000_000_000;

/** @param startS as the sample tells it, by the wall clock, which said `BOOT_MS` at boot */
const seenAt = (uptimeS: number, startS: number) => ({
  task: makeTask({ tid: 7, startMs: BOOT_MS + startS * 1000 }),
  uptimeS,
});

const compare = (
  seen: ReturnType<typeof seenAt>,
  startS: number,
  uptimeS = seen.uptimeS + 1,
  setMs = 0,
) =>
  compareLives(
    seen,
    Math.floor(startS * 100),
    BOOT_MS + uptimeS * 1000 + setMs,
    uptimeS,
  );

describe("who has the id", () => {
  test("is the one that was seen if it began before that", () => {
    expect(compare(seenAt(1000, 500), 500)).toBe("same");
  });

  test("is another if it began after that", () => {
    expect(compare(seenAt(1000, 500), 1000.2)).toBe("other");
  });

  test("is the one that was seen although the clock was set, or the machine slept, since", () => {
    expect(compare(seenAt(1000, 500), 500, 1001, 3_600_000)).toBe("same");
    // The sample told a start that is an hour late, as the machine slept after it.
    expect(compare(seenAt(9000, 4100), 500)).toBe("same");
  });

  test("cannot be told within a tick of the sample, and is not acted on", () => {
    expect(compare(seenAt(1000.006, 1000.002), 1000.002)).toBe(
      "too new to tell",
    );
    expect(compare(seenAt(1000, 1000.002), 1000.002)).toBe("too new to tell");
  });

  test("is never taken for the one that was seen if it began after the sample", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e7, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        (uptimeS, part, laterS) => {
          const seen = seenAt(uptimeS, uptimeS * part);
          expect(
            compare(seen, uptimeS + laterS, uptimeS + laterS + 1),
          ).not.toBe("same");
        },
      ),
    );
  });
});
