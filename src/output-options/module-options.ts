/** Options and targets of an output, checked against its module's declarations. */
import { UsageError } from "../errors.ts";
import { parseDecimal } from "../model/text/amounts.ts";
import type { OutputSpec } from "./output-spec.ts";
import type { OptionSpec, OptionSpecs, OutputModule } from "../model/output.ts";

type OptionValue = string | number | boolean | Readonly<Record<string, string>>;

/** @throws UsageError that says what is accepted instead */
export function parseModuleOptions(
  spec: Pick<OutputSpec, "name" | "options">,
  declared: OptionSpecs = {},
): Readonly<Record<string, OptionValue>> {
  const values: Record<string, OptionValue> = {};
  for (const [key, option] of Object.entries(declared))
    if (option.type === "map") values[key] = { ...option.default };
    else if (option.default !== undefined) values[key] = option.default;
  for (const [key, text] of spec.options) {
    const part = partOfMap(key, declared);
    if (part !== null) {
      if (text === true || text === "")
        throw new UsageError(`${spec.name}: ${key} needs a value: text`);
      const map = values[part.option] as Record<string, string>;
      Object.defineProperty(map, part.name, { value: text, enumerable: true });
      continue;
    }
    const option = Object.hasOwn(declared, key) ? declared[key] : undefined;
    if (option === undefined) {
      const known = Object.entries(declared).map(
        ([name, { type }]) => `"${type === "map" ? `${name}.KEY` : name}"`,
      );
      throw new UsageError(
        `${spec.name} has no option ${JSON.stringify(key)}; it has ${known.join(", ") || "none"}`,
      );
    }
    values[key] = parseOption(`${spec.name}: ${key}`, option, text);
  }
  return values;
}

/** "tag.env" is "env" of the option "tag", if that is a map. */
function partOfMap(
  key: string,
  declared: OptionSpecs,
): { readonly option: string; readonly name: string } | null {
  const dot = key.indexOf(".");
  const option = key.slice(0, dot);
  const name = key.slice(dot + 1);
  const isPart =
    dot > 0 &&
    name !== "" &&
    Object.hasOwn(declared, option) &&
    declared[option]!.type === "map";
  return isPart ? { option, name } : null;
}

function parseOption(
  label: string,
  option: OptionSpec,
  text: string | true,
): OptionValue {
  if (option.type === "map")
    throw new UsageError(
      `${label} needs a key, as in ${label.replace(/^.*: /s, "")}.KEY=VALUE`,
    );
  if (option.type === "boolean") {
    const value = text === true ? true : BOOLEANS[text.toLowerCase()];
    if (value === undefined)
      throw new UsageError(`${label}=${String(text)}: must be yes or no`);
    return value;
  }
  if (text === true || text === "")
    throw new UsageError(`${label} needs a value: ${accepted(option)}`);
  if (option.type === "number") {
    const sign = text.startsWith("-") ? -1 : 1;
    const value = sign * parseDecimal(text.replace(/^[+-]/, ""));
    const { min = -Infinity, max = Infinity, integer = false } = option;
    if (!(value >= min && value <= max) || (integer && value % 1 !== 0))
      throw new UsageError(`${label}=${text}: must be ${accepted(option)}`);
    return value;
  }
  if (option.choices !== undefined && !option.choices.includes(text))
    throw new UsageError(`${label}=${text}: must be ${accepted(option)}`);
  return text;
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  __proto__: null as never,
  yes: true,
  true: true,
  on: true,
  "1": true,
  no: false,
  false: false,
  off: false,
  "0": false,
};

/** "a number, 0 or more", "a whole number from 1 to 100", "one of a, b", "yes or no", "text": for errors and the help. */
export function accepted(option: OptionSpec): string {
  if (option.type === "boolean") return "yes or no";
  if (option.type === "map") return "text";
  if (option.type === "string")
    return option.choices === undefined
      ? "text"
      : `one of ${option.choices.join(", ")}`;
  const { min, max, integer = false } = option;
  const noun = integer ? "a whole number" : "a number";
  if (min === undefined)
    return max === undefined ? noun : `${noun}, ${max} or less`;
  return max === undefined
    ? `${noun}, ${min} or more`
    : `${noun} from ${min} to ${max}`;
}

/**
 * What the target of an output is: a file for `print`, or a folder, or text for the module. "-" is stdout, as elsewhere.
 */
export interface Target {
  readonly file: string | null;
  readonly text: string | null;
}

/** Programs would take such a file for a compressed one. */
const COMPRESSED = /\.(?:gz|zst|bz2|xz|lz4)$/i;

/** @throws UsageError for a target that is empty or that the module does not take */
export function parseTarget(
  spec: Pick<OutputSpec, "name" | "target">,
  declared: OutputModule["target"],
): Target {
  const { name, target } = spec;
  if (target === null) return { file: null, text: null };
  if (declared === undefined)
    throw new UsageError(
      `${name} takes no target; write options after a comma`,
    );
  if (target === "")
    throw new UsageError(
      `${name}= needs a value after the =: ${name}=${targetWord(declared)}`,
    );
  if (typeof declared === "object") return { file: null, text: target };
  const file = target === "-" ? null : target;
  const compressed = COMPRESSED.exec(target)?.[0];
  if (compressed !== undefined)
    throw new UsageError(
      `${name}=${target}: the file would be plain text: leave out ${compressed}, ${
        declared === "recording"
          ? `or give a folder, ${name}=DIR/, whose files are compressed`
          : "and compress it later"
      }`,
    );
  return { file, text: file };
}

/** "FILE", "HOST[:PORT]": the description of a target may begin with a word for it, in capitals; otherwise "TARGET". */
export function targetWord(
  declared: NonNullable<OutputModule["target"]>,
): string {
  if (declared === "recording") return "FILE|DIR/";
  if (typeof declared === "string") return "FILE";
  return /^[A-Z][^a-z\s,;]*/.exec(declared.about)?.[0] ?? "TARGET";
}
