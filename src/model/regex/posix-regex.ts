/**
 * Regular expressions as regcomp(3) takes them with REG_EXTENDED, case-sensitive, with the marks of the GNU library for
 * words ("\<", "\w"). They are matched by `RegexAutomaton` and not by the runtime's engine, which "(a+)+b" can stop for
 * hours. What that costs is the repetition of a group by number ("(a)\1").
 */
import { RegexAutomaton } from "./regex-automaton.ts";
import { parseBracket } from "./regex-brackets.ts";
import { compileRegex } from "./regex-program.ts";
import {
  ANY,
  SPACE,
  WORD,
  CLASSES,
  invertRanges,
  type Place,
  type Range,
  type RegexTree,
} from "./regex-tree.ts";

/** Why a text is no regular expression, in two or three words; the second part of `unclosed (` is the character. */
export type RegexFlaw = string;

export interface PosixRegex {
  /** Whether it is anywhere in the text. Takes time in proportion to the text's length, whatever is in it. */
  test(text: string): boolean;
}

/** What may be repeated at most; more would take too many steps anyway. */
const MOST_REPEATS = 1000;
const DEEPEST = 200;

/** The expression, or what is wrong with the text. */
export function parsePosixRegex(text: string): PosixRegex | RegexFlaw {
  const parser = new Parser([...text]);
  const tree = parser.parse();
  if (typeof tree === "string") return tree;
  const steps = compileRegex(tree);
  return steps === null ? "too long" : new RegexAutomaton(steps);
}

const ESCAPES: Readonly<Record<string, readonly Range[] | Place>> = {
  w: WORD,
  W: invertRanges(WORD),
  s: SPACE,
  S: invertRanges(SPACE),
  d: CLASSES["digit"]!,
  D: invertRanges(CLASSES["digit"]!),
  b: "word-edge",
  B: "no-word-edge",
  "<": "word-start",
  ">": "word-end",
  "`": "start",
  "'": "end",
};

/** Descends through choices, sequences and repetitions. A method returns a flaw, or null, and leaves what it read. */
class Parser {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  parse(): RegexTree | RegexFlaw {
    return this.#choice(0);
  }

  #choice(depth: number): RegexTree | RegexFlaw {
    const parts: RegexTree[] = [];
    for (;;) {
      const part = this.#sequence(depth);
      if (typeof part === "string") return part;
      parts.push(part);
      if (this.#characters[this.#at] !== "|") break;
      this.#at++;
    }
    return parts.length === 1 ? parts[0]! : { type: "choice", parts };
  }

  #sequence(depth: number): RegexTree | RegexFlaw {
    const parts: RegexTree[] = [];
    while (this.#at < this.#characters.length) {
      const character = this.#characters[this.#at]!;
      if (character === "|" || (character === ")" && depth > 0)) break;
      const atom = this.#atom(depth);
      if (typeof atom === "string") return atom;
      const repeated = this.#repeats(atom);
      if (typeof repeated === "string") return repeated;
      parts.push(repeated);
    }
    return { type: "sequence", parts };
  }

  #atom(depth: number): RegexTree | RegexFlaw {
    const character = this.#characters[this.#at++]!;
    switch (character) {
      case "\\":
        return this.#escaped();
      case "[": {
        const bracket = parseBracket(this.#characters, this.#at);
        if (typeof bracket === "string") return bracket;
        this.#at = bracket.end;
        return { type: "set", ranges: bracket.ranges };
      }
      case "(": {
        if (depth >= DEEPEST) return "too many (";
        const group = this.#choice(depth + 1);
        if (typeof group === "string") return group;
        if (this.#characters[this.#at] !== ")") return "unclosed (";
        this.#at++;
        return group;
      }
      case "*":
      case "+":
      case "?":
      case "{":
        return `nothing before ${character}`;
      case "^":
        return { type: "place", place: "start" };
      case "$":
        return { type: "place", place: "end" };
      case ".":
        return { type: "set", ranges: ANY };
      default:
        // A ")" without an opening one, too, is a character like others.
        return literal(character);
    }
  }

  #escaped(): RegexTree | RegexFlaw {
    const character = this.#characters[this.#at++];
    if (character === undefined) return "nothing after \\";
    if (/[1-9]/.test(character)) return `\\${character} is not supported`;
    const meaning = ESCAPES[character];
    if (meaning === undefined) return literal(character);
    return typeof meaning === "string"
      ? { type: "place", place: meaning }
      : { type: "set", ranges: meaning };
  }

  #repeats(atom: RegexTree): RegexTree | RegexFlaw {
    let repeated = atom;
    for (;;) {
      const character = this.#characters[this.#at];
      const bounds = character === "{" ? this.#interval() : simple(character);
      if (bounds === null) return repeated;
      if (typeof bounds === "string") return bounds;
      if (atom.type === "place") return `nothing before ${character}`;
      this.#at += bounds.length;
      const { least, most } = bounds;
      repeated = { type: "repeat", part: repeated, least, most };
    }
  }

  /** "{2}", "{2,}", "{,3}", "{2,3}". */
  #interval(): Bounds | RegexFlaw {
    const text = this.#characters.slice(this.#at, this.#at + 16).join("");
    const found = /^\{(\d*)(,?)(\d*)\}/.exec(text);
    if (found === null)
      return this.#characters.includes("}", this.#at) ? "bad {}" : "unclosed {";
    const [whole, from, comma, to] = found;
    if (from === "" && comma === "") return "bad {}";
    const least = Number(from);
    const most = to === "" ? (comma === "" ? least : Infinity) : Number(to);
    if (least > most || least > MOST_REPEATS) return "bad {}";
    if (most !== Infinity && most > MOST_REPEATS) return "bad {}";
    return { least, most, length: whole.length };
  }
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Of the text that says it. */
  readonly length: number;
}

function simple(character: string | undefined): Bounds | null {
  if (character === "*") return { least: 0, most: Infinity, length: 1 };
  if (character === "+") return { least: 1, most: Infinity, length: 1 };
  return character === "?" ? { least: 0, most: 1, length: 1 } : null;
}

function literal(character: string): RegexTree {
  const code = character.codePointAt(0)!;
  return { type: "set", ranges: [{ from: code, to: code }] };
}
