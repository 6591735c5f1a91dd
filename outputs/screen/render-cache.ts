import type { Line } from "./frame.ts";
import { Memo } from "./memo.ts";
import { RowLines } from "./row-lines.ts";
import type { TableLayout } from "./table-layout.ts";
import type { TitleLine } from "./table.ts";

/** Keeps what was drawn for earlier frames, because most of it can be used again. */
export class RenderCache {
  readonly layout = new Memo<TableLayout>();
  readonly titles = new Memo<TitleLine>();
  readonly hints = new Memo<readonly Line[]>();
  readonly rows = new RowLines();
}
