/** Names beside their colours: a click shows or hides what is drawn in that colour. */
import type { Around } from "./chart.ts";
import { element, place, swatch } from "./dom.ts";
import { groupColor, groupLabel } from "./groups.ts";
import { isIdle, rowsOf } from "./sums.ts";
import { wholeRange } from "./zoom.ts";
import { groupKey, toggle, type View } from "./view.ts";

/** Makes what has been chosen visible. */
export type Redraw = () => void;

/**
 * @param where it stands: there may be several for one key
 * @param mark shows the colour
 */
export function switchOf(
  where: string,
  key: string,
  mark: HTMLElement,
  name: string,
  view: View,
  redraw: Redraw,
): HTMLElement {
  const button = element("button", "switch", mark, element("span", "", name));
  button.type = "button";
  button.title = `show or hide ${name}`;
  button.dataset["key"] = `${where}: ${key}`;
  button.ariaPressed = String(!view.hidden.has(key));
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    toggle(view, key);
    button.ariaPressed = String(!view.hidden.has(key));
    redraw();
  });
  return button;
}

export const groupSwitch = (
  where: string,
  id: number,
  { data, view }: Around,
  redraw: Redraw,
): HTMLElement =>
  switchOf(
    where,
    groupKey(id),
    swatch(groupColor(id, data)),
    groupLabel(id, data),
    view,
    redraw,
  );

/** All groups, for all charts. */
export function drawLegend(around: Around, redraw: Redraw): void {
  const { recording } = around;
  const { rows } = rowsOf(recording, wholeRange(recording));
  const [rest, ...named] = rows.toReversed();
  const shown = isIdle(rest!) ? named : [rest!, ...named];
  place("legend").replaceChildren(
    ...shown.toReversed().map(({ id }) => {
      const made = groupSwitch("legend", id, around, redraw);
      made.dataset["id"] = String(id);
      return made;
    }),
  );
}
