/** The question that is open on the hint line, as data. While one is open, it takes every key. */
import type { EditedLine } from "../line-editor.ts";

/** `/`: what the list is narrowed to while it is typed. */
export interface FindPrompt {
  readonly kind: "find";
  readonly line: EditedLine;
  /** What is wrong with it as a regular expression, such as "unclosed ("; null if nothing is. */
  readonly flaw: string | null;
}

/** One for each kind; what it shows and does is its entry in `PROMPT_KINDS`. */
export type Prompt = FindPrompt;
