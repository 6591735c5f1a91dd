/** Of those in the order in which they came, only the newest stay, so that a long run takes no more and more memory. */
export function dropOldest<K>(map: Map<K, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
