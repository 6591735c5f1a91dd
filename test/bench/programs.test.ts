// waits: it starts the programs that the bench compares with
import { expect, setDefaultTimeout, test } from "bun:test";
import { programs, readVersion } from "./programs.ts";

setDefaultTimeout(60_000);

const others = programs().filter(({ versionFlag }) => versionFlag !== null);

test("the bench compares with three others", () =>
  expect(others.map(({ name }) => name)).toEqual([
    "iotop-c",
    "iotop",
    "pidstat",
  ]));

test("those that are installed say their versions", () => {
  const installed = others.filter(({ command }) => command !== null);
  for (const program of installed)
    expect(readVersion(program)).toMatch(/^\d+\.[\d.]+$/);
});
