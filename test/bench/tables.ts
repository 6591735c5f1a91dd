/** Figures as a table for people, or as Markdown for a README. */
import Table from "cli-table3";

export interface Figures {
  readonly title: string;
  /** Lines below the title: how it was measured. */
  readonly notes?: readonly string[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const asTable = ({ title, notes = [], head, rows }: Figures): string => {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
  });
  table.push(...rows.map((row) => [...row]));
  return [title, ...notes, table.toString(), ""].join("\n");
};

export const asMarkdown = ({
  title,
  notes = [],
  head,
  rows,
}: Figures): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `**${title}**`,
    "",
    ...notes.flatMap((note) => [note, ""]),
    line(head),
    line(head.map((_, i) => (i === 0 ? "---" : "---:"))),
    ...rows.map(line),
    "",
  ].join("\n");
};

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const us = (ns: number): string => `${(ns / 1000).toFixed(1)} µs`;
export const percent = (ratio: number): string =>
  `${(ratio * 100).toFixed(1)} %`;
export const spread = (
  values: readonly number[],
  format: (value: number) => string,
): string => `${format(Math.min(...values))} to ${format(Math.max(...values))}`;
export const mib = (bytes: number): string =>
  `${(bytes / 2 ** 20).toFixed(0)} MiB`;
export const times = (ratio: number): string =>
  `${ratio.toFixed(ratio < 10 ? 1 : 0)}x`;
