/** The keys that hide and show columns. Each says what it did, as not every column has room at once. */
import type { Action, KeyCommand } from "./key-command.ts";
import { say } from "./outcome.ts";
import { openColumns } from "./prompts/columns.ts";
import { toggleSlot } from "./state-changes.ts";
import type { ScreenState } from "../state.ts";
import { HIDDEN, SLOT_KEYS, slotTitle, type SlotId } from "../table/slots.ts";

const toggle =
  (id: SlotId): Action =>
  (state) =>
    say(toggleSlot(state, id), toggleText(state, id));

/** @param state before the key */
function toggleText(state: ScreenState, id: SlotId): string {
  const title = slotTitle(id, state);
  if (state.hidden.has(id)) return `${title} shown, where there is room`;
  return id === state.sort
    ? `${title} hidden, once the list is sorted by another column`
    : `${title} hidden`;
}

export const COLUMN_COMMANDS: readonly KeyCommand[] = [
  {
    press: {
      ...Object.fromEntries(
        [...SLOT_KEYS].map(([key, id]) => [key, toggle(id)] as const),
      ),
      "0": (state) =>
        say({ ...state, hidden: HIDDEN }, "columns are back to their defaults"),
    },
    label: columnKeys(),
    about: "hide or show a column; 0 undoes it",
    now: hiddenTitles,
  },
  {
    press: { v: openColumns },
    about: "choose from all columns",
  },
];

/** "0 to 9", and the keys that are not digits. */
function columnKeys(): string {
  return ["0", ...SLOT_KEYS.keys()]
    .sort()
    .join(" ")
    .replace(/^(\d)(?: \d)* (\d)/, "$1 to $2");
}

function hiddenTitles(state: ScreenState): string {
  const { hidden } = state;
  const titlesOf = (ids: ReadonlySet<SlotId>): string =>
    [...ids].map((id) => slotTitle(id, state)).join(", ");
  const fewer = titlesOf(hidden.difference(HIDDEN));
  const more = titlesOf(HIDDEN.difference(hidden));
  return (
    [fewer && `hidden: ${fewer}`, more && `shown too: ${more}`]
      .filter((part) => part !== "")
      .join("; ") || "all shown"
  );
}
