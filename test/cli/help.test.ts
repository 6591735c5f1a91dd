import { describe, expect, test } from "bun:test";
import { OUTPUTS } from "../../outputs/index.ts";
import {
  describeOutputs,
  outputsTable,
  synopsis,
} from "../../src/cli/describe-outputs.ts";
import { helpText, optionsMarkdown } from "../../src/cli/help.ts";
import { OPTION_LIST, dashed, spellings } from "../../src/cli/options.ts";
import { parseCommandLine } from "../../src/cli/settings.ts";
import { entryLines, fill } from "../../src/cli/text-layout.ts";

const outputs = await describeOutputs(OUTPUTS);
const help = helpText("1.2.3", outputs);

describe("the help", () => {
  test("fits 80 columns, has no blank at the end of a line, ends in a newline", () => {
    const lines = help.split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe("");
    expect(lines.at(-2)).not.toBe("");
  });

  test.each(OPTION_LIST)("tells of --%s in every spelling", (name, def) => {
    const shown =
      def.type === "boolean" && def.default === true
        ? [`no-${name}`]
        : spellings(name, def);
    for (const spelling of shown)
      expect(help).toMatch(
        new RegExp(`^  .*(?<![-\\w])${dashed(spelling)}(?![-\\w])`, "m"),
      );
  });

  test("tells of every output with every option", () => {
    for (const output of outputs) {
      expect(help).toContain(`\n  ${synopsis(output)}`);
      for (const key of Object.keys(output.options ?? {}))
        expect(help).toMatch(new RegExp(`^    ${key}\\b`, "m"));
    }
  });

  test("gives examples that are accepted", () => {
    const examples = [...help.matchAll(/^  sudo iotop (.*)$/gm)];
    expect(examples.length).toBeGreaterThan(4);
    for (const [, line] of examples) {
      const words = line!.replace(/ (\||>>).*/, "").split(" ");
      const request = parseCommandLine(words, {
        env: {},
        stdoutIsTerminal: true,
        uidOfUser: () => 26,
      });
      expect(request.kind).toBe("run");
      if (request.kind !== "run") continue;
      for (const { name } of request.settings.outputs)
        expect(Object.keys(OUTPUTS)).toContain(name);
    }
  });
});

test("--list-outputs is a table of 80 columns without colours", () => {
  const table = outputsTable(outputs);
  expect(table).not.toContain("\x1b");
  for (const line of table.trimEnd().split("\n"))
    expect(Bun.stringWidth(line)).toBe(80);
  for (const { name } of outputs) expect(table).toContain(`│ ${name}`);
});

test("the table for the README has a row for each option, and no stray column", () => {
  const rows = optionsMarkdown().trimEnd().split("\n").slice(2);
  expect(rows).toHaveLength(OPTION_LIST.length);
  for (const line of rows)
    expect(line.replaceAll("\\|", "").split("|")).toHaveLength(4);
});

test.each([
  [{ about: "HOST[:PORT] of the server" }, "x[=HOST[:PORT]]"],
  [{ about: "ADDRESS:PORT, by default 127.0.0.1:9103" }, "x[=ADDRESS:PORT]"],
  [{ about: "where it goes" }, "x[=TARGET]"],
  ["file", "x[=FILE]"],
  [undefined, "x"],
] as const)("synopsis of target %o", (target, expected) => {
  const described = { name: "x", summary: "" };
  expect(
    synopsis(target === undefined ? described : { ...described, target }),
  ).toBe(expected);
});

test("text is filled, and long words stand alone", () => {
  expect(fill("aa bb ccccccc d", 5)).toEqual(["aa bb", "ccccccc", "d"]);
  expect(entryLines("-a", "b", 2, 6)).toEqual(["  -a  b"]);
  expect(entryLines("-abc", "b", 2, 6)).toEqual(["  -abc", "      b"]);
});
