/** Turns a parsed regular expression into steps: those of Thompson's construction. Pure. */
import type { Place, Range, RegexTree } from "./regex-tree.ts";

/** Where to go on is the next step, if nothing else is said. */
export type Step =
  | { readonly type: "set"; readonly ranges: readonly Range[] }
  | { readonly type: "place"; readonly place: Place }
  | { readonly type: "fork"; readonly to: readonly number[] }
  | { readonly type: "match" };

/** More steps than anybody types; "(x{100}){100}" would be more. It bounds the time for each character of a text. */
const MAX_STEPS = 500;

/** Null if the expression takes more than MAX_STEPS. */
export function compileRegex(tree: RegexTree): readonly Step[] | null {
  const steps: Step[] = [];
  const isWithin = emit(tree, steps);
  steps.push({ type: "match" });
  return isWithin ? steps : null;
}

/** False as soon as there are too many steps. */
function emit(tree: RegexTree, steps: Step[]): boolean {
  if (steps.length >= MAX_STEPS) return false;
  switch (tree.type) {
    case "set":
    case "place":
      steps.push(tree);
      return true;
    case "sequence":
      return tree.parts.every((part) => emit(part, steps));
    case "choice":
      return emitChoice(tree.parts, steps);
    case "repeat":
      return emitRepeat(tree, steps);
  }
}

function emitChoice(parts: readonly RegexTree[], steps: Step[]): boolean {
  const fork = steps.push({ type: "match" }) - 1;
  const starts: number[] = [];
  const ends: number[] = [];
  for (const part of parts) {
    starts.push(steps.length);
    if (!emit(part, steps)) return false;
    ends.push(steps.push({ type: "match" }) - 1);
  }
  steps[fork] = { type: "fork", to: starts };
  for (const end of ends) steps[end] = { type: "fork", to: [steps.length] };
  return true;
}

function emitRepeat(
  { part, least, most }: Extract<RegexTree, { type: "repeat" }>,
  steps: Step[],
): boolean {
  for (let i = 0; i < least; i++) if (!emit(part, steps)) return false;
  if (most === Infinity) {
    const fork = steps.push({ type: "match" }) - 1;
    if (!emit(part, steps)) return false;
    steps.push({ type: "fork", to: [fork] });
    steps[fork] = { type: "fork", to: [fork + 1, steps.length] };
    return true;
  }
  const forks: number[] = [];
  for (let i = least; i < most; i++) {
    forks.push(steps.push({ type: "match" }) - 1);
    if (!emit(part, steps)) return false;
  }
  for (const fork of forks)
    steps[fork] = { type: "fork", to: [fork + 1, steps.length] };
  return true;
}
