/** `t`: a time to go to, in a recording. */
import type { ScreenState } from "../../state.ts";
import { editLine, lineOf, pasteInto } from "../line-editor.ts";
import type { Act } from "../outcome.ts";
import type { TimePrompt } from "./prompt.ts";
import type { PromptKind } from "./prompt-kind.ts";

/** Why nothing is gone to. */
export const LIVE = "only a recording has times to go to: [ looks back";

/** As the replay takes it. */
export const unixText = (timeMs: number): string => `@${timeMs / 1000}`;

/** It stands still there, and the newest sample is the one on the screen. */
export const held = (state: ScreenState): ScreenState => ({
  ...state,
  frozen: true,
  back: 0,
});

export function openTime(state: ScreenState): Act {
  return {
    act({ controls }) {
      if (!controls?.replay) return { state, message: LIVE };
      const prompt = { kind: "time", line: lineOf(""), flaw: null } as const;
      return { state: { ...state, help: false, prompt }, message: null };
    },
  };
}

export const TIME: PromptKind<TimePrompt> = {
  draw: ({ line, flaw }) => ({
    left: [{ text: "go to " }, { line, isActive: true }],
    right: [
      { text: flaw ?? "02:13, -2h, yesterday 02:13" },
      { text: "⏎ go" },
      { text: "esc drop" },
    ],
  }),
  press(prompt, key, state) {
    if (key.type === "named" && key.name === "escape")
      return { ...state, prompt: null };
    if (key.type === "named" && key.name === "enter") return go(prompt, state);
    const line = editLine(prompt.line, key);
    return line === null
      ? state
      : { ...state, prompt: { ...prompt, line, flaw: null } };
  },
  paste: (prompt, text, state) => ({
    ...state,
    prompt: { ...prompt, line: pasteInto(prompt.line, text), flaw: null },
  }),
};

/** What is no time stays to be mended. */
function go(prompt: TimePrompt, state: ScreenState): Act {
  return {
    act({ controls }) {
      const text = prompt.line.text.trim();
      const flaw = controls?.replay?.goTo(text) ?? null;
      return flaw === null
        ? { state: { ...held(state), prompt: null }, message: null }
        : { state: { ...state, prompt: { ...prompt, flaw } }, message: null };
    },
  };
}
