/** What frames have in common. */
import type { Line } from "./cells/frame.ts";
import { Memo } from "./memo.ts";
import { RowLines } from "./table/row-lines.ts";
import type { TableLayout } from "./table/table-layout.ts";
import type { TitleLine } from "./table/titles.ts";

/** Keeps what was drawn for earlier frames, because most of it can be used again. */
export class RenderCache {
  readonly layout = new Memo<TableLayout>();
  readonly titles = new Memo<TitleLine>();
  readonly hints = new Memo<Line>();
  readonly rows = new RowLines();
}
