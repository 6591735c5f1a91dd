/** Replaces known bytes in a bun binary: all of them, or none. */
import { BuildError } from "./build-error.ts";

/** What no build option changes in the runtime. */
export interface Replacement {
  /** What the runtime does there: "reserves memory for the heap". */
  readonly what: string;
  /** How the builds of the runtime do it; the bytes take the place of the group in the code. */
  readonly codes: readonly { readonly code: RegExp; readonly bytes: string }[];
}

/**
 * Replaces the bytes in place.
 *
 * @param expectedPlaces null: as many as there are, but one for each replacement at least
 * @throws BuildError if the binary does not hold exactly what is expected; then it is unchanged
 */
export function replaceBytes(
  binary: Buffer,
  replacements: readonly Replacement[],
  expectedPlaces: number | null,
): void {
  const text = binary.toString("latin1");
  const places = replacements.flatMap(({ what, codes }) => {
    const found = codes.flatMap(({ code, bytes }) =>
      [...text.matchAll(code)].map((match) => ({
        index: match.indices![1]![0],
        bytes,
      })),
    );
    if (found.length === 0)
      throw new BuildError(`where this bun ${what} is not known`);
    return found;
  });
  if (expectedPlaces !== null && places.length !== expectedPlaces)
    throw new BuildError(
      `this bun is to be changed in ${places.length} places; ${expectedPlaces} are known`,
    );
  for (const { index, bytes } of places) binary.write(bytes, index, "latin1");
}
