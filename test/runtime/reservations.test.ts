import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import {
  TARGETS,
  findBun,
  nativeTarget,
  type Target,
} from "../../src/runtime/targets.ts";
import { BuildError } from "../../src/runtime/build-error.ts";
import { lowerReservations } from "../../src/runtime/reservations.ts";

// Each search goes through 100 MB.
setDefaultTimeout(120_000);

/** Where two binaries of the same length differ. */
function changedPlaces(before: Buffer, after: Buffer): number[] {
  const places: number[] = [];
  for (let at = 0; at < before.length; at++)
    if (before[at] !== after[at]) places.push(at);
  return places;
}

/** Those whose runtime is installed: this machine's always is. */
const targets = (Object.keys(TARGETS) as Target[]).filter((target) => {
  try {
    return existsSync(findBun(target));
  } catch {
    return false;
  }
});

describe("lowerReservations", () => {
  test("has a runtime to be tried on", () =>
    expect(targets).toContain(nativeTarget()));

  test.each(targets)("lowers every amount in that of %s, once", (target) => {
    const { reservations } = TARGETS[target];
    const pristine = readFileSync(findBun(target));
    const lowered = Buffer.from(pristine);
    lowerReservations(lowered, reservations);
    const changed = changedPlaces(pristine, lowered);
    // An amount is at most four bytes long, and no two are that near.
    const places = changed.filter((at, n) => at - (changed[n - 1] ?? -9) > 4);
    expect(places).toHaveLength(reservations);
    const again = Buffer.from(lowered);
    expect(() => lowerReservations(again, reservations)).toThrow(BuildError);
    expect(again.equals(lowered)).toBe(true);
  });

  test("refuses a runtime with a place more, and changes nothing in it", () => {
    const { reservations } = TARGETS[nativeTarget()];
    const pristine = readFileSync(findBun(nativeTarget()));
    const heap = Buffer.from("\0\0\x10\0\0\0\0\0\0\0\0\0\x17\0\0\0", "latin1");
    const more = Buffer.concat([pristine, heap]);
    expect(() => lowerReservations(more, reservations)).toThrow(
      `in ${reservations + 1} places; ${reservations} are known`,
    );
    expect(more.subarray(0, pristine.length).equals(pristine)).toBe(true);
  });

  test("refuses what is no runtime", () => {
    expect(() => lowerReservations(Buffer.from("#!/bin/sh\n"), 0)).toThrow(
      "where this bun reserves memory for the heap is not known",
    );
  });
});
