/** Frames of the screen, read as a person reads them. */
import type { Sample } from "../../../src/model/sample.ts";
import { ScreenHarness, type ScreenSetup } from "./screen-harness.ts";

/** What each sample shows, as lines. */
export async function framesOf(
  setup: ScreenSetup,
  samples: readonly Sample[],
  keys = "",
): Promise<readonly (readonly string[])[]> {
  await using screen = await ScreenHarness.open(setup);
  if (keys !== "") await screen.type(keys);
  const frames: (readonly string[])[] = [];
  for (const sample of samples) frames.push(await screen.show(sample));
  return frames;
}

export const titleRowOf = (lines: readonly string[]): number =>
  lines.findIndex((line) => /COMMAND|NAME/.test(line));

/** The rows of the list: below the titles, above the hints. */
export function listOf(lines: readonly string[]): readonly string[] {
  const end = lines.length >= 16 ? -1 : lines.length;
  return lines.slice(titleRowOf(lines) + 1, end).filter((line) => line !== "");
}

/** A row without its scroll bar. */
export const rowWith = (lines: readonly string[], text: string): string =>
  listOf(lines).find((line) => line.includes(text)) ?? "";

/** The glyphs of a graph that grows from the left. */
export const graphOf = (row: string): string =>
  row.match(/[▁▂▃▄▅▆▇█]+/)?.[0] ?? "";

/** The look of one cell. */
export function lookAt(screen: ScreenHarness, x: number, y: number) {
  const cell = screen.xterm.buffer.active.getLine(y)!.getCell(x)!;
  return {
    color: cell.isFgDefault() ? null : cell.getFgColor(),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}
