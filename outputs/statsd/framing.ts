/** How lines are divided in a stream of bytes. */
import { packLines } from "./packets.ts";

/** "lf": each line ends in a line feed. "length": Datadog's, four bytes with the length before each packet of lines. */
export const FRAMINGS = ["lf", "length"] as const;
export type Framing = (typeof FRAMINGS)[number];

/** What Datadog's agent takes at once by default. */
export const MAX_PACKET_BYTES = 8192;

/** Packets that can be sent one by one, in any number. */
export function framePackets(
  lines: readonly string[],
  framing: Framing,
): readonly Buffer[] {
  const packets = packLines(lines, MAX_PACKET_BYTES - 1);
  return packets.map((packet) => {
    if (framing === "lf") return Buffer.from(`${packet}\n`);
    const text = Buffer.from(packet);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([length, text]);
  });
}

/**
 * What of a packet is to be sent again on another connection after so many bytes: servers drop a line, or a packet with
 * a length, that is not whole.
 */
export function restOf(
  packet: Buffer,
  sentBytes: number,
  framing: Framing,
): Buffer {
  if (framing === "length") return sentBytes < packet.length ? packet : NONE;
  const whole = packet.subarray(0, sentBytes).lastIndexOf("\n") + 1;
  return packet.subarray(whole);
}

const NONE = Buffer.alloc(0);
