/** What the outputs say about themselves, for the help and for --list-outputs. */
import Table from "cli-table3";
import type { Registry } from "../host/registry.ts";
import type { OptionSpec, OutputModule } from "../model/output.ts";

export type OutputDescription = Pick<
  OutputModule,
  "name" | "summary" | "target" | "options"
>;

/** Loads all of them. */
export async function describeOutputs(
  registry: Registry,
): Promise<readonly OutputDescription[]> {
  const entries = Object.values(registry);
  return Promise.all(
    entries.map(async (entry) => (await entry.load()).default),
  );
}

/** "jsonl[=FILE]", "statsd[=HOST[:PORT]]": what a target is begins with a word for it, in capitals. */
export function synopsis({ name, target }: OutputDescription): string {
  if (target === undefined) return name;
  if (target === "file") return `${name}[=FILE]`;
  return `${name}[=${/^[A-Z][^a-z\s,;]*/.exec(target.about)?.[0] ?? "TARGET"}]`;
}

/** All that can be said after the name, as terms and their meanings: the target, if it needs words, and the options. */
export function settable({
  target,
  options = {},
}: OutputDescription): readonly (readonly [term: string, meaning: string])[] {
  const described = Object.entries(options).map(
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
  return `${key}=${option.choices?.join("|") ?? "TEXT"}`;
}

/** "lines per sample; 5 by default". */
function optionText({ about, ...option }: OptionSpec): string {
  const value = option.default;
  if (value === undefined || value === false || value === "") return about;
  return `${about}; ${value === true ? "on" : value} by default`;
}

/** For --list-outputs: one row an output, one line an option. */
export function outputsTable(outputs: readonly OutputDescription[]): string {
  const table = new Table({
    head: ["--output", "what it does", "options"],
    colWidths: [22, 20, 34],
    wordWrap: true,
    // Left to itself it colours borders and headings, on pipes too.
    style: { head: [], border: [] },
  });
  for (const output of outputs) {
    const options = settable(output).map((pair) => pair.join(": "));
    table.push([synopsis(output), output.summary, options.join("\n") || "-"]);
  }
  return `${table.toString()}\n`;
}
