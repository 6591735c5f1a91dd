/** What -h says: enough to begin with, on less than a screen. */
import { entryLines } from "../model/text/text-layout.ts";
import { optionAbout, optionHead } from "./help.ts";
import { OPTION_LIST } from "./options.ts";

const EXAMPLES = [
  ["sudo iotop", "the screen; press h for its keys"],
  ["sudo iotop -oP", "only processes that use the disks now"],
  ["sudo iotop --report 10", "which processes used them in ten seconds"],
  ["sudo iotop -boP -n 3", "three samples as text"],
  ["sudo iotop --output jsonl | jq", "samples for other programs"],
] as const;

const FIRST: ReadonlySet<string> = new Set([
  "only",
  "processes",
  "accumulated",
  "pid",
  "user",
  "filter",
  "delay",
  "iter",
  "batch",
  "report",
  "output",
  "replay",
]);

const MORE = [
  ["iotop --help", "all options, outputs and keys"],
  ["iotop --man | man -l -", "the manual"],
] as const;

const entries = (list: readonly (readonly [string, string])[]) =>
  list.flatMap(([term, about]) => entryLines(term, about, 2, 34));

export function shortHelp(version: string): string {
  const options = OPTION_LIST.filter(([name]) => FIRST.has(name));
  return [
    `iotop ${version}: shows which processes use the disks`,
    "",
    ...entries(EXAMPLES),
    "",
    "The most used options:",
    ...options.flatMap(([name, def]) =>
      entryLines(
        optionHead(name, def),
        optionAbout(def).split("; ")[0]!,
        2,
        34,
      ),
    ),
    "",
    "More:",
    ...entries(MORE),
    "",
  ].join("\n");
}
