/** The question that is open on the hint line, as data. While one is open, it takes every key. */
import type { IoPriority, SeenTask } from "../../../../src/model/index.ts";
import type { EditedLine } from "../line-editor.ts";

/** `/`: what the list is narrowed to while it is typed. */
export interface FindPrompt {
  readonly kind: "find";
  readonly line: EditedLine;
  /** What is wrong with it as a regular expression, such as "unclosed ("; null if nothing is. */
  readonly flaw: string | null;
}

/** `f`: lists of users, ids and names, each in a line. */
export interface FilterPrompt {
  readonly kind: "filter";
  readonly lines: Readonly<Record<FilterField, EditedLine>>;
  /** The line that is edited. */
  readonly field: FilterField;
}

export type FilterField = "user" | "pid" | "name";

/** `t`: a time to go to. */
export interface TimePrompt {
  readonly kind: "time";
  readonly line: EditedLine;
  /** What is wrong with what was entered; null if nothing is. */
  readonly flaw: string | null;
}

/** `v`: the columns. */
export interface ColumnsPrompt {
  readonly kind: "columns";
  /** Index of the column under the cursor, in the order of the screen. */
  readonly at: number;
}

/** `i`: an I/O priority. */
export interface IoNicePrompt {
  readonly kind: "ionice";
  readonly seen: SeenTask;
  /** Threads of the process. */
  readonly threadCount: number;
  /** For all of them, or for the one that was seen. */
  readonly isWhole: boolean;
  /** Null if unknown. */
  readonly before: IoPriority | null;
  readonly class: "rt" | "be" | "idle";
  readonly level: number;
}

/** `K`: a signal. */
export interface SignalPrompt {
  readonly kind: "signal";
  readonly seen: SeenTask;
  /** When the process began, as a clock shows it. */
  readonly since: string;
  /** Index of the signal. */
  readonly choice: number;
}

/** One for each kind; what it shows and does is its entry in `PROMPT_KINDS`. */
export type Prompt =
  | FindPrompt
  | FilterPrompt
  | TimePrompt
  | ColumnsPrompt
  | IoNicePrompt
  | SignalPrompt;
