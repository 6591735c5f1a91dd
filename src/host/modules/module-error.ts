/** Errors of a user's module, with the call and the line that they come from. */
import { dirname, isAbsolute, relative } from "node:path";
import { describeError } from "../../errors.ts";

export interface Failure {
  readonly error: unknown;
  /** The call, such as "write of sample 3"; null if it was none. */
  readonly phase: string | null;
}

/**
 * "write of sample 1: undefined is not an object (evaluating 's.nope.x') at mine.ts:5:99".
 *
 * @param codePath of the module; null for a stock output, whose errors say what failed
 */
export function describeFailure(
  { error, phase }: Failure,
  codePath: string | null,
): string {
  const text = describeError(error);
  if (codePath === null) return text;
  const place = placeOf(error, codePath);
  return `${phase === null ? "" : `${phase}: `}${text}${place}`;
}

/**
 * " at mine.ts:5:99": the innermost line of the module, or else of a file that it imports; empty if the error does not
 * say. The path is relative to the module's folder.
 */
export function placeOf(error: unknown, codePath: string): string {
  const places = [...placesIn(error)];
  const place =
    places.find(({ path }) => path === codePath) ??
    places.find(({ path }) => isAbsolute(path) && !path.startsWith("/$bunfs/"));
  if (place === undefined) return "";
  const near = relative(dirname(codePath), place.path);
  return ` at ${near.startsWith("..") ? place.path : near}:${place.line}`;
}

interface Place {
  readonly path: string;
  /** Line and column, "5:99". */
  readonly line: string;
}

/** The frames of an exception, or where a file cannot be parsed. */
function* placesIn(error: unknown): Generator<Place, void, void> {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { position, stack } = (first ?? {}) as {
    position?: { file?: unknown; line?: unknown; column?: unknown } | null;
    stack?: unknown;
  };
  if (typeof position?.file === "string")
    yield {
      path: position.file,
      line: `${position.line}:${position.column}`,
    };
  if (typeof stack !== "string") return;
  for (const [, path, line] of stack.matchAll(
    /^\s+at (?:.*\()?(\/[^()\n]+?):(\d+:\d+)\)?$/gm,
  ))
    yield { path: path!, line: line! };
}
