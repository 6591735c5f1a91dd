/** Keys as they are shown: some have a sign of their own. */

/** For terminals that show ASCII only. */
const WORDS = [
  ["⏎", "enter"],
  ["←→", "left/right"],
  ["↑↓", "up/down"],
  ["→", "->"],
] as const;

export function keyNames(text: string, unicode: boolean): string {
  if (unicode) return text;
  return WORDS.reduce(
    (named, [sign, word]) => named.replaceAll(sign, word),
    text,
  );
}
