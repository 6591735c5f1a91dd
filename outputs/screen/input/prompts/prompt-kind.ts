/** What a kind of prompt is made of. To add one: its data in prompt.ts, a file beside this, an entry in index.ts. */
import type { Style } from "../../cells/theme.ts";
import type { ScreenState } from "../../state.ts";
import type { HitMap } from "../hit-map.ts";
import type { Key } from "../key-parser.ts";
import type { EditedLine } from "../line-editor.ts";
import type { Outcome } from "../outcome.ts";

export interface PromptKind<P> {
  /** What the hint line shows. */
  draw(prompt: P, facts: PromptFacts): PromptLine;
  /** What a key does; a key that means nothing here changes nothing. `escape` and `enter` close, as the kind says. */
  press(prompt: P, key: Key, state: ScreenState, hits: HitMap): Outcome;
  /** A window above the hint line. */
  pane?(prompt: P, state: ScreenState): Pane;
  /** What pasted text does. Without it, nothing: a paste never acts. */
  paste?(prompt: P, text: string, state: ScreenState): ScreenState;
}

export interface Pane {
  readonly title: string;
  readonly lines: readonly string[];
  /** Index of the line under the cursor, which is always shown. */
  readonly selected: number;
}

/** What is known beside the prompt itself. */
export interface PromptFacts {
  readonly state: ScreenState;
  /** How many rows the filters let through, and how many there would be without any; null if not known. */
  readonly matches: { readonly count: number; readonly of: number } | null;
}

export interface PromptLine {
  /** From the left end. The field that is edited gets the room that is left, and scrolls in it. */
  readonly left: readonly PromptPart[];
  /** At the right end. Where the room is short, the last ones are left out first. */
  readonly right: readonly PromptText[];
  /** Shorter forms, the longest first. With them, the first one that is whole is shown, and no part is left out. */
  readonly narrower?: readonly PromptLine[];
}

export type PromptPart = PromptText | PromptField;

export interface PromptText {
  readonly text: string;
  /** By default `help`, the style of the hint line. */
  readonly style?: Style;
}

/** A line that is typed. */
export interface PromptField {
  readonly line: EditedLine;
  /** Whether the cursor is in it. Others take the room of their text. */
  readonly isActive: boolean;
}
