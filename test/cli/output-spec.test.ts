import { describe, expect, test } from "bun:test";
import { UsageError } from "../../src/errors.ts";
import { parseOutputSpec } from "../../src/cli/output-spec.ts";

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

  test.each([
    ["=f", "the name of the output is missing"],
    [",a", "the name of the output is missing"],
    ["x,", "between commas belongs KEY=VALUE"],
    ["x,=1", "between commas belongs KEY=VALUE"],
    ["x,a=1,a=2", "a is given twice"],
  ])("%s is refused", (text, message) => {
    const attempt = () => parseOutputSpec(text);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(message);
  });
});
