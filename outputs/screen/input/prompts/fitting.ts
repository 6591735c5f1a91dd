/**
 * Which form of a prompt has room. Its choice and the keys for it are never cut: what is said besides is shortened.
 * Pure.
 */
import { keyNames } from "../../panes/key-names.ts";
import type { PromptLine, PromptText } from "./prompt-kind.ts";

/** The first form that is whole in so many cells; null if none is. */
export function wholeForm(
  line: PromptLine,
  columns: number,
  unicode: boolean,
): PromptLine | null {
  const forms = [line, ...(line.narrower ?? [])];
  return forms.find((form) => cellsOf(form, unicode) <= columns) ?? null;
}

/** With a blank at both ends. */
function cellsOf({ left, right }: PromptLine, unicode: boolean): number {
  const textCells = ({ text }: PromptText): number =>
    Bun.stringWidth(keyNames(text, unicode));
  const hints = right.filter(({ text }) => text !== "");
  const texts = left.map((part) =>
    "line" in part ? { text: part.line.text } : part,
  );
  return [
    ...texts.map(textCells),
    ...hints.map((hint) => HINT_GAP_CELLS + textCells(hint)),
  ].reduce((sum, cells) => sum + cells, 2);
}

/** Before each hint at the right end. */
export const HINT_GAP_CELLS = 2;
