/** Bracket expressions of POSIX: "[a-z]", "[^]x]", "[[:digit:]_]". Pure. */
import { CLASSES, invertRanges, joinRanges, type Range } from "./regex-tree.ts";

interface Bracket {
  readonly ranges: readonly Range[];
  /** After the closing bracket. */
  readonly end: number;
}

/**
 * From the character after "[" on. A "]" in the first place, and any backslash, are characters like others. A string
 * says what is wrong.
 */
export function parseBracket(
  characters: readonly string[],
  start: number,
): Bracket | string {
  let at = start;
  const isNegated = characters[at] === "^";
  if (isNegated) at++;
  const first = at;
  const ranges: Range[] = [];
  while (at < characters.length) {
    const character = characters[at]!;
    if (character === "]" && at > first) {
      const joined = isNegated ? invertRanges(ranges) : joinRanges(ranges);
      return { ranges: joined, end: at + 1 };
    }
    if (character === "[" && /^[:.=]$/.test(characters[at + 1] ?? "")) {
      const named = parseNamed(characters, at);
      if (typeof named === "string") return named;
      ranges.push(...named.ranges);
      at = named.end;
      continue;
    }
    const to = characters[at + 2];
    const isRange =
      characters[at + 1] === "-" && to !== undefined && to !== "]";
    const range = {
      from: character.codePointAt(0)!,
      to: (isRange ? to : character).codePointAt(0)!,
    };
    if (range.from > range.to) return "bad range in []";
    ranges.push(range);
    at += isRange ? 3 : 1;
  }
  return "unclosed [";
}

/** "[:alpha:]", and "[.-.]" and "[=a=]" with one character. */
function parseNamed(
  characters: readonly string[],
  start: number,
): Bracket | string {
  const kind = characters[start + 1]!;
  let end = start + 2;
  while (
    end < characters.length &&
    !(characters[end] === kind && characters[end + 1] === "]")
  )
    end++;
  if (end >= characters.length) return "unclosed [";
  const name = characters.slice(start + 2, end);
  if (kind === ":") {
    const ranges = CLASSES[name.join("")];
    if (ranges !== undefined) return { ranges, end: end + 2 };
  } else if (name.length === 1) {
    const code = name[0]!.codePointAt(0)!;
    return { ranges: [{ from: code, to: code }], end: end + 2 };
  }
  return `no class [${kind}${name.join("")}${kind}]`;
}
