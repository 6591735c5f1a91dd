/** `--output NAME[=TARGET][,KEY=VALUE]...`, as text. The output's module defines what the keys mean. */
import { UsageError } from "../errors.ts";

export interface OutputSpec {
  /** A stock output, or the path of a module. */
  readonly name: string;
  readonly isPath: boolean;
  readonly target: string | null;
  /** In the order given; a key without a value is `true`. */
  readonly options: ReadonlyMap<string, string | true>;
}

/** The suffix of a module's file. */
const SUFFIX = /\.[cm]?[jt]sx?(?==|$)/g;

export function outputSpec(name: string): OutputSpec {
  return { name, isPath: false, target: null, options: new Map() };
}

/** @throws UsageError when there is no name, an empty key, or a key twice */
export function parseOutputSpec(text: string): OutputSpec {
  const [head = "", ...pairs] = splitAtCommas(text);
  const nameLength = lengthOfName(head);
  const name = head.slice(0, nameLength);
  if (name === "")
    throw new UsageError(
      `--output ${text}: the name of the output is missing; see iotop --list-outputs`,
    );
  return {
    name,
    isPath: name.includes("/") || /\.[cm]?[jt]sx?$/.test(name),
    target: nameLength === head.length ? null : head.slice(nameLength + 1),
    options: parsePairs(pairs, `--output ${text}`),
  };
}

/** NAME can contain "=" only after a slash, and such a path ends in the suffix of a module. */
function lengthOfName(head: string): number {
  const equals = head.indexOf("=");
  const end = equals < 0 ? head.length : equals;
  const slash = head.lastIndexOf("/", end);
  if (slash < 0) return end;
  for (const { index, 0: suffix } of head.slice(slash).matchAll(SUFFIX))
    return slash + index + suffix.length;
  return end;
}

/** @throws UsageError when a key is empty or given twice */
export function parsePairs(
  pairs: readonly string[],
  label: string,
): OutputSpec["options"] {
  const options = new Map<string, string | true>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const key = at < 0 ? pair : pair.slice(0, at);
    if (key === "")
      throw new UsageError(
        `${label}: a key is missing after a comma; write KEY=VALUE, and ,, for a comma in a value`,
      );
    if (options.has(key))
      throw new UsageError(`${label}: ${key} is given twice`);
    options.set(key, at < 0 ? true : pair.slice(at + 1));
  }
  return options;
}

/** Splits at single commas; a double comma stands for one in the text. */
export function splitAtCommas(text: string): readonly string[] {
  const parts = [""];
  for (const [piece] of text.matchAll(/,,|,|[^,]+/g)) {
    if (piece === ",") parts.push("");
    else parts[parts.length - 1] += piece === ",," ? "," : piece;
  }
  return parts;
}
