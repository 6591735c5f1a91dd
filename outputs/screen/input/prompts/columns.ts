/** `v`: all columns, to be hidden and shown. */
import { columnById } from "../../../../src/model/index.ts";
import type { ScreenState } from "../../state.ts";
import {
  HIDDEN,
  SLOTS,
  SLOT_KEYS,
  slotTitle,
  type SlotId,
} from "../../table/slots.ts";
import type { Key } from "../key-parser.ts";
import { sortBy, toggleSlot } from "../state-changes.ts";
import type { ColumnsPrompt } from "./prompt.ts";
import type { PromptKind } from "./prompt-kind.ts";

/** Begins with the column that the list is sorted by. */
export function openColumns(state: ScreenState): ScreenState {
  const at = Math.max(0, SLOTS.indexOf(state.sort));
  return { ...state, help: false, prompt: { kind: "columns", at } };
}

export const COLUMNS_PROMPT: PromptKind<ColumnsPrompt> = {
  draw: () => ({
    left: [{ text: "columns" }],
    right: [
      { text: "space hide, show" },
      { text: "s sort" },
      { text: "0 defaults" },
      { text: "↑↓ other" },
      { text: "⏎ done" },
    ],
  }),
  pane: ({ at }, state) => ({
    title: "columns",
    lines: SLOTS.map((id) => lineOf(id, state)),
    selected: at,
  }),
  press(prompt, key, state) {
    const id = SLOTS[prompt.at]!;
    switch (nameOf(key)) {
      case "escape":
      case "enter":
      case "v":
      case "q":
        return { ...state, prompt: null };
      case "up":
      case "k":
        return withPlace(state, prompt.at - 1);
      case "down":
      case "j":
        return withPlace(state, prompt.at + 1);
      case "home":
      case "page-up":
        return withPlace(state, 0);
      case "end":
      case "page-down":
        return withPlace(state, SLOTS.length - 1);
      case " ":
        return toggleSlot(state, id);
      case "s":
        return sortBy(state, id);
      case "0":
        return { ...state, hidden: HIDDEN };
    }
    const own = key.type === "character" && SLOT_KEYS.get(key.character);
    return own ? toggleSlot(state, own) : state;
  },
};

function nameOf(key: Key): string | null {
  if (key.type === "named") return key.name;
  return key.type === "character" ? key.character : null;
}

function withPlace(state: ScreenState, wanted: number): ScreenState {
  const at = Math.max(0, Math.min(wanted, SLOTS.length - 1));
  return { ...state, prompt: { kind: "columns", at } };
}

const KEYS: ReadonlyMap<SlotId, string> = new Map(
  [...SLOT_KEYS].map(([key, id]) => [id, key]),
);
const TITLE_CELLS = 12;
const GRAPH_ABOUT = "What each row has done lately; g chooses what.";

/** "[x] 4 DISK READ  ...". */
function lineOf(id: SlotId, state: ScreenState): string {
  const mark = state.hidden.has(id) ? "[ ]" : "[x]";
  const key = KEYS.get(id) ?? " ";
  const title = slotTitle(id, state).padEnd(TITLE_CELLS);
  const about = id === "graph" ? GRAPH_ABOUT : columnById(id).about;
  return `${mark} ${key} ${title}  ${about}`;
}
