/** The outputs' descriptions, for the help and for --list-outputs. */
import Table from "cli-table3";
import type { OptionSpec, OutputModule } from "../model/output.ts";
import { wrapText } from "../model/text/text-layout.ts";
import { fileOptions } from "./file-options.ts";
import { targetWord } from "./module-options.ts";

/** A stock output. Its code is loaded only when it is needed. */
export interface StockOutput {
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: OutputModule }>;
}

/** By name, in the order of the help. */
export type StockOutputs = Readonly<Record<string, StockOutput>>;

export type OutputDescription = Pick<
  OutputModule,
  "name" | "summary" | "target" | "options" | "keys"
>;

/** Loads all of them. */
export async function describeOutputs(
  stock: StockOutputs,
): Promise<readonly OutputDescription[]> {
  const entries = Object.values(stock);
  return Promise.all(
    entries.map(async (entry) => (await entry.load()).default),
  );
}

/** "screen", "jsonl[=FILE]", "statsd[=HOST[:PORT]]". */
export function synopsis({ name, target }: OutputDescription): string {
  return target === undefined ? name : `${name}[=${targetWord(target)}]`;
}

/** Its own options, and those of the file or folder that it writes. */
export const allOptions = (
  output: OutputDescription,
): NonNullable<OutputModule["options"]> => ({
  ...output.options,
  ...fileOptions(output),
});

/** What can follow the name, as terms and meanings: the target, if it needs words, and the options. */
export function settable(
  output: OutputDescription,
): readonly (readonly [term: string, meaning: string])[] {
  const { target } = output;
  const described = Object.entries(allOptions(output)).map(
    ([key, option]) =>
      [optionSynopsis(key, option), optionText(option)] as const,
  );
  return typeof target === "object"
    ? [["=", target.about], ...described]
    : described;
}

/** "all", "rows=NUMBER", "tags=none|dogstatsd". */
function optionSynopsis(key: string, option: OptionSpec): string {
  if (option.type === "boolean") return key;
  if (option.type === "number") return `${key}=NUMBER`;
  if (option.type === "map") return `${key}.KEY=TEXT`;
  return `${key}=${option.choices?.join("|") ?? "TEXT"}`;
}

/** "lines per sample; default 5". */
function optionText({ about, ...option }: OptionSpec): string {
  const value = option.default;
  if (value === undefined || value === false || value === "") return about;
  if (typeof value === "object") {
    const parts = Object.entries(value).map((part) => part.join("="));
    return parts.length === 0 ? about : `${about}; default ${parts.join(", ")}`;
  }
  const orBy =
    "isGrouping" in option && option.isGrouping ? ", or as --by" : "";
  return `${about}; default ${value === true ? "on" : value}${orBy}`;
}

/** The least that three columns and their frame need, on however small a terminal. */
const MIN_COLUMNS = 60;
/** Longer lines are hard to read, on however wide a terminal. */
const MAX_COLUMNS = 100;
/** Borders of three columns, and a blank on each side of a cell. */
const FRAME = 4 + 3 * 2;

/**
 * For --list-outputs: one row for each output, one paragraph for each option. cli-table3 cuts words that are longer
 * than their column, so the lines are made here and the columns are as wide as the lines.
 *
 * @param columns of the terminal; null if there is none
 */
export function outputsTable(
  outputs: readonly OutputDescription[],
  columns: number | null = null,
): string {
  const width = Math.min(
    Math.max(columns ?? MAX_COLUMNS, MIN_COLUMNS),
    MAX_COLUMNS,
  );
  const room = width - FRAME;
  const longest = Math.max(...outputs.map((output) => synopsis(output).length));
  const nameWidth = Math.min(longest, Math.floor(room / 3));
  const aboutWidth = Math.floor((room - nameWidth) / 3);
  const optionsWidth = room - nameWidth - aboutWidth;
  const cells = (name: string, about: string, options: readonly string[]) => [
    wrapText(name, nameWidth, 1).join("\n"),
    wrapText(about, aboutWidth).join("\n"),
    options.flatMap((text) => wrapText(text, optionsWidth, 2)).join("\n") ||
      "-",
  ];
  const table = new Table({
    head: cells("--output", "what it does", ["options"]),
    // By default cli-table3 colours borders and headings, even on pipes.
    style: { head: [], border: [] },
  });
  for (const output of outputs) {
    const options = settable(output).map(([term, meaning]) =>
      term === "=" ? meaning : `${term}: ${meaning}`,
    );
    table.push(cells(synopsis(output), output.summary, options));
  }
  return `${table.toString()}\n`;
}
