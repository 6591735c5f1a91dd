/** The executable cannot be built, or not safely. */
export class BuildError extends Error {
  override readonly name = "BuildError";
}
