/** Figures as a table for people, or as Markdown for a README. */
import Table from "cli-table3";

export interface Figures {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const asTable = ({ title, head, rows }: Figures): string => {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
  });
  table.push(...rows.map((row) => [...row]));
  return `${title}\n${table.toString()}\n`;
};

export const asMarkdown = ({ title, head, rows }: Figures): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `**${title}**`,
    "",
    line(head),
    line(head.map((_, i) => (i === 0 ? "---" : "---:"))),
    ...rows.map(line),
    "",
  ].join("\n");
};

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const mib = (bytes: number): string =>
  `${(bytes / 2 ** 20).toFixed(0)} MiB`;
export const times = (ratio: number): string =>
  `${ratio.toFixed(ratio < 10 ? 1 : 0)}x`;
