/** What the system says of an error, for messages. */
import { getSystemErrorMap } from "node:util";

/** "permission denied" where the system refused something; the first line of any other error. */
export function systemWords(error: unknown): string {
  const { code, errno } = error as { code?: string; errno?: number };
  // The usual words say that it is illegal.
  if (code === "EISDIR") return "it is a folder";
  // Negative, but for sockets.
  const known = getSystemErrorMap().get(-Math.abs(errno ?? 0));
  if (known !== undefined) return known[1];
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]!;
}
