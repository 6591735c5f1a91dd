/**
 * Regular expressions as regcomp(3) takes them with REG_EXTENDED, for the runtime's own engine. What differs is
 * translated: brackets ("[]a]", "[[:digit:]]"), the marks of words of the GNU library ("\<"), and characters that are
 * escaped without need.
 */

/** Why a text is no regular expression, in two or three words; the second part of `unclosed (` is the character. */
export type RegexFlaw = string;

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{N}",
  alpha: "\\p{L}",
  blank: " \\t",
  cntrl: "\\p{Cc}",
  digit: "0-9",
  graph: "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}",
  lower: "\\p{Ll}",
  print: "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ",
  punct: "\\p{P}\\p{S}",
  space: "\\s",
  upper: "\\p{Lu}",
  xdigit: "0-9A-Fa-f",
};

/** Escapes that mean the same to both, or that people expect. */
const KEPT_ESCAPES = /^[wWsSbBdD1-9]$/;
const SYNTAX = /^[\^$\\.*+?()[\]{}|/]$/;
/** What may be repeated at most: RE_DUP_MAX of the GNU library. */
const MOST_REPEATS = 32_767;

/** The expression, case-sensitive, or what is wrong with the text. */
export function parsePosixRegex(text: string): RegExp | RegexFlaw {
  const translated = translate([...text]);
  if (typeof translated === "string") return translated;
  try {
    return new RegExp(translated.source, "u");
  } catch {
    return "not a regular expression";
  }
}

function translate(
  characters: readonly string[],
): { readonly source: string } | RegexFlaw {
  let source = "";
  let open = 0;
  /** Whether there is something before this place that can be repeated. */
  let repeatable = false;
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    switch (character) {
      case "\\": {
        const next = characters[++at];
        if (next === undefined) return "nothing after \\";
        source += escape(next);
        repeatable = !/[<>bB]/.test(next);
        break;
      }
      case "[": {
        const bracket = parseBracket(characters, at);
        if (typeof bracket === "string") return bracket;
        source += bracket.source;
        at = bracket.end;
        repeatable = true;
        break;
      }
      case "(":
        open++;
        source += "(";
        repeatable = false;
        break;
      case ")":
        // Without an opening one, it is a character like others.
        source += open > 0 ? ")" : "\\)";
        if (open > 0) open--;
        repeatable = true;
        break;
      case "*":
      case "+":
      case "?":
        if (!repeatable) return `nothing before ${character}`;
        source += character;
        // "a**" is "a*"; the runtime reads "a*?" otherwise.
        while (/^[*+?]$/.test(characters[at + 1] ?? "")) {
          if (characters[++at] !== character) source = loosest(source);
        }
        break;
      case "{": {
        if (!repeatable) return "nothing before {";
        const interval = parseInterval(characters.slice(at).join(""));
        if (typeof interval === "string") return interval;
        source += interval.source;
        at += interval.length - 1;
        break;
      }
      case "|":
      case "^":
        source += character;
        repeatable = false;
        break;
      case "$":
        source += character;
        repeatable = false;
        break;
      case "}":
      case "]":
        source += `\\${character}`;
        repeatable = true;
        break;
      default:
        source += character;
        repeatable = true;
    }
  }
  return open > 0 ? "unclosed (" : { source };
}

/** Any two different repetitions one after the other, as in "a+?", allow none, one or many. */
const loosest = (source: string): string => source.replace(/[*+?]$/, "*");

function escape(character: string): string {
  if (character === "<") return "\\b(?=\\w)";
  if (character === ">") return "\\b(?<=\\w)";
  if (KEPT_ESCAPES.test(character) || SYNTAX.test(character))
    return `\\${character}`;
  return character;
}

/** "{2}", "{2,}", "{,3}", "{2,3}". */
function parseInterval(
  text: string,
): { readonly source: string; readonly length: number } | RegexFlaw {
  const found = /^\{(\d*)(,?)(\d*)\}/.exec(text);
  if (found === null) return text.includes("}") ? "bad {}" : "unclosed {";
  const [whole, least, comma, most] = found;
  if (least === "" && comma === "") return "bad {}";
  const from = Number(least);
  const to = most === "" ? (comma === "" ? from : Infinity) : Number(most);
  const biggest = to === Infinity ? from : to;
  if (from > to || biggest > MOST_REPEATS) return "bad {}";
  const upper = to === Infinity ? "" : String(to);
  return { source: `{${from},${upper}}`, length: whole.length };
}

/** A bracket expression from its "[" on. A "]" in the first place, and any backslash, are characters like others. */
function parseBracket(
  characters: readonly string[],
  start: number,
): { readonly source: string; readonly end: number } | RegexFlaw {
  let at = start + 1;
  const negated = characters[at] === "^";
  if (negated) at++;
  const first = at;
  let inside = "";
  for (; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === "]" && at > first)
      return { source: `[${negated ? "^" : ""}${inside}]`, end: at };
    if (character === "[" && /^[:.=]$/.test(characters[at + 1] ?? "")) {
      const named = parseNamed(characters, at);
      if (typeof named === "string") return named;
      inside += named.source;
      at = named.end;
      continue;
    }
    const to = characters[at + 2];
    if (characters[at + 1] === "-" && to !== undefined && to !== "]") {
      if (character > to) return "bad range in []";
      inside += `${literal(character)}-${literal(to)}`;
      at += 2;
      continue;
    }
    inside += literal(character);
  }
  return "unclosed [";
}

/** "[:alpha:]", and "[.-.]" and "[=a=]" with one character. */
function parseNamed(
  characters: readonly string[],
  start: number,
): { readonly source: string; readonly end: number } | RegexFlaw {
  const kind = characters[start + 1]!;
  let end = start + 2;
  while (
    end < characters.length &&
    !(characters[end] === kind && characters[end + 1] === "]")
  )
    end++;
  if (end >= characters.length) return "unclosed [";
  const name = characters.slice(start + 2, end).join("");
  const source =
    kind === ":"
      ? CLASSES[name]
      : [...name].length === 1
        ? literal(name)
        : undefined;
  return source === undefined
    ? `no class [${kind}${name}${kind}]`
    : { source, end: end + 1 };
}

const literal = (character: string): string =>
  /^[\\\]\[^\-]$/.test(character) ? `\\${character}` : character;
