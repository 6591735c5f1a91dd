import { describe, expect, test } from "bun:test";
import { OUTPUTS } from "../../outputs/index.ts";
import {
  describeOutputs,
  outputsTable,
  settable,
  synopsis,
} from "../../src/output-options/describe-outputs.ts";
import { helpText, optionEntries } from "../../src/cli/help.ts";
import { GROUPS, OPTION_LIST, spellings } from "../../src/cli/options.ts";
import { dashed } from "../../src/model/options/screen-options.ts";
import { parseCommandLine } from "../../src/cli/settings.ts";

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

  const single = OPTION_LIST.filter(([, { family }]) => family === undefined);
  const columns = OPTION_LIST.filter(([, { family }]) => family !== undefined);

  test.each(single)("tells of --%s in every spelling", (name, def) => {
    const shown =
      def.type === "boolean" && def.default === true
        ? [`no-${name}`]
        : spellings(name, def);
    for (const spelling of shown)
      expect(help).toMatch(
        new RegExp(`^  .*(?<![-\\w])${dashed(spelling)}(?![-\\w])`, "m"),
      );
  });

  test("tells of all columns in one line", () => {
    expect(columns.length).toBeGreaterThanOrEqual(9);
    const [, ...lines] = help.split("--hide-COLUMN, --show-COLUMN\n");
    const about = lines.join("").split(/^ {2,4}-|^$/m)[0]!;
    for (const [name, { alias }] of columns)
      expect(about.replaceAll(/\s+/g, " ")).toContain(
        [alias, name.replace("hide-", "")].join(" ").trim(),
      );
  });

  test("tells of every output with every option", () => {
    for (const output of outputs) {
      expect(help).toContain(`\n  ${synopsis(output)}`);
      for (const key of Object.keys(output.options ?? {}))
        expect(help).toMatch(new RegExp(`^    ${key}\\b`, "m"));
    }
  });

  test("has the keys of the screen in the screen's own words", () => {
    const { keys = [] } = outputs.find(({ name }) => name === "screen")!;
    expect(keys.map(([key]) => key)).toContain("left right");
    for (const [key, effect] of keys)
      expect(help).toContain(`\n  ${key.padEnd(14)}${effect}\n`);
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
        readSettings: () => ({ path: null, text: "", flaw: null }),
      });
      expect(request.kind).toBe("run");
      if (request.kind !== "run") continue;
      for (const { name } of request.settings.outputs)
        expect(Object.keys(OUTPUTS)).toContain(name);
    }
  });
});

describe.each([60, 80, 100])("--list-outputs in %d columns", (columns) => {
  const table = outputsTable(outputs, columns);
  const lines = table.trimEnd().split("\n");

  test("is a table that fits, without colours", () => {
    expect(table).not.toContain("\x1b");
    const widths = new Set(lines.map((line) => Bun.stringWidth(line)));
    expect(widths.size).toBe(1);
    expect([...widths][0]).toBeLessThanOrEqual(columns);
  });

  test("cuts nothing", () => {
    expect(table).not.toContain("…");
    const columnsOf = lines.map((line) => line.split("│").slice(1, -1));
    const [names, abouts, options] = [0, 1, 2].map((n) =>
      columnsOf.map((cells) => (cells[n] ?? "").replaceAll(" ", "")).join(""),
    );
    for (const output of outputs) {
      const expectIn = (column: string | undefined, text: string) =>
        expect(column).toContain(text.replaceAll(" ", ""));
      expectIn(names, synopsis(output));
      expectIn(abouts, output.summary);
      for (const [term, meaning] of settable(output))
        expectIn(options, term === "=" ? meaning : `${term}: ${meaning}`);
    }
  });
});

test("each option, or family of options, has one entry", () => {
  const entries = GROUPS.flatMap(optionEntries);
  const names = OPTION_LIST.map(([name, { family }]) => family ?? name);
  expect(entries).toHaveLength(new Set(names).size);
});

test.each([
  [{ about: "HOST[:PORT] of the server" }, "x[=HOST[:PORT]]"],
  [{ about: "ADDRESS:PORT, by default 127.0.0.1:9103" }, "x[=ADDRESS:PORT]"],
  [{ about: "where it goes" }, "x[=TARGET]"],
  ["file", "x[=FILE]"],
  ["whole-file", "x[=FILE]"],
  ["recording", "x[=FILE|DIR/]"],
  [undefined, "x"],
] as const)("synopsis of target %o", (target, expected) => {
  const described = { name: "x", summary: "" };
  expect(
    synopsis(target === undefined ? described : { ...described, target }),
  ).toBe(expected);
});
