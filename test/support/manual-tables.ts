/**
 * The tables of README.md and of the manual that are made from the code, and the picture of the screen. Each stands
 * between a pair of comments with its name; `bun test/support/manual-tables.ts --write` brings them up to date.
 */
import { join } from "node:path";
import { OUTPUTS } from "../../outputs/index.ts";
import schema from "../../outputs/jsonl.schema.json";
import {
  KEY_COMMANDS,
  keysOf,
} from "../../outputs/screen/input/key-commands.ts";
import {
  describeOutputs,
  settable,
  synopsis,
} from "../../src/output-options/describe-outputs.ts";
import { helpText, optionEntries } from "../../src/cli/help.ts";
import { GROUPS } from "../../src/cli/options.ts";
import { COLUMNS } from "../../src/model/columns/columns.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import kernels from "../kernels/results.json";
import { rowOf } from "../kernels/results.ts";
import { PARITY } from "../parity.ts";
import { formatText } from "./documents/format-text.ts";
import { DOCUMENTS, ROOT, readDocument } from "./documents/manual.ts";
import { TYPES, outputTypes } from "./documents/output-types.ts";
import { screenPicture } from "./documents/readme-screen.ts";
import { publicNames } from "./documents/public-interface.ts";

export const HOW_TO_WRITE = "bun test/support/manual-tables.ts --write";

const escapeCell = (text: string): string => text.replaceAll("|", "\\|");

function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(escapeCell).join(" | ")} |`;
  return [heads, heads.map(() => "---"), ...rows].map(line).join("\n");
}

const code = (text: string): string => `\`${text}\``;

const describeColumns = (columns: typeof COLUMNS): string =>
  table(
    ["Column", "What it says", "Where the kernel says it"],
    columns.map((column) => [
      column.title(DEFAULT_VIEW),
      column.about,
      column.source,
    ]),
  );

const columnsTable = (): string => describeColumns(COLUMNS);

/** The columns that iotop has had since 2007. */
const firstColumnsTable = (): string =>
  describeColumns(COLUMNS.filter(({ shownBy }) => shownBy.includes("batch")));

const optionsTable = (): string =>
  table(
    ["Option", "Meaning"],
    GROUPS.flatMap(optionEntries).map(([head, about]) => [
      code(head.trim()),
      about,
    ]),
  );

async function outputsTable(): Promise<string> {
  const outputs = await describeOutputs(OUTPUTS);
  return table(
    ["`--output`", "What it does", "Settings, separated by commas"],
    outputs.map((output) => [
      code(synopsis(output)),
      output.summary,
      settable(output)
        .map(([term, about]) =>
          term === "=" ? about : `${code(term)}: ${about}`,
        )
        .join(".<br>"),
    ]),
  );
}

/** The keys as the help window has them, without how everything is set at the moment. */
function keysTable(): string {
  return table(
    ["Key", "What it does"],
    KEY_COMMANDS.map((command) => {
      const names = keysOf(command);
      const apart = names.includes(" to ") ? [names] : names.split(" ");
      return [apart.map(code).join(" "), command.about];
    }),
  );
}

/** The lines of a heading of --help, each with what is wrapped below it. */
function helpEntries(heading: string): (readonly [string, string])[] {
  const lines = helpText("0", []).split("\n");
  const from = lines.indexOf(`${heading}:`) + 1;
  if (from === 0) throw new Error(`--help has no heading ${heading}`);
  const entries: [string, string][] = [];
  for (const line of lines.slice(from)) {
    if (line === "") break;
    const [, term, about = line.trim()] = /^ {2}(\S+) +(.*)$/.exec(line) ?? [];
    if (term !== undefined) entries.push([term, about]);
    else entries.at(-1)![1] += ` ${about}`;
  }
  return entries;
}

function exitStatusTable(): string {
  return table(
    ["Status", "Meaning"],
    helpEntries("Exit status").map(([status, meaning]) => [
      code(status),
      meaning,
    ]),
  );
}

interface Property {
  readonly description?: string;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly properties?: Properties;
}

type Properties = Readonly<Record<string, Property>>;

/** All kinds of object in a line of JSON, by the description of the format itself. */
const SAMPLE = schema.properties as Properties;
const TASK = schema.$defs.task.properties as Properties;
const DEVICE = schema.$defs.device.properties as Properties;
const FILE = schema.$defs.file.properties as Properties;

function typeOf(property: Property): string {
  if (property.const !== undefined) return JSON.stringify(property.const);
  if (property.enum !== undefined)
    return property.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (property.$ref !== undefined) return "integer or null";
  return [property.type ?? []].flat().join(" or ");
}

function keyRows(properties: Properties, prefix = ""): string[][] {
  return Object.entries(properties).map(([key, property]) => [
    code(prefix + key),
    typeOf(property),
    property.description ?? "",
  ]);
}

/** Objects of counters have the keys of a task: only what is their own is listed again. */
function sampleKeysTable(): string {
  const rows = Object.entries(SAMPLE).flatMap(([key, property]) => [
    ...keyRows({ [key]: property }),
    ...keyRows(
      Object.fromEntries(
        Object.entries(property.properties ?? {}).filter(
          ([inner, { description }]) =>
            key === "disk" ||
            TASK[inner] === undefined ||
            TASK[inner].description !== description,
        ),
      ),
      `${key}.`,
    ),
    ...(key === "devices" ? keyRows(DEVICE, "devices[].") : []),
    ...(key === "files" ? keyRows(FILE, "files[].") : []),
  ]);
  return table(["Key", "Type", "Meaning"], rows);
}

function taskKeysTable(): string {
  return table(["Key", "Type", "Meaning"], keyRows(TASK));
}

/** What a module can call; its types are in the files that the text links to. */
function interfaceTable(): string {
  const values = publicNames().filter(({ isType }) => !isType);
  return table(
    ["For", "Import", "What it is"],
    values.map(({ subject, name, about }, at) => [
      values[at - 1]?.subject === subject ? "" : subject,
      code(name),
      about,
    ]),
  );
}

/** Every function of both other iotops. */
function parityTable(): string {
  const mark = {
    both: ["yes", "yes"],
    "0.6": ["yes", "-"],
    "iotop-c": ["-", "yes"],
    neither: ["-", "-"],
  };
  return table(
    ["", "Function", "0.6", "iotop-c", "Here"],
    Object.entries(PARITY).flatMap(([subject, rows]) =>
      rows.map(({ name, peers, here }, at) => [
        at === 0 ? subject : "",
        name,
        ...mark[peers],
        here,
      ]),
    ),
  );
}

/** What was booted, and what came of it. */
function kernelsTable(): string {
  const rows = kernels.map(rowOf);
  return table(Object.keys(rows[0]!), rows.map(Object.values));
}

/** Every key of the JSON lines, for the names in the text. */
export const JSON_KEYS: ReadonlySet<string> = new Set([
  ...Object.keys(TASK),
  ...Object.keys(DEVICE),
  ...Object.entries(SAMPLE).flatMap(([key, property]) => [
    key,
    ...Object.keys(property.properties ?? {}),
  ]),
]);

type Tables = Readonly<Record<string, () => string | Promise<string>>>;

export const TABLES: Tables = {
  screen: screenPicture,
  keys: keysTable,
  "first-columns": firstColumnsTable,
  columns: columnsTable,
  outputs: outputsTable,
  options: optionsTable,
  "exit-status": exitStatusTable,
  "sample-keys": sampleKeysTable,
  "task-keys": taskKeysTable,
  interface: interfaceTable,
  parity: parityTable,
  kernels: kernelsTable,
};

/** The names of the tables that a text has places for. */
export const placesOf = (text: string): string[] =>
  [...text.matchAll(/<!-- ([\w-]+):begin -->/g)]
    .map(([, name]) => name!)
    .filter((name) => name in TABLES);

/** A document with every table as the code has it, formatted. */
export async function renderDocument(
  path: string,
  text: string,
): Promise<string> {
  let rendered = text;
  for (const name of placesOf(text)) {
    const marked = new RegExp(
      `(?<=<!-- ${name}:begin -->\n).*?(?=<!-- ${name}:end -->)`,
      "s",
    );
    const made = (await TABLES[name]!()).trim();
    rendered = rendered.replace(marked, () => `\n${made}\n\n`);
  }
  return formatText(path, rendered);
}

if (import.meta.main) {
  const isToWrite = process.argv[2] === "--write";
  for (const path of DOCUMENTS) {
    const old = readDocument(path);
    const current = await renderDocument(path, old);
    if (isToWrite) await Bun.write(join(ROOT, path), current);
    else if (current !== old) {
      console.error(`${path} differs from the code: run ${HOW_TO_WRITE}`);
      process.exitCode = 1;
    }
  }
  if (isToWrite) await Bun.write(TYPES, await outputTypes());
}
