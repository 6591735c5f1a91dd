/**
 * Looks for a regular expression in a text, in time that grows with the length of the text only: whoever chooses the
 * arguments of a program must not be able to stop a search. All ways through the expression are followed at once; what
 * follows from a set of ways and a kind of character is kept.
 */
import { WORD, joinRanges, type Place, type Range } from "./regex-tree.ts";
import type { Step } from "./regex-program.ts";

/** What was before a place in the text, for the edges of words. */
type Side = "edge" | "word" | "other";

/** The ways that are open before the next character. */
interface Ways {
  readonly steps: readonly number[];
  readonly before: Side;
  /** What follows, by the kind of the next character; the last entry is the end of the text. */
  readonly next: (Ways | null)[];
}

/** Found, whatever follows in the text. */
const FOUND: Ways = { steps: [], before: "other", next: [] };
/** Nothing found up to the end. */
const NOT_FOUND: Ways = { steps: [], before: "other", next: [] };

/** How much is kept: there are expressions for which it would be more than there are atoms. */
const MAX_KEPT_CELLS = 200_000;
const LEAST_KEPT = 16;
/** After it has been too much so often, nothing is kept: to look for what is known costs more than to find it anew. */
const MOST_FORGETS = 2;
const ASCII = 128;

export class RegexAutomaton {
  readonly #steps: readonly Step[];
  /** Characters that no step tells apart are of one kind: where each kind begins, ascending. */
  readonly #kinds: readonly number[];
  readonly #asciiKinds = new Uint16Array(ASCII);
  readonly #isWord: readonly boolean[];
  /** For each step that takes a character, whether it takes each kind. */
  readonly #takes: readonly (readonly boolean[] | null)[];
  #kept = new Map<string, Ways>();
  #start: Ways;
  #forgets = 0;
  #keptCells = 0;
  /** Where each step was last seen, in numbered walks. */
  readonly #seen: Uint32Array;
  #walk = 0;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    const sets = steps.map((step) =>
      step.type === "set" ? step.ranges : null,
    );
    this.#kinds = kindsOf([WORD, ...sets.filter((set) => set !== null)]);
    for (let code = 0; code < ASCII; code++)
      this.#asciiKinds[code] = this.#search(code);
    this.#isWord = this.#kinds.map((first) => holds(WORD, first));
    this.#takes = sets.map(
      (set) => set && this.#kinds.map((first) => holds(set, first)),
    );
    this.#seen = new Uint32Array(steps.length);
    this.#start = this.#keep([0], "edge");
  }

  /** Whether the expression is anywhere in the text. */
  test(text: string): boolean {
    let ways = this.#start;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      let kind: number;
      if (unit < ASCII) kind = this.#asciiKinds[unit]!;
      else {
        const code = text.codePointAt(at)!;
        if (code > 0xffff) at++;
        kind = this.#search(code);
      }
      ways = ways.next[kind] ?? this.#follow(ways, kind);
      if (ways === FOUND) return true;
    }
    const end = this.#kinds.length;
    return (ways.next[end] ?? this.#follow(ways, end)) === FOUND;
  }

  get #isVast(): boolean {
    return this.#forgets > MOST_FORGETS;
  }

  /** The kind of a character. */
  #search(code: number): number {
    let low = 0;
    let high = this.#kinds.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#kinds[middle]! <= code) low = middle;
      else high = middle;
    }
    return low;
  }

  #follow(ways: Ways, kind: number): Ways {
    const isEnd = kind === this.#kinds.length;
    const after: Side = isEnd ? "edge" : this.#isWord[kind] ? "word" : "other";
    const reached = this.#reach(ways.steps, ways.before, after);
    let next: Ways;
    if (reached === null) next = FOUND;
    else if (isEnd) next = NOT_FOUND;
    else {
      // A search may begin before each character.
      const steps = [0];
      for (const step of reached)
        if (this.#takes[step]![kind]) steps.push(step + 1);
      next = this.#keep(steps, after);
    }
    // Linked to what is not kept, all of it would be.
    if (!this.#isVast) ways.next[kind] = next;
    return next;
  }

  /** The steps that take a character, from others on, between two sides; null if the expression ends here. */
  #reach(
    from: readonly number[],
    before: Side,
    after: Side,
  ): readonly number[] | null {
    const seen = this.#seen;
    const walk = ++this.#walk;
    const open = [...from];
    const reached: number[] = [];
    while (open.length > 0) {
      const at = open.pop()!;
      if (seen[at] === walk) continue;
      seen[at] = walk;
      const step = this.#steps[at]!;
      if (step.type === "match") return null;
      if (step.type === "set") reached.push(at);
      else if (step.type === "fork") open.push(...step.to);
      else if (isPlace(step.place, before, after)) open.push(at + 1);
    }
    return reached;
  }

  #keep(steps: readonly number[], before: Side): Ways {
    if (this.#isVast) return { steps, before, next: [] };
    const sorted = [...new Set(steps)].sort((a, b) => a - b);
    const key = `${before} ${sorted.join(" ")}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const cells = this.#kinds.length + 1;
    this.#keptCells += cells + sorted.length;
    if (this.#kept.size >= LEAST_KEPT && this.#keptCells > MAX_KEPT_CELLS)
      this.#forget();
    const next = new Array<Ways | null>(cells).fill(null);
    const ways: Ways = { steps: sorted, before, next };
    this.#kept.set(key, ways);
    return ways;
  }

  /** What is kept leads to others, so all is forgotten at once. */
  #forget(): void {
    this.#forgets++;
    this.#kept = new Map();
    this.#keptCells = 0;
    this.#start = this.#keep([0], "edge");
  }
}

function isPlace(place: Place, before: Side, after: Side): boolean {
  const isEdge = (before === "word") !== (after === "word");
  switch (place) {
    case "start":
      return before === "edge";
    case "end":
      return after === "edge";
    case "word-edge":
      return isEdge;
    case "no-word-edge":
      return !isEdge;
    case "word-start":
      return isEdge && after === "word";
    case "word-end":
      return isEdge && before === "word";
  }
}

function kindsOf(sets: readonly (readonly Range[])[]): readonly number[] {
  const firsts = new Set([0]);
  for (const set of sets)
    for (const { from, to } of joinRanges(set)) firsts.add(from).add(to + 1);
  return [...firsts].sort((a, b) => a - b);
}

function holds(set: readonly Range[], code: number): boolean {
  return set.some(({ from, to }) => code >= from && code <= to);
}
