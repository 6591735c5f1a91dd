import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OUTPUTS } from "../outputs/index.ts";
import { DIALECTS, encodeLine } from "../outputs/statsd/lines.ts";
import { OPTION_LIST, offSpellings, spellings } from "../src/cli/options.ts";
import { dashed } from "../src/model/options/screen-options.ts";
import { parseCommandLine } from "../src/cli/settings.ts";
import { resolveOutputs } from "../src/host/outputs/resolve-outputs.ts";
import { COLUMNS } from "../src/model/columns/columns.ts";
import { VERSION } from "../src/version.ts";
import {
  HOW_TO_WRITE,
  JSON_KEYS,
  TABLES,
  placesOf,
  renderDocument,
} from "./support/manual-tables.ts";
import {
  DOCUMENTS,
  ROOT,
  manualText,
  readDocument,
} from "./support/documents/manual.ts";
import {
  codeBlocks,
  codeSpans,
  iotopArguments,
} from "./support/documents/markdown-text.ts";

setDefaultTimeout(120_000);

const text = manualText();
const spans = codeSpans(text);
const scripts = codeBlocks(text, "sh");

test.each(DOCUMENTS)(
  "the tables of %s say what the code says",
  async (path) => {
    const text = readDocument(path);
    if ((await renderDocument(path, text)) !== text)
      throw new Error(`${path} differs from the code: run ${HOW_TO_WRITE}`);
  },
);

test("each table has one place", () => {
  expect(placesOf(text).sort()).toEqual(Object.keys(TABLES).sort());
});

test("README.md is a front door", () => {
  expect(readDocument("README.md").split("\n").length).toBeLessThan(250);
});

describe("what is named exists:", () => {
  test("options", () => {
    const known = OPTION_LIST.flatMap(([name, def]) => [
      ...spellings(name, def).map(dashed),
      ...offSpellings(name, def).map(dashed),
    ]);
    const named = spans
      .flatMap((span) => span.split(", "))
      .flatMap((span) => /^--?[a-zA-Z][\w-]*/.exec(span) ?? [])
      // Joined short options are parsed with the commands.
      .filter((name) => name.startsWith("--") || name.length === 2);
    expect(named).toContain("--no-only");
    expect(
      named.filter(
        (name) =>
          !known.includes(name) &&
          // Parts of names, and one that stands for several.
          !["--no-", "--hide-COLUMN", "--show-COLUMN"].includes(name),
      ),
    ).toEqual([]);
  });

  test("stock outputs, each with an example", () => {
    const used = [...scripts.join("\n").matchAll(/--output ([a-z]+)/g)];
    const names = new Set(used.map(([, name]) => name!));
    // Text for pipes is what -b asks for.
    if (/iotop -b/.test(scripts.join("\n"))) names.add("batch");
    expect([...names].sort()).toEqual(Object.keys(OUTPUTS).sort());
  });

  test("keys and counters", () => {
    const ofKernel = COLUMNS.flatMap(({ source }) => source.split(/[ ,]+/));
    const known = new Set([...JSON_KEYS, ...ofKernel]);
    const named = spans.filter((span) => /^[a-z]+(?:_[a-z]+)+$/.test(span));
    expect(named).toContain("logical_read_bytes");
    expect(
      named.filter((name) => !known.has(name) && name !== "node_modules"),
    ).toEqual([]);
  });

  test("the version", () => {
    const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
    const [, newest] =
      /^## \[(\S+)\] - \d{4}-\d\d-\d\d$/m.exec(changelog) ?? [];
    expect(newest).toBe(VERSION);
  });
});

describe("is a command that iotop takes:", () => {
  const commands = [...scripts, ...spans].flatMap(iotopArguments);
  // Joined short options and options with their values stand in the text by themselves.
  const options = spans
    .flatMap((span) => span.split(", "))
    .filter((span) => /^(?:-[a-zA-Z][\w.]+|--[a-z]+ [^A-Z|]+)$/.test(span))
    .map((span) => span.split(" "));

  test("there are many", () => expect(commands.length).toBeGreaterThan(20));

  test.each([...commands, ...options].map((args) => [args]))(
    "iotop %j",
    async (args) => {
      const request = parseCommandLine(args, {
        env: { TERM: "xterm" },
        stdoutIsTerminal: true,
        uidOfUser: () => 1000,
        readSettings: () => ({ path: null, text: "", flaw: null }),
      });
      if (request.kind !== "run") return;
      const stock = request.settings.outputs.filter(({ isPath }) => !isPath);
      await resolveOutputs(stock, OUTPUTS, { stdoutIsTerminal: true });
    },
  );
});

test.each([...DIALECTS])("a line for statsd with tags=%s", (dialect) => {
  const line = encodeLine(
    {
      scope: "group",
      field: "read_bytes",
      of: ["comm", "mysqld"],
      type: "c",
      value: 4096,
    },
    {
      dialect,
      prefix: "iotop",
      host: dialect === "none" || dialect === "graphite" ? "web1" : null,
    },
  );
  expect(spans).toContain(dialect);
  expect(spans).toContain(line);
});

test("the types for outputs of one's own are those of the code", async () => {
  const { TYPES, outputTypes } =
    await import("./support/documents/output-types.ts");
  if (readFileSync(TYPES, "utf8") !== (await outputTypes()))
    throw new Error(`${TYPES} differs from the code: run ${HOW_TO_WRITE}`);
});
