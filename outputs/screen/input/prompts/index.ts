/** All kinds of prompts, and the one that is open. Pure. */
import type { ScreenState } from "../../state.ts";
import type { HitMap } from "../hit-map.ts";
import type { Key } from "../key-parser.ts";
import type { Outcome } from "../outcome.ts";
import { COLUMNS_PROMPT } from "./columns.ts";
import { FILTER } from "./filter.ts";
import { FIND } from "./find.ts";
import { IONICE } from "./ionice.ts";
import type { Prompt } from "./prompt.ts";
import type {
  Pane,
  PromptFacts,
  PromptKind,
  PromptLine,
} from "./prompt-kind.ts";
import { SIGNAL } from "./signal.ts";
import { TIME } from "./time.ts";

const PROMPT_KINDS: {
  readonly [K in Prompt["kind"]]: PromptKind<Extract<Prompt, { kind: K }>>;
} = {
  find: FIND,
  filter: FILTER,
  columns: COLUMNS_PROMPT,
  ionice: IONICE,
  signal: SIGNAL,
  time: TIME,
};

function kindOf<P extends Prompt>({ kind }: P): PromptKind<P> {
  return PROMPT_KINDS[kind] as unknown as PromptKind<P>;
}

export function drawPrompt(prompt: Prompt, facts: PromptFacts): PromptLine {
  return kindOf(prompt).draw(prompt, facts);
}

/** Null if it has no window. */
export function promptPane(prompt: Prompt, state: ScreenState): Pane | null {
  return kindOf(prompt).pane?.(prompt, state) ?? null;
}

export function pressInPrompt(
  prompt: Prompt,
  key: Key,
  state: ScreenState,
  hits: HitMap,
): Outcome {
  return kindOf(prompt).press(prompt, key, state, hits);
}

/** Without an open prompt, or in one without a text, a paste does nothing. */
export function pasteInPrompt(text: string, state: ScreenState): ScreenState {
  const { prompt } = state;
  if (prompt === null) return state;
  return kindOf(prompt).paste?.(prompt, text, state) ?? state;
}
