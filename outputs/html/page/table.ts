/** The table of what is in sight. */
import type { Around } from "./chart.ts";
import { element, place } from "./dom.ts";
import { groupSwitch, type Redraw } from "./legend.ts";
import {
  COLUMNS,
  isIdle,
  orderAfterClick,
  rowsOf,
  sortRows,
  type ColumnId,
  type Row,
  type Sum,
} from "./sums.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
} from "./text.ts";
import { groupKey, toggle } from "./view.ts";

export function drawTable(around: Around, redraw: Redraw): void {
  const { data, recording, view } = around;
  const { rows, total } = rowsOf(recording, view.range);
  const columns = COLUMNS.filter(
    (column) => column !== "cancelled" || (total.cancelled?.known ?? 0) > 0,
  );
  const named = sortRows(rows.slice(0, -1), view.order);
  const rest = rows.at(-1)!;
  place("head").replaceChildren(
    element(
      "tr",
      "",
      ...columns.map((column) => titleCell(column, around, redraw)),
    ),
  );
  place("rows").replaceChildren(
    ...[...named, ...(isIdle(rest) ? [] : [rest])].map((row) =>
      groupRow(row, columns, around, redraw),
    ),
  );
  place("total").replaceChildren(
    element(
      "tr",
      "",
      ...columns.map((column) =>
        column === "name"
          ? element("th", "name", "TOTAL")
          : cell(column, total, data),
      ),
    ),
  );
}

const TITLES: Readonly<Record<Exclude<ColumnId, "name">, string>> = {
  processes: "PROCESSES",
  ended: "ENDED",
  read: "DISK READ",
  write: "DISK WRITE",
  cancelled: "CANCELLED",
  waited: "IO WAIT",
  share: "SHARE",
};

function titleCell(
  column: ColumnId,
  { data, view }: Around,
  redraw: Redraw,
): HTMLElement {
  const { order } = view;
  const title = column === "name" ? data.words.title : TITLES[column];
  const button = element("button", "", title);
  button.type = "button";
  button.dataset["key"] = `title: ${column}`;
  button.addEventListener("click", () => {
    view.order = orderAfterClick(order, column);
    redraw();
  });
  const made = element("th", column, button);
  made.scope = "col";
  if (order.by === column)
    made.ariaSort = order.isDescending ? "descending" : "ascending";
  return made;
}

function groupRow(
  row: Row,
  columns: readonly ColumnId[],
  around: Around,
  redraw: Redraw,
): HTMLElement {
  const { data, view } = around;
  const key = groupKey(row.id);
  const made = element(
    "tr",
    view.hidden.has(key) ? "hidden" : "",
    ...columns.map((column) =>
      column === "name"
        ? element("th", "name", groupSwitch("rows", row.id, around, redraw))
        : cell(column, row, data),
    ),
  );
  made.addEventListener("click", () => {
    toggle(view, key);
    redraw();
  });
  made.dataset["id"] = String(row.id);
  return made;
}

function cell(
  column: Exclude<ColumnId, "name">,
  row: Row,
  data: Around["data"],
): HTMLElement {
  if (column === "share") return shareCell(row.share);
  const sum = row[column];
  const made = element(
    "td",
    column,
    textOf(sum, (amount) => format(column, amount, data)),
  );
  // Exact.
  if (sum !== null && column !== "processes" && column !== "ended")
    made.title = `${formatCount(sum.known)} ${column === "waited" ? "ns" : "bytes"}`;
  return made;
}

function format(
  column: Exclude<ColumnId, "name" | "share">,
  amount: number,
  data: Around["data"],
): string {
  if (column === "waited") return formatDuration(amount);
  const isCount = column === "processes" || column === "ended";
  return isCount ? formatCount(amount) : formatBytes(amount, data);
}

/** "?" if nothing is known, "≥ 3" if a part is. */
function textOf(sum: Sum, text: (amount: number) => string): string {
  if (sum === null || (sum.isPart && sum.known === 0)) return "?";
  return `${sum.isPart ? "≥ " : ""}${text(sum.known)}`;
}

function shareCell(share: number | null): HTMLElement {
  if (share === null) return element("td", "share", "?");
  const bar = element("span", "bar");
  bar.style.width = `${share * 100}%`;
  return element(
    "td",
    "share",
    element(
      "div",
      "",
      element("span", "track", bar),
      element("span", "percent", formatShare(share)),
    ),
  );
}
