/** The executable cannot be built, or cannot be built safely. */
export class BuildError extends Error {
  override readonly name = "BuildError";
}
