/** What is at the bottom: hints, the prompt or a message, and the windows that open above them. Pure. */
import type { Format } from "../../../src/model/index.ts";
import type { Canvas } from "../cells/frame.ts";
import { drawPrompt, promptPane } from "../input/prompts/index.ts";
import type { PromptFacts, PromptLine } from "../input/prompts/prompt-kind.ts";
import type { Regions } from "../regions.ts";
import type { RenderCache } from "../render-cache.ts";
import type { ScreenState } from "../state.ts";
import { drawHelp } from "./help.ts";
import { drawHintLine } from "./hint-line.ts";
import { drawMessage } from "./messages.ts";
import { drawPane } from "./pane.ts";
import { drawPromptLine } from "./prompt-line.ts";

export interface BottomParts {
  readonly state: ScreenState;
  readonly message: string | null;
  /** In the place of the hints; null if the screen is not frozen. */
  readonly frozen: PromptLine | null;
  readonly matches: PromptFacts["matches"];
  readonly format: Format;
  readonly cache: RenderCache;
}

/** Below this height, windows cover the totals. */
const LOW_ROWS = 10;

/** Returns the first line of the help that is shown. */
export function drawBottom(
  canvas: Canvas,
  { bodyTop, hintRow }: Regions,
  { state, message, frozen, matches, format, cache }: BottomParts,
): number {
  const { columns, rows, unicode } = canvas;
  const { prompt } = state;
  const last = rows - 1;
  if (frozen !== null) drawPromptLine(canvas, last, frozen);
  else if (hintRow !== null)
    canvas.place(
      hintRow,
      cache.hints.get(
        [
          columns,
          unicode,
          state.view,
          state.mode,
          state.help,
          state.details === null,
          state.busyFilesTop === null,
        ],
        () => drawHintLine(columns, unicode, state),
      ),
    );
  const top = rows < LOW_ROWS ? 0 : bodyTop;
  const pane = prompt === null ? null : promptPane(prompt, state);
  if (pane !== null) drawPane(canvas, pane, top, last);
  const helpTop = state.help
    ? drawHelp(canvas, state, top, hintRow ?? rows)
    : 0;
  if (prompt === null) {
    if (message !== null) drawMessage(canvas, message, format);
    return helpTop;
  }
  const line = drawPrompt(prompt, { state, matches });
  const x = drawPromptLine(canvas, last, line);
  canvas.cursor = { x: x ?? 0, y: last, isVisible: x !== null };
  return helpTop;
}
