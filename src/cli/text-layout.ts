/** Text in 80 columns. */
const COLUMNS = 80;

/** Words filled into lines of at most `width` characters; a longer word stands alone. */
export function fill(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width)
      lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

export function paragraph(text: string, indent = 0): readonly string[] {
  return fill(text, COLUMNS - indent).map((line) => " ".repeat(indent) + line);
}

/** A term and beside it, from column `at` on, what it means; below it if the term is too long. */
export function entryLines(
  term: string,
  meaning: string,
  indent: number,
  at: number,
): readonly string[] {
  const head = " ".repeat(indent) + term;
  const [first = "", ...rest] = paragraph(meaning, at);
  return head.length + 2 <= at
    ? [head + first.slice(head.length), ...rest]
    : [head, first, ...rest];
}
