/** Draws the open prompt on the hint line. */
import { keyNames } from "./key-names.ts";
import type { Canvas } from "../cells/frame.ts";
import type { EditedLine } from "../input/line-editor.ts";
import { HINT_GAP_CELLS, wholeForm } from "../input/prompts/fitting.ts";
import type {
  PromptField,
  PromptLine,
  PromptPart,
  PromptText,
} from "../input/prompts/prompt-kind.ts";

/** The field that is edited keeps at least this much room: hints at the right give way to it. */
const MIN_FIELD_CELLS = 12;

/** Returns the column of the cursor; null if nothing is edited. */
export function drawPromptLine(
  canvas: Canvas,
  y: number,
  line: PromptLine,
): number | null {
  const { columns, unicode } = canvas;
  const { left, right } =
    wholeForm(line, columns, unicode) ?? line.narrower?.at(-1) ?? line;
  canvas.fill(0, columns, y, "help");
  const fixed = left.filter((part) => !isField(part) || !part.isActive);
  const leftCells = 1 + sum(fixed.map(partCells));
  const hasField = fixed.length < left.length;
  const room = columns - leftCells - (hasField ? MIN_FIELD_CELLS : 0);
  const hints = fitting(
    right.map((part) => shown(part, canvas)),
    room,
  );
  const hintCells = sum(hints.map((part) => HINT_GAP_CELLS + partCells(part)));
  let x = columns - hintCells - (hintCells > 0 ? 1 : 0);
  const end = x;
  for (const { text, style } of hints)
    x = canvas.put(x + HINT_GAP_CELLS, y, text, style ?? "help");

  const fieldCells = Math.max(1, end - leftCells);
  let cursor: number | null = null;
  x = 1;
  for (const part of left.map((each) => shown(each, canvas)))
    if (!isField(part))
      x = canvas.put(x, y, part.text, part.style ?? "help", end);
    else if (!part.isActive)
      x = canvas.put(x, y, part.line.text, "help-key", end);
    else {
      const { text, offset } = partInSight(part.line, fieldCells);
      cursor = Math.min(x + offset, columns - 1);
      x = canvas.put(x, y, text, "help-key", Math.min(end, x + fieldCells));
    }
  return cursor;
}

function isField(part: PromptPart): part is PromptField {
  return "line" in part;
}

function shown<P extends PromptPart>(part: P, { unicode }: Canvas): P {
  return isField(part) ? part : { ...part, text: keyNames(part.text, unicode) };
}

function partCells(part: PromptPart): number {
  return Bun.stringWidth(isField(part) ? part.line.text : part.text);
}

function fitting(
  parts: readonly PromptText[],
  room: number,
): readonly PromptText[] {
  const kept: PromptText[] = [];
  let cells = 0;
  for (const part of parts) {
    if (part.text === "") continue;
    cells += HINT_GAP_CELLS + partCells(part);
    if (cells + 1 > room) break;
    kept.push(part);
  }
  return kept;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The part of a line around its cursor that has room, and how many cells of it are before the cursor. */
export function partInSight(
  { text, cursor }: EditedLine,
  cells: number,
): { readonly text: string; readonly offset: number } {
  let before = text.slice(0, cursor);
  if (Bun.stringWidth(before) >= cells) {
    // The cursor is in the last cell.
    const segments = [...graphemes.segment(before)].map((each) => each.segment);
    while (segments.length > 0 && Bun.stringWidth(segments.join("")) >= cells)
      segments.shift();
    before = segments.join("");
  }
  return { text: before + text.slice(cursor), offset: Bun.stringWidth(before) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
