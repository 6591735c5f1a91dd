/** Packs lines into datagrams. */

/**
 * Fits an Ethernet frame even with the largest IP header. The limit holds on loopback too: collectd drops what exceeds
 * 4,096.
 */
const MAX_DATAGRAM_BYTES = 1432;

/**
 * Joins lines by line feeds into as few datagrams as possible, in order and within the limit. A line that is longer
 * than the limit goes alone.
 */
export function packLines(
  lines: readonly string[],
  maxBytes = MAX_DATAGRAM_BYTES,
): readonly string[] {
  const datagrams: string[] = [];
  let datagram = "";
  let usedBytes = 0;
  for (const line of lines) {
    const lineBytes = Buffer.byteLength(line);
    if (usedBytes > 0 && usedBytes + 1 + lineBytes <= maxBytes) {
      datagram += `\n${line}`;
      usedBytes += 1 + lineBytes;
      continue;
    }
    if (usedBytes > 0) datagrams.push(datagram);
    datagram = line;
    usedBytes = lineBytes;
  }
  if (usedBytes > 0) datagrams.push(datagram);
  return datagrams;
}
