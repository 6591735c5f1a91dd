/** What the user asked for makes no sense: one line on stderr, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
