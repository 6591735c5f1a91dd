import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { editDistance, nearestWord } from "../../src/cli/nearest-word.ts";

const KNOWN = ["--output", "--only", "--report", "--replay", "--pid", "-P"];

describe("the word that was meant:", () => {
  test.each([
    ["--outptu", "--output"],
    ["--ouput", "--output"],
    ["--outputs", "--output"],
    ["--repotr", "--report"],
    ["--repl", "--replay"],
    ["--onyl", "--only"],
    ["--pdi", "--pid"],
  ])("%s", (word, meant) => expect(nearestWord(word, KNOWN)).toBe(meant));

  test.each(["--nope", "--xyzzy", "--hide-nothing"])("none for %s", (word) =>
    expect(nearestWord(word, KNOWN)).toBeNull(),
  );
});

test("a distance is 0 for the same word alone, and the same both ways", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 8 }),
      fc.string({ maxLength: 8 }),
      (a, b) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(
          Math.max(a.length, b.length),
        );
      },
    ),
  );
});

test.each([
  ["", "abc", 3],
  ["abc", "acb", 1],
  ["kitten", "sitting", 3],
])("from %j to %j it is %d", (a, b, distance) =>
  expect(editDistance(a, b)).toBe(distance),
);
