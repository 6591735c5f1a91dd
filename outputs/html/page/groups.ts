/** What groups are called and how they look. The last one is the rest. */
import type { PageData } from "./data.ts";
import { styleValue } from "./dom.ts";
import { PALETTE, mix } from "./palette.ts";
import { formatCount } from "./text.ts";

const isRest = (id: number, { groups }: PageData): boolean =>
  id === groups.length;

export function groupLabel(id: number, data: PageData): string {
  if (!isRest(id, data)) {
    const { name } = data.groups[id]!;
    return name.trim() === "" ? `"${name}"` : name;
  }
  const { rest_names: names, words } = data;
  if (names === 0) return "rest";
  return `rest: ${formatCount(names)} ${names === 1 ? words.one : words.many}`;
}

export const groupColor = (id: number, data: PageData): string =>
  isRest(id, data) ? styleValue("--rest") : PALETTE[id % PALETTE.length]!;

/** How much of a colour is left when another group stands out. */
const DIMMED = 0.25;

export function areaColor(
  id: number,
  data: PageData,
  focus: number | null,
): string {
  const color = groupColor(id, data);
  return focus === null || focus === id
    ? color
    : mix(color, styleValue("--paper"), DIMMED);
}
