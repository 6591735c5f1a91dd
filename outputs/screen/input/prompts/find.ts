/** `/`: the list is narrowed to what matches a regular expression, while it is typed. */
import { parseFilter, type TaskFilter } from "../../../../src/model/index.ts";
import type { ScreenState } from "../../state.ts";
import {
  editLine,
  lineOf,
  pasteInto,
  type EditedLine,
} from "../line-editor.ts";
import type { HitMap } from "../hit-map.ts";
import type { Key } from "../key-parser.ts";
import { move } from "../state-changes.ts";
import type { FindPrompt } from "./prompt.ts";
import type { PromptKind } from "./prompt-kind.ts";

/** Begins with what is kept, so that it can be changed. */
export function openFind(state: ScreenState): ScreenState {
  const line = lineOf(state.view.filter?.text ?? "");
  return {
    ...state,
    help: false,
    prompt: { kind: "find", line, flaw: null },
  };
}

export const FIND: PromptKind<FindPrompt> = {
  draw: ({ line, flaw }, { matches, state }) => ({
    left: [{ text: "/ " }, { line, isActive: true }],
    right: [
      { text: flaw ?? stateText(state.view.filter) },
      { text: matches === null ? "" : countText(matches) },
      { text: flaw === null ? "⏎ keep" : "" },
      { text: "esc drop" },
    ],
  }),
  press(prompt, key, state, hits) {
    if (key.type === "named" && key.name === "escape")
      return { ...narrow(state, null), prompt: null };
    if (key.type === "named" && key.name === "enter")
      // What is wrong cannot be kept: it stays to be mended.
      return prompt.flaw === null ? { ...state, prompt: null } : state;
    // What is found can be gone through while it is typed.
    const step = stepOf(key, hits);
    if (step !== 0) return move(state, step, hits);
    const line = editLine(prompt.line, key);
    return line === null ? state : withLine(state, line);
  },
  paste: (prompt, text, state) => withLine(state, pasteInto(prompt.line, text)),
};

function stateText(filter: TaskFilter | null): string {
  if (filter === null) return "";
  return filter.isSlow ? "too slow for long command lines" : "ok";
}

function stepOf(key: Key, hits: HitMap): number {
  if (key.type !== "named") return 0;
  switch (key.name) {
    case "up":
      return -1;
    case "down":
      return 1;
    case "page-up":
      return -hits.bodyRows;
    case "page-down":
      return hits.bodyRows;
  }
  return 0;
}

/** While it is no regular expression, all is shown. */
function withLine(state: ScreenState, line: EditedLine): ScreenState {
  const before = state.view.filter?.text ?? "";
  const filter =
    line.text === before
      ? state.view.filter
      : line.text === ""
        ? null
        : parseFilter(line.text);
  const flaw = typeof filter === "string" ? filter : null;
  return {
    ...narrow(state, typeof filter === "string" ? null : filter),
    prompt: { kind: "find", line, flaw },
  };
}

function narrow(
  state: ScreenState,
  filter: ScreenState["view"]["filter"],
): ScreenState {
  if (filter === state.view.filter) return state;
  return { ...state, view: { ...state.view, filter } };
}

export function countText({
  count,
  of,
}: {
  readonly count: number;
  readonly of: number;
}): string {
  return `${grouped(count)} of ${grouped(of)}`;
}

/** "2,000". */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
