/** What README.md, the manual, CONTRIBUTING.md and src/ARCHITECTURE.md name is there. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import packages from "../package.json";
import {
  DOCUMENTS,
  ROOT,
  readDocument as read,
} from "./support/documents/manual.ts";
import {
  anchors,
  codeBlocks,
  codeLanguages,
  codeSpans,
  isCommand,
  linkTargets,
} from "./support/documents/markdown-text.ts";

const PATH =
  /^(?:(?:src|outputs|test|\.ci)(?:\/[\w.-]+)*|[\w.-]+\.(?:ts|json|md))$/;
/** "outputs/NAME.ts" is yet to be written. */
const isPath = (text: string): boolean =>
  PATH.test(text) && !text.includes("NAME");

/**
 * Paths in code spans and blocks; those in text blocks and tables without a folder are of the room that is written
 * about.
 */
function pathsOf(markdown: string): string[] {
  const blocks = ["sh", "text"].flatMap((language) =>
    codeBlocks(markdown, language),
  );
  const words = blocks.join(" ").split(/[\s,;()]+/);
  return [...codeSpans(markdown), ...words].filter(isPath);
}

const FOR_ENGINEERS = ["CONTRIBUTING.md", "src/ARCHITECTURE.md"];
test("each package has a line that says what it is for", () => {
  const text = read("CONTRIBUTING.md");
  const [, section = ""] = /^## Packages$(.*?)^## /ms.exec(text) ?? [];
  const named = [...section.matchAll(/^\| `([^`]+)`/gm)].map(
    ([, name]) => name,
  );
  const { dependencies, devDependencies } = packages;
  const used = Object.keys({ ...dependencies, ...devDependencies });
  expect(named.sort()).toEqual(used.sort());
});

const OF_GITHUB = [".github/SECURITY.md"];

describe.each([...DOCUMENTS, ...FOR_ENGINEERS, ...OF_GITHUB])(
  "%s",
  (document) => {
    const rooms = document === "src/ARCHITECTURE.md" ? ["src/sampler"] : [];
    const text = read(document);

    test("names files that exist", () => {
      const paths = pathsOf(text);
      const missing = paths.filter(
        (path) =>
          !["", ...rooms].some((room) => existsSync(join(ROOT, room, path))),
      );
      if (FOR_ENGINEERS.includes(document))
        expect(paths.length).toBeGreaterThan(20);
      expect(missing).toEqual([]);
    });

    test("links to files and headings that exist", () => {
      const missing = linkTargets(text).filter((target) => {
        if (target.startsWith("https://")) return false;
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? document : join(dirname(document), path);
        if (!existsSync(join(ROOT, file))) return true;
        return anchor !== undefined && !anchors(read(file)).includes(anchor);
      });
      expect(missing).toEqual([]);
    });

    test("has what is to be typed in blocks for a shell", () => {
      const known = ["sh", "text", "ts", "yaml"];
      expect(
        [...codeLanguages(text)].filter((l) => !known.includes(l)),
      ).toEqual([]);
      const lines = codeBlocks(text, "text").join("\n").split("\n");
      expect(lines.filter(isCommand)).toEqual([]);
    });

    test("has no two headings of one name", () => {
      const known = anchors(text);
      expect(new Set(known).size).toBe(known.length);
    });
  },
);

describe("src/ARCHITECTURE.md", () => {
  const text = read("src/ARCHITECTURE.md");

  test("lists the known limits by the titles of their tests", () => {
    const [, section = ""] = text.split("\n## Known limits\n");
    const [listed = ""] = section.split("\n## ");
    const titles = read("test/sampler/known-limits.test.ts").matchAll(
      /^test\("(.*)",/gm,
    );
    expect([...listed.matchAll(/^- (.*)$/gm)].map(([, line]) => line)).toEqual(
      [...titles].map(([, title]) => title),
    );
  });

  test("draws each room, and no other one", () => {
    const [picture = ""] = codeBlocks(text, "text");
    const drawn = picture.match(/src\/[\w.-]+|outputs/g) ?? [];
    for (const room of drawn) expect(existsSync(join(ROOT, room))).toBe(true);
    expect(drawn).toContain("src/output-options");
  });
});
