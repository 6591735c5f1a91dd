/**
 * Ids of containers in the names of cgroups, in their usual short form: `docker ps` shows the first 12 of 64 digits.
 */
import { ELLIPSIS, fitText } from "../text/format.ts";

const ID_DIGITS = 64;
const SHOWN_DIGITS = 12;
/** A cut text has a beginning, a mark, and an end. */
const MIN_CELLS = 3;

const isolated = (digits: string): string =>
  `(?<![0-9A-Za-z])[0-9a-f]{${digits}}(?![0-9A-Za-z])`;
/** Docker, podman, containerd and CRI-O give a container an id of 64 digits. */
export const WHOLE_IDS = new RegExp(isolated(`${ID_DIGITS}`), "g");
const SHOWN_IDS = new RegExp(isolated(`${SHOWN_DIGITS},${ID_DIGITS}`), "g");

/** A name with whole ids as `docker ps` shows them. */
export function shortContainerId(name: string): string {
  return name.replace(WHOLE_IDS, (id) => id.slice(0, SHOWN_DIGITS));
}

/** An id of a container in a text. */
export interface ContainerId {
  readonly id: string;
  /** Where it begins in the text. */
  readonly index: number;
}

/** The ids of containers in a text, whole or shortened. Any text that looks like an id is taken for one. */
export function findContainerIds(text: string): readonly ContainerId[] {
  return [...text.matchAll(SHOWN_IDS)].map(({ 0: id, index }) => ({
    id,
    index,
  }));
}

/**
 * Printable text cut to a display width like `ctx.format.text`, except that ids of containers keep their beginnings.
 */
export function fitName(text: string, width: number): string {
  const last = findContainerIds(text).at(-1);
  if (last === undefined || Bun.stringWidth(text) <= width)
    return fitText(text, width);
  const tail = text.slice(last.index);
  const room = width - Bun.stringWidth(tail);
  if (room < MIN_CELLS) return ELLIPSIS + fitText(tail, width - 1);
  return fitName(text.slice(0, last.index), room) + tail;
}

/**
 * Maps names of cgroups to names with shortened container ids: "/docker/9f86d081884c" for the path of a cgroup.
 * Different names stay different: ids that begin with the same 12 digits keep as many as are needed to distinguish
 * them.
 */
export function shortenContainerIds(
  names: Iterable<string>,
): ReadonlyMap<string, string> {
  const all = [...new Set(names)];
  const shown = shownIds(all.flatMap((name) => name.match(WHOLE_IDS) ?? []));
  const short = all.map((name) =>
    name.replace(WHOLE_IDS, (id) => shown.get(id)!),
  );
  const taken = new Map<string, number>();
  for (const name of short) taken.set(name, (taken.get(name) ?? 0) + 1);
  // A name may be short already.
  return new Map(
    all.map((name, n) => [name, taken.get(short[n]!) === 1 ? short[n]! : name]),
  );
}

/** Maps each id to its first digits: at least 12, and as many as no other id begins with. */
function shownIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const inOrder = [...new Set(ids)].sort();
  return new Map(
    inOrder.map((id, n) => {
      const common = Math.max(
        commonDigits(id, inOrder[n - 1]),
        commonDigits(id, inOrder[n + 1]),
      );
      return [id, id.slice(0, Math.max(SHOWN_DIGITS, common + 1))];
    }),
  );
}

function commonDigits(a: string, b = ""): number {
  let digits = 0;
  while (digits < b.length && a[digits] === b[digits]) digits++;
  return digits;
}
