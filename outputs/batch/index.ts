/**
 * Text for logs and line-by-line parsers, in the layout of iotop 0.6: a line of totals, a line for the block layer, the
 * titles, and one line for each task. Fields are separated by blanks. Their order and number never change: an unknown
 * amount has its unit ("? B/s", "? %"), and a blank in a name is spelled out. COMMAND is last and never cut. A task
 * that ended in the interval has a line like any other. Its end follows the command, "(exited)", "(exited 1)" or
 * "(killed 9)", where it does not disturb parsers of earlier fields. With -a, tasks that did I/O keep their line after
 * their end. Several with one user and name share it: "(19 exited)", with "-" instead of an id and a priority.
 *
 * With --by a line is that of a group: its name is the command, there is no id and no priority, and a user if the groups
 * are those of users.
 */
import {
  EndedTally,
  GroupLister,
  UNKNOWN,
  cellText,
  columnById,
  columnsOf,
  coversWatch,
  defineOutput,
  describeEnd,
  escapeBlanks,
  groupKindOf,
  nameOf,
  remakeRows,
  rowsOf,
  shownTotals,
  shownRows,
  sortRows,
  sumsModeOf,
  totalsOf,
  type Column,
  type EndWords,
  type Format,
  type Output,
  type OutputContext,
  type RunInfo,
  type Sample,
  type ScreenSettings,
  type TaskDelta,
  type View,
} from "../../src/model/index.ts";
import { deviceLines } from "./device-lines.ts";
import { FileLines } from "./file-lines.ts";

const FIELDS = columnsOf("batch");
const TOTAL_WIDTH = 14;
const TIME_TITLE = "    TIME ";

export default defineOutput({
  api: 1,
  name: "batch",
  summary: "lines of text for logs, in the layout of iotop 0.6",
  target: "file",
  owns: "stdout",
  create: () => new Batch(),
});

class Batch implements Output {
  /** Display cells by column. They only grow, so that lines below titles printed once stay aligned with each other. */
  readonly #widths = FIELDS.map(({ width }) => (width === "rest" ? 0 : width));
  #titled = false;
  #ended: EndedTally | null = null;
  #groups: GroupLister | null = null;
  #watchedNs = 0;
  readonly #files = new FileLines();

  async write(sample: Sample, ctx: OutputContext): Promise<void> {
    const { view, screen } = ctx.run;
    this.#watchedNs += sample.intervalNs;
    const format = withUnits(ctx.format);
    const time = view.timestamp ? `${format.clock(sample.timeMs)} ` : "";
    const rows = sorted(this.#list(sample, ctx.run), view, screen).map((row) =>
      FIELDS.map((column) => cell(column, row, view, screen, format)),
    );
    widen(this.#widths, rows);

    const lines: string[] = [];
    if (view.quiet < 3) {
      for (const line of totalLines(sample, view, this.#watchedNs, format))
        lines.push(time + line);
    }
    if (view.quiet === 0 || (view.quiet === 1 && !this.#titled)) {
      const titles = FIELDS.map((column) => titleOf(column, view, screen));
      const prefix = view.timestamp ? TIME_TITLE : "";
      lines.push(prefix + this.#align(titles));
      this.#titled = true;
    }
    for (const cells of rows) lines.push(time + this.#align(cells));
    for (const line of this.#files.add(sample, view, format))
      lines.push(time + line);
    if (lines.length > 0) await ctx.print(`${lines.join("\n")}\n`);
  }

  /** One row for each task, or for each group. */
  #list(sample: Sample, { view, screen }: RunInfo): readonly TaskDelta[] {
    const kind = groupKindOf(screen.groupBy);
    if (kind === null) return this.#rowsOf(sample, view);
    return (this.#groups ??= new GroupLister(view, kind)).list(sample);
  }

  /** With -a and -A, the I/O of ended tasks is in their sums, including those of the interval. */
  #rowsOf(sample: Sample, view: View): readonly TaskDelta[] {
    if (!coversWatch(view)) return shownRows(sample, view);
    const make = rowsOf(sumsModeOf(view), this.#watchedNs);
    const { groups } = (this.#ended ??= new EndedTally(view)).add(sample);
    return shownRows(remakeRows(sample, make), view)
      .filter((row) => row.exit === null)
      .concat(groups.map(make));
  }

  #align(cells: readonly string[]): string {
    return cells
      .map((text, n) => pad(text, this.#widths[n]!, FIELDS[n]!))
      .join(" ")
      .trimEnd();
  }
}

/** The totals are as the rows are; the lines for the block layer and its devices always show rates of the interval. */
function totalLines(
  sample: Sample,
  view: View,
  watchedNs: number,
  format: Format,
): readonly string[] {
  const { diskReadRate, diskWriteRate } = totalsOf(sample);
  const { read, write, areRates } = shownTotals(sample, view, watchedNs);
  const amount = areRates ? format.rate : format.bytes;
  const total = [amount(read), amount(write)];
  const current = [format.rate(diskReadRate), format.rate(diskWriteRate)];
  const lengths = [...total, ...current].map((text) => text.length);
  const width = Math.max(TOTAL_WIDTH, ...lengths);
  const line = (name: string, [read, write]: readonly string[]) =>
    `${`${name} DISK READ:`.padEnd(18)} ${read!.padStart(width)} | ` +
    `${`${name} DISK WRITE:`.padEnd(19)} ${write!.padStart(width)}`;
  return [
    line("Total", total),
    line("Current", current),
    ...(view.devices ? deviceLines(sample, format, line) : []),
  ];
}

/** By what was asked for; the graph is on the screen alone. */
function sorted(
  rows: readonly TaskDelta[],
  view: View,
  { sort, descending }: ScreenSettings,
): readonly TaskDelta[] {
  return sort === "graph"
    ? sortRows(rows, columnById("io"), true, view)
    : sortRows(rows, columnById(sort), descending, view);
}

/** Groups are of processes, and have names of their kind. */
function titleOf(
  column: Column,
  view: View,
  { groupBy }: ScreenSettings,
): string {
  if (groupBy === "off") return column.title(view);
  return column.id === "command"
    ? groupBy.toUpperCase()
    : column.title({ ...view, processes: true });
}

function cell(
  column: Column,
  row: TaskDelta,
  view: View,
  { fullCommand }: ScreenSettings,
  format: Format,
): string {
  const text =
    column.id === "command" && !fullCommand
      ? format.text(nameOf(row.task))
      : cellText(column, row, view, format);
  if (column.width === "rest") return text + describeEnd(row, ENDS);
  return column.kind === "text" ? escapeBlanks(text) || UNKNOWN : text;
}

const ENDS: EndWords = {
  many: (tasks) => ` (${tasks} exited)`,
  killed: (signal) => ` (killed ${signal})`,
  failed: (code) => ` (exited ${code})`,
  done: " (exited)",
};

/** Gives unknown amounts as many fields as known ones: "?" takes the place of the number. */
function withUnits(format: Format): Format {
  const withUnit =
    (show: (amount: number | null) => string) => (amount: number | null) =>
      amount === null ? show(0).replace(/^\S+/, UNKNOWN) : show(amount);
  return {
    ...format,
    bytes: withUnit(format.bytes),
    rate: withUnit(format.rate),
    percent: withUnit(format.percent),
  };
}

function widen(widths: number[], rows: readonly (readonly string[])[]): void {
  for (const cells of rows) {
    for (const [n, text] of cells.entries()) {
      const column = FIELDS[n]!;
      if (column.width === "rest") continue;
      widths[n] = Math.max(widths[n]!, widthOf(text, column));
    }
  }
}

/** In display cells. Numbers are ASCII, and most of the cells. */
function widthOf(text: string, { kind }: Column): number {
  return kind === "text" ? Bun.stringWidth(text) : text.length;
}

function pad(text: string, width: number, column: Column): string {
  if (column.width === "rest") return text;
  const blanks = " ".repeat(Math.max(0, width - widthOf(text, column)));
  return column.align === "left" ? text + blanks : blanks + text;
}
