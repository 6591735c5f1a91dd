/** What shells may complete, from the declarations of options and outputs. Pure. */
import type { OutputModule } from "../../model/output.ts";
import {
  allOptions,
  type OutputDescription,
} from "../../output-options/describe-outputs.ts";
import {
  OPTION_LIST,
  offSpellings,
  spellings,
  type OptionDef,
} from "../options.ts";
import { dashed } from "../../model/options/screen-options.ts";

/** What follows an option. */
export type Value =
  | { readonly kind: "none" | "text" | "file" | "output" | "user" | "pid" }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

export interface OptionWords {
  /** "-o", "--only", "--no-only". */
  readonly words: readonly string[];
  readonly about: string;
  readonly value: Value;
}

export interface OutputWords {
  readonly name: string;
  readonly about: string;
  /** "all", "rows=", "group=": what follows a comma. */
  readonly keys: readonly string[];
  /** "group=comm": the same with each choice. */
  readonly settings: readonly string[];
}

const KINDS: Readonly<Record<string, Value["kind"]>> = {
  output: "output",
  replay: "file",
  user: "user",
  pid: "pid",
};

function valueOf(name: string, def: OptionDef): Value {
  if (def.type === "boolean") return { kind: "none" };
  const choices = (def.type === "enum" ? def.options : def.words) ?? [];
  if (choices.length > 0) return { kind: "choice", choices };
  return { kind: KINDS[name] ?? "text" } as Value;
}

/** The first clause of a description: lists of completions have one line each. */
const clauseOf = (about: string): string => about.split(/[;(:]|, /)[0]!.trim();

export const optionWords = (): readonly OptionWords[] =>
  OPTION_LIST.map(([name, def]) => ({
    words: [...spellings(name, def), ...offSpellings(name, def)].map(dashed),
    about: clauseOf(def.description),
    value: valueOf(name, def),
  }));

type Options = NonNullable<OutputModule["options"]>;

function keyOf(name: string, option: Options[string]): string {
  if (option.type === "boolean") return name;
  return option.type === "map" ? `${name}.` : `${name}=`;
}

function settingsOf(name: string, option: Options[string]): readonly string[] {
  if (option.type !== "string") return [];
  return (option.choices ?? []).map((choice) => `${name}=${choice}`);
}

export const outputWords = (
  outputs: readonly OutputDescription[],
): readonly OutputWords[] =>
  outputs.map((output) => {
    const entries = Object.entries(allOptions(output));
    return {
      name: output.name,
      about: clauseOf(output.summary),
      keys: entries.map(([key, option]) => keyOf(key, option)),
      settings: entries.flatMap(([key, option]) => settingsOf(key, option)),
    };
  });
