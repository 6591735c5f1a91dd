/** Options that hide and show the columns of the screen: one for each, all made alike. */
import { COLUMNS, columnById } from "../columns/columns.ts";
import type { ScreenOption } from "./screen-option.ts";
import type { ScreenSettings, SlotId } from "./screen-settings.ts";
import { SLOT_IDS, slotName } from "./slot-names.ts";
import { DEFAULT_VIEW } from "../view/view.ts";

/** The key of the column of graphs, which is in no registry. */
const GRAPH_KEY = "8";

export const COLUMN_OPTIONS: readonly ScreenOption[] = SLOT_IDS.map(
  (id): ScreenOption => {
    const name = slotName(id);
    const key = keyOf(id);
    const isDigit = /^\d$/.test(key ?? "");
    return {
      kind: "switch",
      name: `hide-${name}`,
      ...(isDigit ? { letter: key! } : {}),
      off: [`show-${name}`],
      subject: "screen",
      family: "columns",
      // iotop-c has the nine columns that have digits.
      isShared: isDigit,
      about: `hide or show the column ${titleOf(id)}`,
      set: (settings, on) => hide(settings, id, on),
      line: ({ hidden, shown }) =>
        hidden.includes(id)
          ? `hide-${name}`
          : shown.includes(id) && !isUsual(id)
            ? `show-${name}`
            : null,
    };
  },
);

function hide(
  settings: ScreenSettings,
  id: SlotId,
  on: boolean,
): ScreenSettings {
  const others = (ids: readonly SlotId[]) => ids.filter((each) => each !== id);
  const hidden = others(settings.hidden);
  const shown = others(settings.shown);
  return on
    ? { ...settings, hidden: [...hidden, id], shown }
    : { ...settings, hidden, shown: [...shown, id] };
}

function keyOf(id: SlotId): string | null {
  return id === "graph" ? GRAPH_KEY : columnById(id).key;
}

function titleOf(id: SlotId): string {
  return id === "graph" ? "GRAPH" : columnById(id).title(DEFAULT_VIEW);
}

function isUsual(id: SlotId): boolean {
  return (
    id === "graph" ||
    COLUMNS.some(
      (column) => column.id === id && column.shownBy.includes("screen"),
    )
  );
}
