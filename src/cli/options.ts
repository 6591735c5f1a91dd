/**
 * The command line, declared once. The parser, the help and the table in the manual are made from this, and from the
 * options of the screen, which the settings file takes too (src/model/options/screen-options.ts).
 *
 * The declarations are citty's. Six fields are ours: `group` (heading in the help), `many` (how repeated options are
 * taken: all values, or their number), `off` (spellings that mean "not this one"), `isAction` (there is no such
 * spelling), `family` (options that have one line of the help together) and `words` (what shells offer as a value).
 */
import type { BooleanArgDef, EnumArgDef, StringArgDef } from "citty";
import { SCREEN_OPTIONS } from "../model/options/screen-options.ts";
import { SOURCES } from "./source-spec.ts";
import { REPLAY_OPTIONS } from "./replay-options.ts";
import type { ScreenOption } from "../model/options/screen-option.ts";

export const GROUPS = [
  "What is shown",
  "The screen, without effect on other outputs",
  "When",
  "Where it goes",
  "Where it comes from",
  "About iotop",
  "Accepted without effect, because iotop-c has them",
] as const;

interface Own {
  readonly group: (typeof GROUPS)[number];
  readonly many?: "list" | "count";
  readonly off?: readonly string[];
  readonly isAction?: true;
  readonly family?: ScreenOption["family"];
  readonly words?: readonly string[];
}

/** The fields of a declaration. Units and ranges are part of the description: the user reads nothing else. */
export type OptionDef = (BooleanArgDef | StringArgDef | EnumArgDef) &
  Own & { readonly description: string };

export const OPTIONS = {
  pid: {
    type: "string",
    alias: "p",
    valueHint: "PID",
    many: "list",
    description:
      "show only this process with all its threads, or this thread (its process, where rows are processes); for several, repeat the option or list ids with commas",
    group: "What is shown",
  },
  user: {
    type: "string",
    alias: "u",
    valueHint: "USER",
    many: "list",
    description:
      "show only processes of this user, by name or number; for several, repeat the option or list users with commas",
    group: "What is shown",
  },
  time: {
    type: "boolean",
    alias: ["t", "timestamp"],
    description: "print the time before each line; implies -b",
    group: "What is shown",
  },
  devices: {
    type: "boolean",
    description:
      "print a line for each disk: bytes, requests and their time, queue, how busy it is; implies -b",
    group: "What is shown",
  },
  quiet: {
    type: "boolean",
    alias: "q",
    many: "count",
    description:
      "print fewer headings: -q shows column names once, -qq never, -qqq omits the totals too; implies -b",
    group: "What is shown",
  },
  iter: {
    type: "string",
    alias: "n",
    valueHint: "NUM",
    description: "exit after NUM samples, a whole number, 1 or more",
    group: "When",
  },
  report: {
    type: "string",
    valueHint: "SEC",
    description:
      "watch for this many seconds, 0.05 to 86400, then print which processes used the disks most, and exit; with or without -b, it prints nothing before; Ctrl-C prints the report early",
    group: "When",
  },
  batch: {
    type: "boolean",
    alias: "b",
    description:
      "print plain text, line by line, for logs and pipes; the default when stdout is not a terminal",
    group: "Where it goes",
  },
  output: {
    type: "string",
    valueHint: "NAME[=TARGET][,KEY=VALUE]...",
    many: "list",
    description:
      "send the samples to this output (see Outputs), or to your own: a path to a .ts or .js file; repeat the option for several; write ,, for a comma in a value",
    group: "Where it goes",
  },
  files: {
    type: "boolean",
    description:
      "also show which process read and wrote which file, with -b, --report, --output jsonl and --output csv,shape=file (F on the screen); programs in the kernel count it (Linux 5.17 or newer, as root), and slow direct I/O and writes by up to a tenth until iotop exits",
    group: "What is shown",
  },
  source: {
    type: "string",
    valueHint: "NAME[,KEY=VALUE]...",
    default: "auto",
    words: SOURCES,
    description:
      "the kernel interface to read: taskstats, which needs CAP_NET_ADMIN, procfs, or auto, which takes the first of them that works; idle=off also reads tasks that have not run; with taskstats and auto, buffer=KIB (default 65536) is the room for messages about exits; trace=FILE appends a line for each record that did not simply belong to the task known under its id",
    group: "Where it comes from",
  },
  ...REPLAY_OPTIONS,
  write: {
    type: "boolean",
    alias: "W",
    isAction: true,
    description:
      "save the given options of the screen in the settings file, with those already in it, and exit",
    group: "About iotop",
  },
  config: {
    type: "boolean",
    default: true,
    description: "take options of the screen from its settings file",
    negativeDescription: "ignore the settings file",
    group: "About iotop",
  },
  "output-types": {
    type: "boolean",
    description:
      "print the types for outputs of your own: save them as iotop.d.ts, next to the module",
    group: "About iotop",
    isAction: true,
  },
  "output-template": {
    type: "boolean",
    description: "print an output to start from: save it as mine.ts",
    group: "About iotop",
    isAction: true,
  },
  "json-schema": {
    type: "boolean",
    description: "print the JSON Schema of the lines of --output jsonl",
    group: "About iotop",
    isAction: true,
  },
  "grafana-dashboard": {
    type: "boolean",
    description:
      "print a dashboard for Grafana that shows --output prometheus; import it there",
    group: "About iotop",
    isAction: true,
  },
  "prometheus-rules": {
    type: "boolean",
    description: "print alerting rules for Prometheus to start from",
    group: "About iotop",
    isAction: true,
  },
  "list-outputs": {
    type: "boolean",
    isAction: true,
    description: "list the outputs and their options, and exit",
    group: "About iotop",
  },
  h: {
    type: "boolean",
    isAction: true,
    alias: "?",
    description: "show the most used options and exit",
    group: "About iotop",
  },
  help: {
    type: "boolean",
    isAction: true,
    description: "show all options and exit",
    group: "About iotop",
  },
  man: {
    type: "boolean",
    isAction: true,
    description:
      "print the manual as a man page and exit; to read it: iotop --man | man -l -",
    group: "About iotop",
  },
  completions: {
    type: "enum",
    options: ["bash", "zsh", "fish"],
    description:
      "print a script that lets this shell complete options, and exit",
    group: "About iotop",
  },
  licenses: {
    type: "boolean",
    isAction: true,
    description: "print the licenses of everything in the executable, and exit",
    group: "About iotop",
  },
  doctor: {
    type: "boolean",
    isAction: true,
    description:
      "list what this machine offers, what is missing, and what to do about it; the status is 1 if anything is missing",
    group: "About iotop",
  },
  version: {
    type: "boolean",
    isAction: true,
    alias: ["v", "V"],
    description: "show the version and exit",
    group: "About iotop",
  },
} satisfies Record<string, OptionDef>;

/** The options that citty types. */
export type PlainName = keyof typeof OPTIONS;

const GROUP_OF: Readonly<
  Record<ScreenOption["subject"], (typeof GROUPS)[number]>
> = {
  view: "What is shown",
  screen: "The screen, without effect on other outputs",
  pace: "When",
  inert: "Accepted without effect, because iotop-c has them",
};

function screenDef(option: ScreenOption): OptionDef {
  const { letter, also = [], subject, about, family } = option;
  const alias = letter === undefined ? also : [letter, ...also];
  const shared = {
    ...(alias.length === 0 ? {} : { alias: [...alias] }),
    ...(family === undefined ? {} : { family }),
    description: about,
    group: GROUP_OF[subject],
  };
  if (option.kind === "value") {
    const { valueHint, words = [], default: usual } = option;
    const value = usual === undefined ? {} : { default: usual };
    return { type: "string", valueHint, words, ...value, ...shared };
  }
  const { off = [], isOnByDefault } = option;
  return isOnByDefault
    ? {
        type: "boolean",
        off,
        default: true,
        negativeDescription: about,
        ...shared,
      }
    : { type: "boolean", off, ...shared };
}

/** All options, where `off` and `many` can be read of each, by groups. */
export const OPTION_LIST: readonly (readonly [string, OptionDef])[] = [
  ...SCREEN_OPTIONS.map((option) => [option.name, screenDef(option)] as const),
  ...(Object.entries(OPTIONS) as readonly (readonly [string, OptionDef])[]),
].sort(([, a], [, b]) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));

/** All spellings of an option, without dashes, the long name first. */
export function spellings(name: string, def: OptionDef): readonly string[] {
  const aliases = def.alias ?? [];
  return [name, ...(typeof aliases === "string" ? [aliases] : aliases)];
}

/** The spellings that turn a switch off: its own, and "no-" before each of its long names. */
export function offSpellings(name: string, def: OptionDef): readonly string[] {
  if (def.type !== "boolean" || def.isAction) return [];
  const long = spellings(name, def).filter((spelling) => spelling.length > 1);
  return [...(def.off ?? []), ...long.map((spelling) => `no-${spelling}`)];
}
