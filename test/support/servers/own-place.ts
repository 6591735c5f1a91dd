/**
 * Places on loopback that no other process uses, for servers that cannot be told to choose a port and say which. All of
 * 127.0.0.0/8 is this machine: the address is made of our process id, and the ports lie below those that the kernel
 * gives out (net.ipv4.ip_local_port_range begins at 32768). Nobody can take one between two uses.
 */
import { readFileSync } from "node:fs";

const FIRST_PORT = 20_000;

export interface Place {
  readonly address: string;
  readonly port: number;
  /** "ADDRESS:PORT" */
  readonly text: string;
}

let taken = 0;

/** @param host two places may differ by this alone: 0 or 1 */
export function placeOf(port: number, host: 0 | 1 = 0): Place {
  const address = [
    127,
    64 + 64 * host + (process.pid >> 16),
    (process.pid >> 8) & 255,
    process.pid & 255,
  ].join(".");
  return { address, port, text: `${address}:${port}` };
}

/** A new one with each call. */
export const ownPlace = (): Place => placeOf(FIRST_PORT + taken++);

/** Bytes that wait in the receive buffer there, as the kernel accounts for them; null if no program listens for UDP. */
export function queuedBytes({ address, port }: Place): number | null {
  const hex = (number: number, digits: number): string =>
    number.toString(16).toUpperCase().padStart(digits, "0");
  // The kernel prints the address as it lies in memory.
  const bytes = address.split(".").map(Number).reverse();
  const local = `${bytes.map((byte) => hex(byte, 2)).join("")}:${hex(port, 4)}`;
  // udp4_format_sock of net/ipv4/udp.c: slot, local and remote address, state, both queues.
  const line = new RegExp(`^ *\\d+: ${local} \\S+ \\S+ \\w+:(\\w+) `, "m");
  const queue = line.exec(readFileSync("/proc/net/udp", "latin1"))?.[1];
  return queue === undefined ? null : Number.parseInt(queue, 16);
}

/** Whether a program listens for UDP there. */
export const isUdpBound = (place: Place): boolean =>
  queuedBytes(place) !== null;
