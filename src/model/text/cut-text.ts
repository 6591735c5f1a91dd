/** Texts that must not take more than so many bytes. */
const ENCODER = new TextEncoder();

/** The text, or as many of its characters as fit into the bytes as UTF-8, and "…" after them. */
export function cutText(text: string, mostBytes: number): string {
  // No UTF-16 unit takes more than three bytes.
  if (text.length * 3 <= mostBytes) return text;
  const room = new Uint8Array(Math.min(mostBytes, text.length * 3));
  const { read } = ENCODER.encodeInto(text, room);
  return read === text.length ? text : `${text.slice(0, read)}…`;
}

export function utf8Bytes(text: string): number {
  return ENCODER.encode(text).length;
}
