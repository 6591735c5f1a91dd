import { describe, expect, test } from "bun:test";
import {
  describeFailure,
  placeOf,
} from "../../../src/host/modules/module-error.ts";

const PATH = "/srv/out/mine.ts";

const failure = (stack: string, message = "no luck") =>
  Object.assign(new Error(message), { stack: `Error: ${message}\n${stack}` });

describe("placeOf", () => {
  test.each([
    [
      "    at write (/srv/out/mine.ts:5:99)\n    at x (/$bunfs/root/a.js:1:2)",
      " at mine.ts:5:99",
    ],
    ["    at /srv/out/mine.ts:7:1", " at mine.ts:7:1"],
    // The module's own line says more than that of a package.
    [
      "    at f (/srv/out/node_modules/pg/a.js:1:2)\n    at async write (/srv/out/mine.ts:3:4)",
      " at mine.ts:3:4",
    ],
    [
      "    at f (/srv/out/node_modules/pg/a.js:1:2)",
      " at node_modules/pg/a.js:1:2",
    ],
    ["    at f (/opt/lib/a b.js:1:2)", " at /opt/lib/a b.js:1:2"],
    ["    at x (/$bunfs/root/a.js:1:2)\n    at native", ""],
    ["    at node:net:1:2", ""],
  ])("%j", (stack, place) => {
    expect(placeOf(failure(stack), PATH)).toBe(place);
  });

  test("of what is no Error is unknown", () => {
    for (const thrown of ["text", 5, null, undefined, {}])
      expect(placeOf(thrown, PATH)).toBe("");
  });
});

test("describeFailure names the call and the line of a module, and not those of a stock output", () => {
  const error = failure("    at write (/srv/out/mine.ts:5:9)");
  const phase = "write of sample 1";
  expect(describeFailure({ error, phase }, PATH)).toBe(
    "write of sample 1: no luck at mine.ts:5:9",
  );
  expect(describeFailure({ error, phase: null }, PATH)).toBe(
    "no luck at mine.ts:5:9",
  );
  expect(describeFailure({ error, phase }, null)).toBe("no luck");
});
