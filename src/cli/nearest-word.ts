/** What somebody may have meant by a word that is none. Pure. */

/** How many letters must be added, left out, changed or swapped with the next one to make one word of the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        last[j]! + 1,
        row[j - 1]! + 1,
        last[j - 1]! + (isSame ? 0 : 1),
        isSwapped ? beforeLast[j - 2]! + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** One that begins so, or else the nearest one of which no more than a third is different; null if there is none. */
export function nearestWord(
  word: string,
  known: Iterable<string>,
): string | null {
  let nearest: string | null = null;
  let least = Math.floor((word.length - 2) / 3) + 1;
  for (const each of known) {
    if (each.startsWith(word)) return each;
    const distance = editDistance(word, each);
    if (distance < least) [nearest, least] = [each, distance];
  }
  return nearest;
}
