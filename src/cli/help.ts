/** The help, for 80 columns. Options and outputs are described from their declarations. */
import { entryLines, paragraph } from "../model/text/text-layout.ts";
import {
  settable,
  synopsis,
  type OutputDescription,
} from "../output-options/describe-outputs.ts";
import {
  GROUPS,
  OPTION_LIST,
  offSpellings,
  spellings,
  type OptionDef,
} from "./options.ts";
import { dashed } from "../model/options/screen-options.ts";

export function helpText(
  version: string,
  outputs: readonly OutputDescription[],
): string {
  return [
    `iotop ${version}: shows which processes use the disks`,
    "",
    "Usage: iotop [OPTIONS]",
    "",
    ...paragraph(
      "In a terminal, iotop shows a live table of processes and their active threads: what they read and write, and how long they wait for it. On a pipe, or with -b, it prints lines of text, one for each thread, or with -P one for each process. It counts short-lived tasks too, because the kernel reports every task that exits. An unknown figure is ?, never 0.",
    ),
    ...GROUPS.flatMap(optionLines),
    "",
    ...paragraph(
      "To undo a switch, write no- before its name, as in --no-only; --threads also undoes --processes. If you give an option twice, the last one counts; -p, -u and --output add up. The settings file can have options of the screen, one per line: $XDG_CONFIG_HOME/iotop/iotoprc, or ~/.config/iotop/iotoprc. The command line overrules them.",
    ),
    "",
    ...outputs.flatMap(keyLines),
    "Outputs:",
    ...outputs.flatMap(outputLines),
    ...entryLines("./FILE.ts", OWN_OUTPUT, 2, 24),
    "",
    "Examples:",
    ...EXAMPLES.flatMap(([command, effect]) => [
      `  ${command}`,
      ...paragraph(effect, 6),
    ]),
    "",
    "Permissions:",
    ...paragraph(PERMISSIONS, 2),
    "",
    "Exit status:",
    ...STATUS.flatMap(([status, meaning]) => entryLines(status, meaning, 2, 9)),
    "",
  ].join("\n");
}

const OWN_OUTPUT =
  'your own: a file that exports an output, defineOutput({ ... }) from "iotop"; root can load it only if nobody else can change the file or the directories above it';

const EXAMPLES = [
  ["sudo iotop -oP", "show the processes that use the disks now"],
  [
    "sudo iotop -aoP",
    "show what each process has read and written since the start",
  ],
  [
    "sudo iotop -botqq -d 10 >> io.log",
    "log active threads with times, every ten seconds",
  ],
  [
    "sudo iotop -b -n 2 -p 1234 -u postgres",
    "print two samples of one process, if it belongs to that user",
  ],
  [
    "sudo iotop --output jsonl | jq .total.write_bytes_per_s",
    "pass samples to other programs",
  ],
  [
    "sudo iotop --report 10",
    "report which processes used the disks most in ten seconds, including short-lived ones",
  ],
  [
    "sudo iotop --output screen --output jsonl=/var/log/io.jsonl",
    "watch and record at the same time",
  ],
  [
    "iotop --replay io.jsonl.gz --speed max --output report,group=user",
    "print the same report of a recording, by user",
  ],
] as const;

const PERMISSIONS =
  "Run it as root. CAP_NET_ADMIN alone is enough for the kernel to report all tasks and their exits. Without it, iotop reads /proc, which shows the I/O of your own tasks and misses tasks that exit. SWAPIN and IO are known only while sysctl kernel.task_delayacct is 1, and only for tasks started since then.";

const STATUS = [
  [
    "0",
    "iotop exited as asked: by -n, --report, q, a signal, the end of a recording, or a reader that closed the pipe",
  ],
  [
    "1",
    "iotop could not read the kernel or the recording, or an output failed",
  ],
  ["2", "the command line is not valid"],
  [
    "128+N",
    "signal N came a second time, or is not one that asks a program to exit, such as SIGUSR1",
  ],
] as const;

function optionLines(group: (typeof GROUPS)[number]): readonly string[] {
  return [
    "",
    `${group}:`,
    ...optionEntries(group).flatMap(([head, about]) =>
      entryLines(head, about, 2, 24),
    ),
  ];
}

/** What is typed, and what it does. The options of a family are one entry, where the first of them stands. */
export function optionEntries(
  group: (typeof GROUPS)[number],
): readonly (readonly [head: string, about: string])[] {
  const options = OPTION_LIST.filter(([, def]) => def.group === group);
  const family = options.filter(([, def]) => def.family !== undefined);
  return options.flatMap(([name, def]) => {
    if (def.family === undefined)
      return [[optionHead(name, def), optionAbout(def)] as const];
    return name === family[0]![0] ? [columnsEntry(family)] : [];
  });
}

function columnsEntry(
  family: readonly (readonly [string, OptionDef])[],
): readonly [string, string] {
  const columns = family.map(([name, { alias }]) =>
    [alias, name.replace("hide-", "")].join(" ").trim(),
  );
  return [
    "-1 to -9, --hide-COLUMN, --show-COLUMN",
    `hide or show a column: ${columns.join(", ")}`,
  ];
}

/** "-d, --delay SEC". */
export function optionHead(name: string, def: OptionDef): string {
  const words = (
    isOnByDefault(def) ? offSpellings(name, def) : spellings(name, def)
  ).map(dashed);
  const value =
    def.type === "enum" ? (def.options ?? []).join("|") : def.valueHint;
  const short = words.filter((word) => !word.startsWith("--"));
  const long = words.filter((word) => word.startsWith("--"));
  const head = [...short, ...long].join(", ");
  return (short.length === 0 ? "    " : "") + head + (value ? ` ${value}` : "");
}

export function optionAbout(def: OptionDef): string {
  if (isOnByDefault(def)) return def.negativeDescription ?? def.description;
  return def.default === undefined
    ? def.description
    : `${def.description}; default ${def.default}`;
}

type OnByDefault = Extract<OptionDef, { negativeDescription?: string }>;

function isOnByDefault(def: OptionDef): def is OnByDefault {
  return def.type === "boolean" && def.default === true;
}

function outputLines(output: OutputDescription): readonly string[] {
  return [
    ...entryLines(synopsis(output), output.summary, 2, 24),
    ...settable(output).flatMap(([term, meaning]) =>
      entryLines(term, meaning, 4, 24),
    ),
  ];
}

function keyLines({ name, keys = [] }: OutputDescription): readonly string[] {
  if (keys.length === 0) return [];
  const lines = keys.flatMap(([key, effect]) => entryLines(key, effect, 2, 16));
  return [`Keys of the ${name}:`, ...lines, ""];
}
