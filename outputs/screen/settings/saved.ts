/** The state of the screen as settings that can be saved. Pure. */
import {
  sumsModeOf,
  type RunInfo,
  type Terminal,
  type ScreenSettings,
  type SlotId,
} from "../../../src/model/index.ts";
import type { GraphGlyphs } from "../graphs/graph.ts";
import { initialState, type ScreenState } from "../state.ts";
import { HIDDEN } from "../table/slots.ts";

/** How graphs are drawn: as set, or as the terminal can show them. */
export function glyphsFor(
  { glyphs }: Pick<ScreenSettings, "glyphs">,
  unicode: boolean,
): GraphGlyphs {
  if (glyphs !== "auto") return glyphs;
  return unicode ? "blocks" : "ascii";
}

/**
 * What is set now. What the terminal or the environment decided, and no key, stays as it was set.
 *
 * @param run what was set at the start
 * @param unicode whether the terminal shows more than ASCII
 * @param intervalMs time between samples, ms
 */
export function settingsOf(
  state: ScreenState,
  { screen, colorLevel }: Pick<RunInfo, "screen" | "colorLevel">,
  unicode: boolean,
  intervalMs: number,
): ScreenSettings {
  const { view, mode, sort, descending, ended, fullCommand } = state;
  const { groupBy, graphSource, theme, mouse, disks, clock, hints } = state;
  const { only, filter, kilobytes, si } = view;
  const { help, readonly } = screen;
  const isAuto =
    screen.glyphs !== state.graph &&
    state.graph === glyphsFor({ glyphs: "auto" }, unicode);
  return {
    ...{ only, filter, kilobytes, si, sums: sumsModeOf(view) },
    ...{ mode, sort, descending, ended, fullCommand },
    ...{ graphSource, theme, mouse, disks, clock, hints, intervalMs },
    ...{ help, readonly, groupBy },
    ...columnsOf(state.hidden),
    glyphs: isAuto ? "auto" : state.graph,
    color: colorLevel === 0 && !state.colors ? screen.color : state.colors,
  };
}

/** Columns that differ from what is usual. */
function columnsOf(
  hidden: ReadonlySet<SlotId>,
): Pick<ScreenSettings, "hidden" | "shown"> {
  return {
    hidden: [...hidden.difference(HIDDEN)],
    shown: [...HIDDEN.difference(hidden)],
  };
}

/** @param graph what the command line chose for graphs; undefined if nothing */
export function firstState(
  { view, screen, colorLevel }: RunInfo,
  { unicode }: Pick<Terminal, "unicode">,
  graph: GraphGlyphs | undefined,
): ScreenState {
  const glyphs = graph ?? glyphsFor(screen, unicode);
  const colors = screen.color && colorLevel > 0;
  return { ...initialState(view, glyphs, screen), colors };
}
