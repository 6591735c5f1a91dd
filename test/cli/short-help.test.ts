import { expect, test } from "bun:test";
import { shortHelp } from "../../src/cli/short-help.ts";

const lines = shortHelp("1.2.3").split("\n");

test("fits on a screen of 40 lines and 80 columns", () => {
  expect(lines.length - 1).toBeLessThanOrEqual(40);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("names the version, and where there is more", () => {
  expect(lines[0]).toContain("iotop 1.2.3");
  expect(lines.join("\n")).toContain("iotop --help");
  expect(lines.join("\n")).toContain("man -l -");
});
