/** What is declared once in the code is said wherever a user looks for it. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OUTPUTS } from "../outputs/index.ts";
import { KEY_COMMANDS, keysOf } from "../outputs/screen/input/key-commands.ts";
import { helpLines } from "../outputs/screen/panes/help.ts";
import { initialState } from "../outputs/screen/state.ts";
import { completionScript } from "../src/cli/completions/index.ts";
import { helpText } from "../src/cli/help.ts";
import { OPTION_LIST, spellings } from "../src/cli/options.ts";
import { dashed } from "../src/model/options/screen-options.ts";
import { manPage } from "../src/manual/man-page.ts";
import { DEFAULT_VIEW } from "../src/model/view/view.ts";
import {
  describeOutputs,
  settable,
} from "../src/output-options/describe-outputs.ts";
import { ROOT, readDocument } from "./support/documents/manual.ts";
import { codeSpans } from "./support/documents/markdown-text.ts";

const outputs = await describeOutputs(OUTPUTS);
const help = helpText("1.2.3", outputs);
const page = manPage("1.2.3", "2026-01-01")
  .replaceAll(/\\f[BIR]/g, "")
  .replaceAll("\\", "");
const scripts = (["bash", "zsh", "fish"] as const).map(
  (shell) => [shell, completionScript(shell, outputs)] as const,
);

/** Whether a text has this as a word of its own. */
function has(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w-])${RegExp.escape(word)}(?![\\w-])`).test(text);
}

/** Those that are switches of one column have one entry together. */
const single = OPTION_LIST.filter(([, { family }]) => family === undefined);

describe("each option is", () => {
  /** Of a switch that is on by default, what turns it off is described. */
  const shown = single.flatMap(([name, def]) =>
    def.type === "boolean" && def.default === true
      ? [`--no-${name}`]
      : spellings(name, def).map(dashed),
  );

  test.each([
    ["--help", help],
    ["the man page", page],
    ["the manual", readDocument("src/manual/options.md")],
  ])("in %s", (_, text) => {
    expect(shown.length).toBeGreaterThan(60);
    expect(shown.filter((word) => !has(text, word))).toEqual([]);
  });

  test.each(scripts)("in what completes in %s", (shell, script) => {
    const words = OPTION_LIST.flatMap(([name, def]) => spellings(name, def));
    // fish takes names without dashes: -l long, -s short, -o old.
    const missing = words.filter((word) =>
      shell === "fish"
        ? !new RegExp(` -[slo] '?${RegExp.escape(word)}'?(?= |$)`, "m").test(
            script,
          )
        : !has(script, dashed(word)),
    );
    expect(missing).toEqual([]);
  });
});

describe.each(outputs.map((output) => [output.name, output] as const))(
  "each setting of %s is",
  (name, output) => {
    const terms = settable(output).map(([term]) => term.split("=")[0]!);
    const keys = terms.filter((key) => key !== "");

    test.each([
      ["--help", help],
      ["the man page", page],
      ["the manual", readDocument("src/manual/outputs.md")],
      ...scripts,
    ])("in %s", (_, text) => {
      expect(has(text, name)).toBe(true);
      const named = keys.map((key) => key.replace(/\.KEY$/, "."));
      expect(named.filter((key) => !text.includes(key))).toEqual([]);
    });
  },
);

describe("each key of the screen is", () => {
  test("in its help", () => {
    const lines = helpLines(initialState(DEFAULT_VIEW, "blocks"), 114)
      .map((line) => line.map(({ text }) => text).join(""))
      .join("\n");
    const missing = KEY_COMMANDS.map(keysOf).filter(
      (keys) => !lines.includes(keys),
    );
    expect(missing).toEqual([]);
  });

  test("in the manual", () => {
    const spans = codeSpans(readDocument("src/manual/screen.md"));
    const missing = KEY_COMMANDS.map(keysOf)
      .flatMap((keys) => (keys.includes(" to ") ? [keys] : keys.split(" ")))
      .filter((key) => !spans.includes(key));
    expect(missing).toEqual([]);
  });
});

test("each environment variable that the program reads is in the manual, and no other one", () => {
  const sources = ["src", "outputs"].flatMap((room) => [
    ...new Bun.Glob(`${room}/**/*.ts`).scanSync({ cwd: ROOT }),
  ]);
  const read = new Set(
    sources
      .filter((path) => !/^src\/(?:packaging|runtime)\//.test(path))
      .map((path) => readFileSync(join(ROOT, path), "utf8"))
      .flatMap((text) => [
        ...text.matchAll(/\benv(?:ironment)?\["([A-Z_]+)"\]/g),
      ])
      .map(([, name]) => name!),
  );
  const table = readDocument("src/manual/options.md")
    .split("\n| Variable")[1]!
    .split("\n\n")[0]!
    .split("\n")
    .map((line) => line.split("|")[1] ?? "");
  expect([...read].sort()).toEqual(codeSpans(table.join("\n")).sort());
});
