/** Which rows the user has narrowed the list to. Pure. */
import type { TaskDelta } from "../../../src/model/index.ts";
import type { ScreenState } from "../state.ts";

/** What `/` looks for: while it is typed, what is in its prompt. */
export function wantedText({ prompt, find }: ScreenState): string {
  return prompt?.kind === "find" ? prompt.line.text : find;
}

export function narrowed(
  rows: readonly TaskDelta[],
  state: ScreenState,
): readonly TaskDelta[] {
  const wanted = wantedText(state);
  if (wanted === "") return rows;
  return rows.filter(({ task }) => task.comm.includes(wanted));
}
