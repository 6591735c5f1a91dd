import { describe, expect, test } from "bun:test";
import { UsageError } from "../../src/errors.ts";
import type { OutputModule } from "../../src/model/output.ts";
import {
  fileOptions,
  parseOutputSettings,
} from "../../src/output-options/file-options.ts";
import { parseOutputSpec } from "../../src/output-options/output-spec.ts";

const parse = (
  text: string,
  module: Pick<OutputModule, "target" | "options"> = { target: "recording" },
) => parseOutputSettings(parseOutputSpec(text), module);

test("a folder is a store, with limits of its own", () => {
  expect(parse("x=/a/").fileSettings).toEqual({
    mode: null,
    store: {
      period: "1h",
      keepMs: 7 * 86_400_000,
      mostBytes: 2 * 2 ** 30,
      minFree: { bytes: 0, ratio: 0.05, text: "5%" },
      isCompressed: true,
    },
  });
  const text = "x=a/,every=10m,keep=off,max=OFF,min-free=1G,compress=none";
  expect(() => parse(text)).toThrow("x: max=OFF: must be a size");
  expect(parse(text.replace("OFF", "off")).fileSettings.store).toEqual({
    period: "10m",
    keepMs: Infinity,
    mostBytes: Infinity,
    minFree: { bytes: 2 ** 30, ratio: 0, text: "1G" },
    isCompressed: false,
  });
});

test("a file is none, and only a recording can be one", () => {
  expect(parse("x=a,mode=640").fileSettings).toEqual({
    mode: 0o640,
    store: null,
  });
  expect(parse("x=a/", { target: "file" }).fileSettings.store).toBeNull();
  expect(parse("x").fileSettings).toEqual({ mode: null, store: null });
});

test("a module gets its own options alone, and declares a name for itself", () => {
  const module = {
    target: "recording",
    options: {
      all: { type: "boolean", default: false, about: "" },
      keep: { type: "number", about: "" },
    },
  } as const;
  expect(parse("x=a/,all,keep=3,every=1d", module)).toMatchObject({
    file: "a/",
    text: "a/",
    options: { all: true, keep: 3 },
    fileSettings: { store: { period: "1d", keepMs: Infinity } },
  });
  expect(Object.keys(fileOptions(module))).not.toContain("keep");
  expect(fileOptions({ target: { about: "HOST" } })).toEqual({});
});

describe("is refused", () => {
  test.each([
    [
      "x=a,keep=1h",
      "x: keep is for a store of recordings: give a folder, x=DIR/",
    ],
    [
      "x,every=1h",
      "x: every is for a store of recordings: give a folder, x=DIR/",
    ],
    ["x=-,mode=0600", "x: mode is for a file: x=FILE"],
    ["x=a/,every=5m", "x: every=5m: must be one of 10m, 1h, 1d"],
    ["x=a/,keep=7", "x: keep=7: must be a time with its unit, such as 30m"],
    [
      "x=a/,max=5%",
      "x: max=5%: must be a size of at least 1M, such as 500M, 2G or 1T, or off",
    ],
    [
      "x=a/,max=1023k",
      "x: max=1023k: must be a size of at least 1M, such as 500M, 2G or 1T, or off",
    ],
    ["x=a/,min-free=x", "x: min-free=x: must be a part of the disk"],
    ["x=a,mode=888", "x: mode=888: must be octal, from 0600 to 0777"],
    ["x=a,mode=0400", "x: mode=0400: must be octal, from 0600 to 0777"],
    ["x=a,mode=01777", "x: mode=01777: must be octal"],
    ["x=a,mode", "x: mode needs a value: text"],
    ["x=a.gz", "or give a folder, x=DIR/, whose files are compressed"],
  ])("%s", (text, message) => {
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(message);
  });

  test("what belongs to a store, by other outputs with a file", () => {
    expect(() => parse("x=a/,keep=1h", { target: "file" })).toThrow(
      /^x has no option "keep"; it has "mode"$/,
    );
  });
});
