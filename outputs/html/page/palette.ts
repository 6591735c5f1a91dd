/** Colours. */

/**
 * "Petroff 10" (M. A. Petroff, Accessible Color Sequences for Data Visualization, 2021): people with each kind of colour
 * blindness can tell them apart.
 */
export const PALETTE = [
  "#3f90da",
  "#ffa90e",
  "#bd1f01",
  "#94a4a2",
  "#832db6",
  "#a96b59",
  "#e76300",
  "#b9ac70",
  "#717581",
  "#92dadd",
] as const;

/** One colour over another one, both "#rrggbb". @param part of the first, 0 to 1 */
export function mix(over: string, under: string, part: number): string {
  const channel = (color: string, at: number): number =>
    parseInt(color.slice(1 + 2 * at, 3 + 2 * at), 16);
  return [0, 1, 2].reduce((mixed, at) => {
    const value = channel(over, at) * part + channel(under, at) * (1 - part);
    return mixed + Math.round(value).toString(16).padStart(2, "0");
  }, "#");
}
