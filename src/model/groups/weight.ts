/** The order of groups, by their I/O. */

/** The weight of one group: bytes, and ns waited. */
export interface Weight {
  readonly name: string;
  readonly bytes: number;
  readonly waitedNs: number;
}

/** Order for `sort`: by bytes, then by waits, equals by name, so that a replay has the same order. */
export function heaviestFirst(a: Weight, b: Weight): number {
  return compareWeights(b, a) || (a.name < b.name ? -1 : 1);
}

export function compareWeights(
  a: Omit<Weight, "name">,
  b: Omit<Weight, "name">,
): number {
  return a.bytes - b.bytes || a.waitedNs - b.waitedNs;
}
