import { describe, expect, test } from "bun:test";
import { UsageError } from "../../src/errors.ts";
import { parseOutputSpec } from "../../src/output-options/output-spec.ts";

type Options = Record<string, string | true>;

describe("parseOutputSpec", () => {
  test.each([
    ["jsonl", "jsonl", false, null, {}],
    ["jsonl=/var/log/io.jsonl", "jsonl", false, "/var/log/io.jsonl", {}],
    ["jsonl,all", "jsonl", false, null, { all: true }],
    ["jsonl=", "jsonl", false, "", {}],
    [
      "statsd=127.0.0.1:8125,tags=dogstatsd",
      "statsd",
      false,
      "127.0.0.1:8125",
      { tags: "dogstatsd" },
    ],
    ["x=a,,b,k=c,,d,,,,e", "x", false, "a,b", { k: "c,d,,e" }],
    ["x,k=a,,,m", "x", false, null, { k: "a,", m: true }],
    ["x,k=a=b", "x", false, null, { k: "a=b" }],
    ["x,k=", "x", false, null, { k: "" }],
    ["./busiest.ts,rows=5", "./busiest.ts", true, null, { rows: "5" }],
    ["busiest.mjs", "busiest.mjs", true, null, {}],
    ["/a=b/o.js=/tmp/f", "/a=b/o.js", true, "/tmp/f", {}],
    ["./no-suffix", "./no-suffix", true, null, {}],
    ["x=./y.ts", "x", false, "./y.ts", {}],
    ["./a.ts.js=x", "./a.ts.js", true, "x", {}],
    ["./a.tsx=b.ts=c", "./a.tsx", true, "b.ts=c", {}],
    ["a.b=c/d.js", "a.b", false, "c/d.js", {}],
    ["a=b/o.js=/tmp/f", "a", false, "b/o.js=/tmp/f", {}],
    ["/d.ts/x=y", "/d.ts/x", true, "y", {}],
  ] as [string, string, boolean, string | null, Options][])(
    "%s",
    (text, name, isPath, target, options) => {
      expect(parseOutputSpec(text)).toEqual({
        name,
        isPath,
        target,
        options: new Map(Object.entries(options)),
      });
    },
  );

  test.each(["/", "/.t", ".ts/", "a/=", ",k"])(
    "300,000 characters of %j are read in one go",
    (piece) => {
      const text = piece.repeat(300_000 / piece.length);
      try {
        expect(parseOutputSpec(text).name.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    },
    // Where a search began anew at each slash it took minutes.
    60_000,
  );

  test.each([
    ["=f", "the name of the output is missing"],
    [",a", "the name of the output is missing"],
    ["x,", "a key is missing after a comma"],
    ["x,=1", "a key is missing after a comma"],
    ["x,a=1,a=2", "a is given twice"],
  ])("%s is refused", (text, message) => {
    const attempt = () => parseOutputSpec(text);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(message);
  });
});
