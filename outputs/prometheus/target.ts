/** Where the metrics are offered. */
import { isIP } from "node:net";
import { MAX_SOCKET_PATH_BYTES, formatAddress } from "../addresses.ts";

export interface TcpPlace {
  readonly kind: "tcp";
  readonly host: string;
  readonly port: number;
}

export interface UnixPlace {
  readonly kind: "unix";
  readonly path: string;
}

export type Target =
  TcpPlace | UnixPlace | { readonly kind: "file"; readonly path: string };

/** Not in the list of exporters' default ports, where all below 10000 are taken. */
const DEFAULT_PORT = 19_468;
export const DEFAULT_TARGET: Target = {
  kind: "tcp",
  host: "127.0.0.1",
  port: DEFAULT_PORT,
};

/**
 * "[HOST]:PORT", "unix:PATH", "FILE.prom". Without a host, loopback.
 *
 * @throws Error whose message says what is wrong
 */
export function parseTarget(text: string): Target {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    const bytes = Buffer.byteLength(path);
    if (path === "" || path.includes("\0") || bytes > MAX_SOCKET_PATH_BYTES)
      throw new Error(
        `${quote(path)} is not a path for a socket: use 1 to ${MAX_SOCKET_PATH_BYTES} bytes`,
      );
    return { kind: "unix", path };
  }
  if (text.endsWith(".prom")) {
    if (text.includes("\0")) throw new Error(`${quote(text)} is not a path`);
    return { kind: "file", path: text };
  }
  const [, bracketed, plain, port] =
    /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/s.exec(text) ?? [];
  if (port === undefined)
    throw new Error(
      `${quote(text)} is not [HOST]:PORT, unix:PATH or a file that ends in .prom`,
    );
  if (bracketed !== undefined && isIP(bracketed) !== 6)
    throw new Error(`${quote(bracketed)} in brackets is not an IPv6 address`);
  const host = bracketed ?? (plain === "" ? "127.0.0.1" : plain!);
  if (isIP(host) === 0 && host !== "localhost")
    throw new Error(`${quote(host)} is not an address of this machine`);
  return { kind: "tcp", host, port: parsePort(port) };
}

function parsePort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535))
    throw new Error(
      `${quote(text)} is not a port: use 1 to 65535, or 0 for one that is free`,
    );
  return port;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host.startsWith("127.");

/** What protects a place besides its address. */
export interface Protection {
  readonly isEncrypted: boolean;
  /** By certificates of clients, or passwords. */
  readonly knowsClients: boolean;
}

/** What to warn of, if others than the users of this machine can reach the place; else null. */
export function exposureOf(
  { host, port }: TcpPlace,
  { isEncrypted, knowsClients }: Protection,
): string | null {
  if (isLoopback(host)) return null;
  const place = formatAddress({ host, port });
  if (!knowsClients)
    return `anybody who can connect to ${place} can read what the tasks of this machine do`;
  return isEncrypted
    ? null
    : `the network can read passwords for ${place}: add tls_server_config`;
}

const quote = (text: string): string => JSON.stringify(text);
