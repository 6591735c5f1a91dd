/** The user's request is invalid: one line on stderr, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What the system said, where the runtime's words for it (EISDIR) do not say what is wrong. */
export function plainReason(text: string): string {
  return text.replace("illegal operation on a directory", "is a directory");
}
