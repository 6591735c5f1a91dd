/** Nothing that another iotop does is missing, and each function has its test. */
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PARITY } from "./parity.ts";

const rows = Object.values(PARITY).flat();

test("there are 111 functions, each once", () => {
  const names = rows.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
  expect(names).toHaveLength(111);
});

test("what is left out on purpose is named, and nothing else is missing", () => {
  const absent = rows.filter(({ here }) => /^no\b/.test(here));
  expect(absent.map(({ name }) => name)).toEqual([
    "hidden option for a profile of itself",
    "`-R`, `--reverse-graph`",
    "`-x`, `--dead-x`, `--no-dead-x`",
    "`--threshold`",
    "`x` mark of ended tasks",
    "`t`, Ctrl-R threshold",
  ]);
  expect(rows.filter((each) => each.test === null)).toEqual(
    absent.filter(({ here }) => !here.includes("accepted")),
  );
});

describe("has a test that exists:", () => {
  test.each(
    rows.flatMap(({ name, test }) => (test === null ? [] : [[name, ...test]])),
  )("%s: %s", (_, file, title) => {
    const path = join(import.meta.dir, file!);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, "utf8")).toContain(JSON.stringify(title));
  });
});
