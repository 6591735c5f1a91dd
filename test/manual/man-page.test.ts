// waits: it starts readers of man pages
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optionHead } from "../../src/cli/help.ts";
import { OPTION_LIST } from "../../src/cli/options.ts";
import { CHAPTERS } from "../../src/manual/chapters.ts";
import { manPage } from "../../src/manual/man-page.ts";
import { RELEASED, VERSION } from "../../src/version.ts";
import { DOCUMENTS, ROOT, readDocument } from "../support/documents/manual.ts";
import { lackOf, needing } from "../support/needs.ts";

setDefaultTimeout(120_000);

const page = manPage(VERSION, RELEASED);

test("has each chapter but two", () => {
  const apart = [
    "README.md",
    "src/manual/comparison.md",
    "src/manual/install.md",
  ];
  const chapters = DOCUMENTS.filter((path) => !apart.includes(path));
  expect(chapters.map(readDocument).sort()).toEqual([...CHAPTERS].sort());
});

test("has each option", () => {
  const heads = OPTION_LIST.filter(([, { family }]) => family === undefined)
    .map(([name, def]) => optionHead(name, def).trim())
    .map((head) => `.TP 7n\n\\fB${head.replaceAll("-", "\\-")}\\fR\n`);
  expect(heads.filter((head) => !page.includes(head))).toEqual([]);
});

test("has the day of the release that CHANGELOG.md has", () => {
  const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  expect(changelog).toContain(`## [${VERSION}] - ${RELEASED}\n`);
});

describe("is read without a warning by", () => {
  const readers = [
    ["man", ["--warnings=all", "-l", "-"]],
    ["mandoc", ["-Tlint", "-Wwarning"]],
  ] as const;
  for (const [program, args] of readers) {
    const lack = lackOf(program);
    test.skipIf(lack !== null)(needing(program, lack), async () => {
      const child = Bun.spawn([program, ...args], {
        env: { ...process.env, LC_ALL: "C.UTF-8", MANWIDTH: "80" },
        stdin: new TextEncoder().encode(page),
        stderr: "pipe",
      });
      const [text, warnings] = await Promise.all([
        child.stdout.text(),
        child.stderr.text(),
      ]);
      expect({ warnings, status: await child.exited }).toEqual({
        warnings: "",
        status: 0,
      });
      if (program === "man") expect(text).toContain("\nSIGNALS\n");
    });
  }
});
