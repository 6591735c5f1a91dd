/** The rows of the table. Pure. */
import {
  cellText,
  columnById,
  isActive,
  isBlocked,
  nameOf,
  standsForMany,
  taskCountOf,
  type Column,
  type Format,
  type IoDelta,
  type TaskDelta,
  type View,
} from "../../../src/model/index.ts";
import type { Canvas } from "../cells/frame.ts";
import { rateStyle, shareStyle, sumStyle, type Style } from "../cells/theme.ts";
import type { ScreenState } from "../state.ts";
import { agoText, commandText, fitWithMark } from "./command-text.ts";
import {
  compactBytes,
  compactCount,
  compactPercent,
  compactTime,
} from "./compact-numbers.ts";
import type { PlacedColumn, TableLayout } from "./table-layout.ts";
import type { Branch } from "./tree.ts";

/** What a row looks like besides its own figures. */
export interface RowLook extends Pick<
  ScreenState,
  "view" | "fullCommand" | "commandOffset"
> {
  readonly graph: string;
  /** Stands for what is left out of a text. */
  readonly mark: string;
  /** What all tasks did, for shares of it. */
  readonly whole: IoDelta | null;
  /** A thread below its process. */
  readonly branch: Branch | undefined;
  /** The time since it ended in an earlier sample, ns. */
  readonly agoNs: number | undefined;
  /** Whether the threads of a process have different I/O priorities. */
  readonly isMixed: () => boolean;
}

/** Draws on the first row of a canvas. */
export function drawRow(
  canvas: Canvas,
  row: TaskDelta,
  layout: TableLayout,
  look: RowLook,
  format: Format,
): void {
  // What ended in the interval carries the interval's bytes: it is drawn as living rows are.
  const tone: Style = look.agoNs === undefined ? "plain" : "faint";
  const mark = rowMark(row);
  canvas.put(0, 0, mark, mark === "D" ? "extreme" : tone);
  for (const placed of layout.columns) {
    const { x, width, id } = placed;
    if (id === "graph") canvas.put(x, 0, look.graph, tone, x + width);
    else if (id === "command")
      drawCommand(canvas, row, placed, look, tone, format);
    else if (id === "tid") {
      const text = idText(row, look, canvas.unicode);
      drawCell(canvas, placed, { text, style: tone });
    } else drawCell(canvas, placed, cellOf(row, placed, look, tone, format));
  }
}

/** Readable without colour: D is stuck, x ended, + began. */
function rowMark(row: TaskDelta): string {
  if (row.exit !== null) return "x";
  if (isBlocked(row)) return "D";
  return row.born ? "+" : " ";
}

const OF_PROCESS: ReadonlySet<string> = new Set([
  "user",
  "unit",
  "container",
  "cgroup",
]);

interface Cell {
  readonly text: string;
  readonly style: Style;
}

function drawCell(
  canvas: Canvas,
  { id, column, x, width }: PlacedColumn,
  { text, style }: Cell,
): void {
  if (column?.align === "right" || id === "rw")
    // A number that is too long for its column extends to the left before it loses a digit.
    canvas.put(Math.max(0, x + width - text.length), 0, text, style);
  else canvas.put(x, 0, text, style, x + width);
}

function cellOf(
  row: TaskDelta,
  { id, column, width }: PlacedColumn,
  look: RowLook,
  tone: Style,
  format: Format,
): Cell {
  const { view } = look;
  if (id === "rw") return largerCell(row, view);
  if (column === null) return { text: "", style: tone };
  if ("amount" in column) return amountCell(row, column, look, tone);
  // What a thread has in common with its process.
  if (look.branch !== undefined && OF_PROCESS.has(column.id))
    return { text: "", style: tone };
  const text = cellText(column, row, view, format);
  const mixed = id === "prio" && look.isMixed() ? "!" : "";
  return { text: fitWithMark(mixed + text, width, look.mark), style: tone };
}

function amountCell(
  row: TaskDelta,
  column: Extract<Column, { amount: unknown }>,
  { view, whole }: RowLook,
  tone: Style,
): Cell {
  // How long it has been stuck says more than a share of the interval.
  if (column.id === "io" && isBlocked(row))
    return { text: compactTime(row.blockedNs ?? 0), style: "extreme" };
  const amount = column.amount(row, view, whole);
  switch (column.kind) {
    case "size":
      return {
        text: compactBytes(amount, view),
        style: bytesStyle(amount, view),
      };
    case "bytes":
      return { text: compactBytes(amount, view), style: sumStyle(amount) };
    case "share":
      return { text: compactPercent(amount), style: shareStyle(amount) };
    case "calls":
    case "count":
      return { text: compactCount(amount), style: amount ? tone : "faint" };
  }
}

function bytesStyle(bytes: number | null, { accumulated }: View): Style {
  return accumulated ? sumStyle(bytes) : rateStyle(bytes);
}

/** The larger of what it reads and writes, and which it is. */
function largerCell(row: TaskDelta, view: View): Cell {
  const [read, write] = (["read", "write"] as const).map((id) => {
    const column = columnById(id);
    return column.kind === "size" ? column.amount(row, view) : null;
  });
  const isWrite = (write ?? -1) > (read ?? -1);
  const bytes = (isWrite ? write : read) ?? null;
  const letter = bytes === 0 || bytes === null ? " " : isWrite ? "w" : "r";
  return {
    text: `${compactBytes(bytes, view)} ${letter}`,
    style: bytesStyle(bytes, view),
  };
}

/** Of several tasks, how many they are. */
function idText(
  row: TaskDelta,
  { view, branch }: RowLook,
  unicode: boolean,
): string {
  const count = taskCountOf(row);
  if (standsForMany(row)) return `${count}${unicode ? "×" : "x"}`;
  return String(
    view.processes && branch === undefined ? row.task.pid : row.task.tid,
  );
}

function drawCommand(
  canvas: Canvas,
  row: TaskDelta,
  { x, width }: PlacedColumn,
  look: RowLook,
  tone: Style,
  format: Format,
): void {
  const { unicode } = canvas;
  const end = x + width;
  let at = x;
  const isThread = look.branch !== undefined;
  if (look.branch !== undefined)
    at = canvas.put(x, 0, branchGlyphs(look.branch, unicode), "faint", end);
  const whole = wholeCommand(row, look, isThread, format);
  const ago = look.agoNs === undefined ? null : agoText(look.agoNs);
  const { commandOffset, mark } = look;
  const text = commandText(row, whole, ago, end - at, mark, commandOffset);
  const isLoud =
    !isThread &&
    tone === "plain" &&
    (isActive(row, look.view.accumulated) || look.graph.trim() !== "");
  at = canvas.put(at, 0, text.name, isLoud ? "strong" : tone, end);
  at = canvas.put(at, 0, text.rest, tone, end);
  const more = /\d+ more/.exec(look.branch ?? "");
  if (more === null) return;
  const texts = [` +${more[0]}`, ` +${Number.parseInt(more[0])}`];
  const fitting = texts.find(({ length }) => at + length <= end);
  canvas.put(at, 0, fitting ?? "", "faint", end);
}

/** All words of it, printable; of a thread below its process, the name alone. */
export function wholeCommand(
  row: TaskDelta,
  { view, fullCommand }: Pick<RowLook, "view" | "fullCommand">,
  isThread: boolean,
  format: Format,
): string {
  return fullCommand && !isThread
    ? columnById("command").cell(row, view, format)
    : format.text(nameOf(row.task));
}

function branchGlyphs(branch: Branch, unicode: boolean): string {
  if (branch === "middle") return unicode ? "├ " : "|- ";
  return unicode ? "└ " : "`- ";
}
