import { describe, expect, test } from "bun:test";
import { parseOutputSpec } from "../../src/output-options/output-spec.ts";
import { UsageError } from "../../src/errors.ts";
import {
  parseModuleOptions,
  parseTarget,
} from "../../src/output-options/module-options.ts";
import type { OptionSpecs } from "../../src/model/output.ts";

const DECLARED = {
  all: { type: "boolean", about: "a", default: false },
  rows: { type: "number", about: "r", default: 5, min: 1, max: 100 },
  count: { type: "number", about: "c", integer: true, min: 1, max: 9 },
  from: { type: "number", about: "f", min: 0 },
  any: { type: "number", about: "n" },
  prefix: { type: "string", about: "p" },
  tags: { type: "string", about: "t", default: "none", choices: ["none", "a"] },
} satisfies OptionSpecs;

const parse = (text: string, declared: OptionSpecs = DECLARED) =>
  parseModuleOptions(parseOutputSpec(`x${text}`), declared);

describe("an option of many keys", () => {
  const tags = {
    tag: { type: "map", about: "t" },
    "tag.x": { type: "boolean", about: "hidden by the map" },
    attr: { type: "map", about: "a", default: { a: "1" } },
    rows: { type: "number", about: "r" },
  } satisfies OptionSpecs;

  test.each([
    ["", {}, { a: "1" }],
    [",tag.env=prod,tag.role=db", { env: "prod", role: "db" }, { a: "1" }],
    [",tag.a.b=c=d,attr.b=2", { "a.b": "c=d" }, { a: "1", b: "2" }],
    [",attr.a=,,", {}, { a: "," }],
  ])("x%s", (text, tag, attr) => {
    expect(parse(text, tags)).toEqual({ tag, attr });
    // The default of the module is not touched.
    expect(tags.attr.default).toEqual({ a: "1" });
  });

  test("takes any name, without harm", () => {
    const { tag } = parse(",tag.__proto__=x,tag.toString=y", tags);
    expect(Object.entries(tag as object)).toEqual([
      ["__proto__", "x"],
      ["toString", "y"],
    ]);
    expect({}).not.toHaveProperty("x");
  });

  test.each([
    [",tag=x", /^x: tag needs a key, as in tag\.KEY=VALUE$/],
    [",tag", /^x: tag needs a key, as in tag\.KEY=VALUE$/],
    [",tag.=x", /^x has no option "tag\."; it has "tag\.KEY"/],
    [",tag.env", /^x: tag\.env needs a value: text$/],
    [",tag.env=", /^x: tag\.env needs a value: text$/],
    [",rows.a=1", /^x has no option "rows\.a"/],
    [",toString.a=1", /^x has no option "toString\.a"/],
  ])("x%s is refused", (text, message) => {
    expect(() => parse(text, tags)).toThrow(message);
  });
});

describe("parseModuleOptions", () => {
  const defaults = { all: false, rows: 5, tags: "none" };
  test.each([
    ["", defaults],
    [",all", { ...defaults, all: true }],
    [",all=yes", { ...defaults, all: true }],
    [",all=FALSE", defaults],
    [",all=0", defaults],
    [",rows=7,tags=a", { ...defaults, rows: 7, tags: "a" }],
    [",rows=2.5", { ...defaults, rows: 2.5 }],
    [",count=3", { ...defaults, count: 3 }],
    [",any=-3", { ...defaults, any: -3 }],
    [",prefix=a,,b=c", { ...defaults, prefix: "a,b=c" }],
  ])("x%s", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test.each([
    [
      ",nope=1",
      /^x has no option "nope"; it has "all", "rows", "count", "from", "any", "prefix", "tags"$/,
    ],
    [",toString", /no option "toString"/],
    [",__proto__=1", /no option "__proto__"/],
    [",all=maybe", /^x: all=maybe: must be yes or no$/],
    [",all=toString", /must be yes or no$/],
    [",rows", /^x: rows needs a value: a number from 1 to 100$/],
    [",rows=", /^x: rows needs a value/],
    [",rows=abc", /^x: rows=abc: must be a number from 1 to 100$/],
    [",rows=0x10", /must be a number/],
    [",rows=1e3", /must be a number/],
    [",rows=Infinity", /must be a number/],
    [",rows=0", /must be a number from 1 to 100$/],
    [",rows=101", /must be a number from 1 to 100$/],
    [",count=2.5", /^x: count=2\.5: must be a whole number from 1 to 9$/],
    [",count=x", /must be a whole number from 1 to 9$/],
    [",from=-1", /must be a number, 0 or more$/],
    [",any=x", /must be a number$/],
    [",tags=b", /^x: tags=b: must be one of none, a$/],
    [",prefix", /^x: prefix needs a value: text$/],
  ])("x%s is refused", (text, message) => {
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(message);
  });

  test("a single option is told apart from all of them, and none from some", () => {
    expect(() => parse(",a", { all: DECLARED.all })).toThrow(
      /^x has no option "a"; it has "all"$/,
    );
    expect(() => parse(",a", {})).toThrow(/^x has no option "a"; it has none$/);
  });
});

describe("parseTarget", () => {
  const spec = (text: string) => parseOutputSpec(text);
  test.each([
    ["x", "file", null, null],
    ["x=f", "file", "f", "f"],
    ["x=-", "file", null, null],
    ["x=h:1", { about: "HOST" }, null, "h:1"],
    ["x", undefined, null, null],
  ] as const)("%s", (text, declared, file, words) => {
    expect(parseTarget(spec(text), declared)).toEqual({ file, text: words });
  });

  test("no target where none is taken, and none that is empty", () => {
    expect(() => parseTarget(spec("x=f"), undefined)).toThrow(
      "x takes no target",
    );
    expect(() => parseTarget(spec("x="), "file")).toThrow(
      /^x= needs a value after the =: x=FILE$/,
    );
    expect(() =>
      parseTarget(spec("x="), { about: "HOST[:PORT] of it, by UDP" }),
    ).toThrow(/^x= needs a value after the =: x=HOST\[:PORT\]$/);
  });
});
