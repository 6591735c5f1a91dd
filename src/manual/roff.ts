/**
 * Markdown as the source of a man page: the macros of man(7), which groff and mandoc know. Pure.
 *
 * Headings of the first level become sections. A table becomes a list: what is in its first column is the term, and
 * each of the others has a line below it, as no table of three columns fits into 80 characters.
 */

import { TEXT_WIDTH, fillLines } from "../model/text/text-layout.ts";

/** Between the cells and after the rows of a table, until its end is seen; and for a line break in a cell. */
const CELL = "\x1f";
const ROW = "\x1e";
const BREAK = "\x1d";

/** What would be a request or an escape sequence of roff, spelled so that it is printed. */
const escapeText = (text: string): string =>
  text.replaceAll("\\", "\\e").replaceAll("~", "\\(ti");

/** A hyphen in code is the character that is typed; in text it is where a line may break. */
const escapeCode = (text: string): string => text.replaceAll("-", "\\-");

/** Text in short lines, none of which is taken for a request. */
const asLines = (text: string): string =>
  text
    .trim()
    .split(/\n+/)
    .flatMap((line) => fillLines(line, TEXT_WIDTH))
    .join("\n")
    .replaceAll(/^(?=[.'])/gm, "\\&");

const bold = (text: string): string => `\\fB${text}\\fR`;

/** One entry of a list: a term, and what is said of it. */
const entry = (term: string, lines: readonly string[]): string =>
  [".TP 7n", asLines(term), lines.map(asLines).join("\n.br\n"), ""].join("\n");

function asEntries(table: string): string {
  const [, ...rows] = table
    .split(ROW)
    .filter((row) => row.trim() !== "")
    .map((row) => row.split(CELL).slice(0, -1));
  return rows
    .map(([term = "", ...others]) =>
      entry(
        term,
        others
          .flatMap((cell) => cell.split(BREAK))
          .filter((line) => line.trim() !== ""),
      ),
    )
    .join("");
}

/** Links to other chapters and headings are their words alone; an address is printed. */
const link = (text: string, href: string): string =>
  /^https?:/.test(href) && href !== text
    ? `${text} (${escapeText(href)})`
    : text;

export function toRoff(markdown: string): string {
  const text = markdown
    .replaceAll("<br>", BREAK)
    .replaceAll(/<!--.*?-->|<\/?details>|<summary>.*<\/summary>/gs, "");
  const roff = Bun.markdown.render(text, {
    text: escapeText,
    heading: (text, { level }) =>
      level === 1
        ? `.SH ${text.toUpperCase()}\n`
        : level === 2
          ? `.SS ${text}\n`
          : `.PP\n${bold(text)}\n`,
    paragraph: (text) => `.PP\n${asLines(text)}\n`,
    list: (items) => items,
    listItem: (text) => `.IP \\(bu 2\n${asLines(text)}\n`,
    table: asEntries,
    thead: (rows) => rows,
    tbody: (rows) => rows,
    tr: (cells) => cells + ROW,
    th: (text) => text + CELL,
    td: (text) => text + CELL,
    code: (text) =>
      `.PP\n.RS 4\n.nf\n${escapeCode(text).replaceAll(/^(?=[.'])/gm, "\\&")}.fi\n.RE\n`,
    codespan: (text) => bold(escapeCode(text)),
    strong: bold,
    emphasis: (text) => `\\fI${text}\\fR`,
    link: (text, { href }) => link(text, href),
  });
  return roff
    .replaceAll(/\n{2,}/g, "\n")
    .replaceAll(/^(\.S[HS] .*\n)\.PP\n/gm, "$1");
}
