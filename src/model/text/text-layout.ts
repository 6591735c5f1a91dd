/** Plain text in lines. Every character counts as one cell: this is for iotop's own words, not for foreign text. */

/** Width of text that fits everywhere, even in a mail: 80. */
export const TEXT_WIDTH = 80;

/** Words filled into lines of at most `width` characters; a longer word stands alone. */
export function fillLines(
  text: string,
  width: number,
  firstWidth = width,
): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const room = lines.length === 1 ? firstWidth : width;
    if (last === undefined || last.length + 1 + word.length > room)
      lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/**
 * Words filled into lines of at most `width` characters, all but the first indented. A word too long for a line
 * continues in the next one, after a "|" if it lists choices, and nothing is left out.
 */
export function wrapText(
  text: string,
  width: number,
  indent = 0,
): readonly string[] {
  const blanks = " ".repeat(indent);
  const room = Math.max(1, width - indent);
  const words = text.split(" ").flatMap((word) => breakWord(word, room));
  const [first = "", ...rest] = fillLines(words.join(" "), room, width);
  return [first, ...rest.map((line) => blanks + line)];
}

function breakWord(word: string, room: number): readonly string[] {
  const pieces: string[] = [];
  let left = word;
  while (left.length > room) {
    const bar = left.lastIndexOf("|", room - 1);
    const end = bar > 0 ? bar + 1 : room;
    pieces.push(left.slice(0, end));
    left = left.slice(end);
  }
  return [...pieces, left];
}

export function paragraph(text: string, indent = 0): readonly string[] {
  return fillLines(text, TEXT_WIDTH - indent).map(
    (line) => " ".repeat(indent) + line,
  );
}

/** A term with its meaning beside it, from column `at` on, or below it if the term is too long. */
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
