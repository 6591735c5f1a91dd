/**
 * The strict pass: turns words into option values and accepts nothing unknown.
 *
 * citty separates the values and types them, but it lets unknown options through and keeps only the last of repeated
 * ones. So the tokens of node:util, made from the same declarations, are checked first.
 */
import { parseArgs as tokenize } from "node:util";
import { parseArgs, type ParsedArgs } from "citty";
import { UsageError } from "../errors.ts";
import { nearestWord } from "./nearest-word.ts";
import { SCREEN_SPELLINGS } from "../model/options/screen-options.ts";
import {
  DEFAULT_SCREEN,
  type ScreenSettings,
} from "../model/options/screen-settings.ts";
import {
  OPTIONS,
  OPTION_LIST,
  offSpellings,
  spellings,
  type OptionDef,
  type PlainName,
} from "./options.ts";
import { dashed } from "../model/options/screen-options.ts";

/** After these no other word matters. */
const ASIDE: ReadonlySet<string> = new Set(["h", "help", "version"]);

/** What may be asked without dashes, if nothing else is said. */
const WORDS: ReadonlySet<string> = new Set(["help", "version"]);

export interface Arguments {
  /** Switches and single values: the last one given, or the default. */
  readonly args: ParsedArgs<typeof OPTIONS>;
  /** What was given explicitly, as opposed to defaults. */
  readonly given: ReadonlySet<string>;
  /** Every value of a repeated option, in order; comma lists are not yet split. */
  readonly lists: ReadonlyMap<PlainName, readonly string[]>;
  /** How often a counted option was given. */
  readonly counts: ReadonlyMap<PlainName, number>;
  /** Other choices about the screen, with those that were given. */
  readonly applyScreen: (settings: ScreenSettings) => ScreenSettings;
}

interface Spelling {
  readonly name: string;
  readonly def: OptionDef;
  readonly on: boolean;
}

const BY_SPELLING: ReadonlyMap<string, Spelling> = new Map(
  OPTION_LIST.flatMap(([name, def]) => {
    const entries: [string, Spelling][] = spellings(name, def).map((s) => [
      dashed(s),
      { name, def, on: true },
    ]);
    for (const s of offSpellings(name, def))
      entries.push([dashed(s), { name, def, on: false }]);
    return entries;
  }),
);

/** What node:util must know to split clusters such as -bn3 in the right place. */
const TOKENIZER_OPTIONS = Object.fromEntries(
  [...BY_SPELLING].map(([spelling, { def }]) => {
    const word = spelling.replace(/^--?/, "");
    const type: "boolean" | "string" =
      def.type === "boolean" ? "boolean" : "string";
    // A one-letter long option would make --o mean -o. So these letters get a name that cannot be typed.
    return word.length === 1
      ? [`\0${word}`, { type, short: word }]
      : [word, { type }];
  }),
);

/**
 * Stops reading at -h, --help and --version, as other programs do: the words after them do not matter.
 *
 * @throws UsageError for an unknown option, for a value that is missing, not wanted or not one of the choices, and for
 * words that belong to no option
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const given = new Set<string>();
  const single = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const counts = new Map<string, number>();
  const screen: ((settings: ScreenSettings) => ScreenSettings)[] = [];

  const { tokens } = tokenize({
    args: [...argv],
    options: TOKENIZER_OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  let last: GivenOption | null = null;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      // `iotop help`, as other programs have it.
      if (argv.length === 1 && WORDS.has(token.value)) {
        single.set(token.value, `--${token.value}`);
        break;
      }
      throw strayWord(token.value, last);
    }
    const { rawName } = token;
    const known = BY_SPELLING.get(rawName);
    if (known === undefined)
      throw unknownOption(rawName, argv[token.index] ?? "");
    const { name, def, on } = known;
    const value = checkValue(rawName, def, token.value);
    last = { rawName, def, value };
    given.add(name);
    if (SCREEN_SPELLINGS.has(rawName)) {
      screen.push(changeOf(rawName, value));
    } else if (def.type === "boolean") {
      single.set(name, on ? `--${name}` : `--no-${name}`);
      if (def.many === "count")
        counts.set(name, on ? (counts.get(name) ?? 0) + 1 : 0);
      if (on && ASIDE.has(name)) break;
    } else {
      single.set(name, `--${name}=${value}`);
      if (def.many === "list")
        lists.set(name, [...(lists.get(name) ?? []), value]);
    }
  }
  return {
    args: parseArgs([...single.values()], OPTIONS),
    given,
    lists: lists as Map<PlainName, string[]>,
    counts: counts as Map<PlainName, number>,
    applyScreen: (settings) =>
      screen.reduce((changed, change) => change(changed), settings),
  };
}

/** @throws UsageError for a value that is not one of its choices */
function changeOf(
  rawName: string,
  value: string,
): (settings: ScreenSettings) => ScreenSettings {
  const { option, on } = SCREEN_SPELLINGS.get(rawName)!;
  if (option.kind === "switch") return (settings) => option.set(settings, on);
  const tried = option.set(DEFAULT_SCREEN, value);
  if (typeof tried === "string")
    throw new UsageError(`--${option.name} ${value}: ${tried}`);
  return (settings) => option.set(settings, value) as ScreenSettings;
}

/** The value; empty for a switch. */
function checkValue(
  rawName: string,
  def: OptionDef,
  value: string | undefined,
): string {
  if (def.type === "boolean") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
    return "";
  }
  const choices = def.type === "enum" ? (def.options ?? []) : [];
  if (value === undefined || value === "") {
    const wanted = def.valueHint ?? choices.join("|");
    throw new UsageError(`${rawName} needs a value: ${rawName} ${wanted}`);
  }
  if (choices.length > 0 && !choices.includes(value)) {
    throw new UsageError(
      `${rawName} ${value}: must be one of ${choices.join(", ")}`,
    );
  }
  return value;
}

interface GivenOption {
  readonly rawName: string;
  readonly def: OptionDef;
  readonly value: string;
}

/** @param before the option that it follows, perhaps as another value: a pattern of the shell becomes several words */
function strayWord(word: string, before: GivenOption | null): UsageError {
  const { rawName, def, value } = before ?? {};
  const hint =
    def?.many === "list"
      ? `for several, repeat the option: ${rawName} ${value} ${rawName} ${word}`
      : rawName === "-o" && /^[a-z./]/.test(word)
        ? `-o is --only: to choose an output, write --output ${word}`
        : "iotop takes only options, see iotop --help";
  return new UsageError(`unexpected argument ${JSON.stringify(word)}; ${hint}`);
}

/** @param word the command-line word that contains it: one word may combine several short options */
function unknownOption(rawName: string, word: string): UsageError {
  const letter =
    rawName === "-=" ? word.slice(0, word.indexOf("=")).at(-1) : "-";
  if (letter !== "-") return new UsageError(`-${letter} takes no value`);
  const near =
    rawName.length > 3 ? nearestWord(rawName, BY_SPELLING.keys()) : null;
  const hint = near === null ? "see iotop --help" : `did you mean ${near}?`;
  const place = word === rawName || word.startsWith("--") ? "" : ` in ${word}`;
  return new UsageError(`unknown option ${rawName}${place}; ${hint}`);
}
