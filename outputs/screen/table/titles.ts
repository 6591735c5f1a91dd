/** The line of column titles. Pure. */
import { drawLine, type Canvas, type Line } from "../cells/frame.ts";
import { SOURCE_TITLES } from "../graphs/row-history.ts";
import type { HitMap } from "../input/hit-map.ts";
import type { ScreenState } from "../state.ts";
import type { PlacedColumn, TableLayout } from "./table-layout.ts";

export interface TitleLine {
  readonly line: Line;
  /** Where a click finds each title. */
  readonly titles: HitMap["titles"];
}

export type TitleLook = Pick<
  ScreenState,
  "view" | "sort" | "descending" | "graphSource" | "groupBy"
>;

/** The titles, in an inverse line. */
export function drawTitles(
  columns: number,
  unicode: boolean,
  layout: TableLayout,
  look: TitleLook,
): TitleLine {
  const line = drawLine(columns, unicode, null, (canvas) => {
    canvas.fill(0, columns, 0, "title");
    const places = layout.columns.map((placed) =>
      drawTitle(canvas, placed, layout.short, look),
    );
    layout.columns.forEach((placed, i) => {
      if (isSorted(placed, look)) drawArrow(canvas, placed, places[i]!, look);
    });
  });
  const titles = layout.columns.map(({ id, x }, i) => ({
    id: id === "rw" ? ("graph" as const) : id,
    from: x,
    to: layout.columns[i + 1]?.x ?? columns,
  }));
  return { line, titles };
}

/** The larger of READ and WRITE stands for both, and for their graph. */
function isSorted({ id }: PlacedColumn, { sort }: TitleLook): boolean {
  return (
    id === sort || (id === "rw" && ["read", "write", "graph"].includes(sort))
  );
}

interface Place {
  readonly from: number;
  readonly to: number;
}

function drawTitle(
  canvas: Canvas,
  placed: PlacedColumn,
  short: boolean,
  look: TitleLook,
): Place {
  const { column, id, x, width } = placed;
  const title = titleOf(placed, short, look);
  const style = isSorted(placed, look) ? "sorted-title" : "title";
  const isRight = column?.align === "right" || id === "rw";
  const from = isRight ? x + Math.max(0, width - title.length) : x;
  return { from, to: canvas.put(from, 0, title, style, x + width) };
}

function titleOf(
  { id, column, width }: PlacedColumn,
  short: boolean,
  look: TitleLook,
): string {
  const { view } = look;
  if (id === "rw") return view.accumulated ? "DISK" : "DISK/s";
  if (id === "command" && look.groupBy !== "off")
    return look.groupBy.toUpperCase();
  if (id === "command" && width < "COMMAND".length) return "NAME";
  if (column !== null) {
    const whole = column.title(view);
    return short || whole.length > width
      ? (column.shortTitle?.(view) ?? whole)
      : whole;
  }
  const source = SOURCE_TITLES[look.graphSource];
  const room = look.sort === "graph" ? width - 1 : width;
  const names = [`GRAPH[${source}]`, `GRAPH ${source}`, source];
  return names.find(({ length }) => length <= room) ?? source;
}

/** Beside the title, where it touches no other, so that titles stay above their numbers. */
function drawArrow(
  canvas: Canvas,
  { id, x, width }: PlacedColumn,
  { from, to }: Place,
  { descending }: TitleLook,
): void {
  const glyphs = canvas.unicode ? "▽△" : "><";
  const { glyphs: cells } = canvas.lines[0]!;
  const isFree = (at: number): boolean => cells[at] === " ";
  const isInside = id === "graph" && to < x + width;
  const at =
    isInside || (isFree(to) && (isFree(to + 1) || to + 1 >= cells.length))
      ? to
      : from > 0 && isFree(from - 1)
        ? from - 1
        : to;
  canvas.put(at, 0, descending ? glyphs[0]! : glyphs[1]!, "sorted-title");
}
