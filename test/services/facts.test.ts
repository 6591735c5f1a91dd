import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WANTED, judge } from "./facts.ts";

const script = readFileSync(join(import.meta.dir, "check.sh"), "utf8");

test("each fact is said by the script, in this order", () => {
  const said = [...script.matchAll(/^ *say (\w+)/gm)].map(([, name]) => name!);
  expect(said).toEqual(WANTED.map(([name]) => name));
});

test("a line of the console is a fact, beside those of others", () => {
  const facts = judge(
    "boot\r\n@@ started: active active \r\n[1.0] x\r\n@@ recorded: 40 39 10485760\r\n@@ purged:\r\n",
  );
  const of = (name: string) => facts.find((fact) => fact.name === name)!;
  expect(of("started").isGood).toBe(true);
  expect(of("recorded")).toMatchObject({
    isGood: false,
    value: "40 39 10485760",
  });
  expect(of("purged").isGood).toBe(true);
  expect(of("done")).toEqual({ name: "done", value: null, isGood: false });
});
