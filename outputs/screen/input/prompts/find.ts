/** `/`: the list is narrowed to what matches, while it is typed. */
import type { ScreenState } from "../../state.ts";
import { editLine, lineOf, pasteInto } from "../line-editor.ts";
import type { FindPrompt } from "./prompt.ts";
import type { PromptKind } from "./prompt-kind.ts";

/** Begins with what is kept, so that it can be changed. */
export function openFind(state: ScreenState): ScreenState {
  return { ...state, prompt: { kind: "find", line: lineOf(state.find) } };
}

export const FIND: PromptKind<FindPrompt> = {
  draw: ({ line }, { list }) => ({
    left: [{ text: "/ " }, { line, isActive: true }],
    right: [
      { text: list === null ? "" : `${list.rows.length} of ${list.watched}` },
      { text: "⏎ keep" },
      { text: "esc drop" },
    ],
  }),
  press(prompt, key, state) {
    if (key.type === "named" && key.name === "enter")
      return { ...state, find: prompt.line.text, prompt: null };
    if (key.type === "named" && key.name === "escape")
      return { ...state, find: "", prompt: null };
    const line = editLine(prompt.line, key);
    return line === null ? state : { ...state, prompt: { ...prompt, line } };
  },
  paste(prompt, text, state) {
    const line = pasteInto(prompt.line, text);
    return { ...state, prompt: { ...prompt, line } };
  },
};
