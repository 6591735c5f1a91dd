/** The decision table, row by row. */
import { describe, expect, test } from "bun:test";
import type { EventKind } from "../../src/sampler/event.ts";
import {
  decide,
  type Fact,
  type Facts,
  type Holder,
  type Verdict,
} from "../../src/sampler/reconcile.ts";

/** Only these facts hold. */
const only = (...facts: readonly Fact[]): Facts => ({
  fits: false,
  isUnchanged: false,
  isBaseline: false,
  mayBeOlder: false,
  isOfAnother: false,
  isRechecked: false,
  canGoOn: false,
  isOfNextTask: false,
  isOfHolder: false,
  fitsMissing: false,
  ...Object.fromEntries(facts.map((fact) => [fact, true])),
});

type Case = readonly [Holder, EventKind, readonly Fact[], Verdict];

describe("at once", () => {
  test.each<Case>([
    ["none", "answer", [], "begin"],
    ["none", "exit", [], "begin"],
    ["live", "answer", ["fits"], "same"],
    ["live", "exit", ["fits"], "same"],
    ["live", "answer", [], "begin"],
    ["live", "exit", [], "begin"],
    ["ended", "answer", ["isUnchanged", "fits"], "seen"],
    ["ended", "answer", ["isBaseline", "mayBeOlder"], "baseline"],
    ["ended", "answer", ["mayBeOlder", "isRechecked"], "recheck"],
    ["ended", "answer", ["isOfAnother"], "begin"],
    ["ended", "answer", ["fits", "isRechecked"], "journal"],
    ["ended", "answer", ["fits"], "recheck"],
    ["ended", "exit", ["canGoOn"], "journal"],
    ["ended", "exit", ["fits"], "begin"],
  ])("%s, %s, %j: %s", (holder, kind, facts, verdict) => {
    expect(decide(holder, kind, only(...facts))[3]).toBe(verdict);
  });
});

describe("at the end of the scan", () => {
  test.each<Case>([
    ["live", "gone", [], "missing"],
    ["ended", "gone", [], "nothing"],
    ["ended", "dying", ["isOfHolder", "isOfNextTask"], "same"],
    ["ended", "dying", ["isOfNextTask", "fitsMissing"], "nothing"],
    ["ended", "dying", ["fitsMissing"], "exec"],
    ["ended", "dying", [], "nothing"],
    ["ended", "alive", ["isOfNextTask"], "begin"],
    ["ended", "ended", ["isOfNextTask"], "begin"],
    ["ended", "alive", ["isOfHolder"], "exec"],
    ["ended", "ended", [], "exec"],
    ["live", "ended", [], "same"],
    ["live", "dying", [], "same"],
  ])("%s, %s, %j: %s", (holder, kind, facts, verdict) => {
    expect(decide(holder, kind, only(...facts))[3]).toBe(verdict);
  });
});

test("there is a row for every holder and event", () => {
  const kinds = ["answer", "exit", "alive", "dying", "ended"] as const;
  for (const holder of ["none", "live", "ended"] as const)
    for (const kind of kinds)
      expect(() => decide(holder, kind, only())).not.toThrow();
});
