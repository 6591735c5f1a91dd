/** Where the statsd server is. */
import { isIP } from "node:net";
import { MAX_SOCKET_PATH_BYTES, formatAddress } from "../addresses.ts";

export interface Target {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a connection is made to. */
export type StreamPlace =
  | ({ readonly transport: "tcp" } & Target)
  | { readonly transport: "unix"; readonly path: string };

/** Where the server is, and how it is reached. */
export type Place =
  | ({ readonly transport: "udp" } & Target)
  | { readonly transport: "unixgram"; readonly path: string }
  | StreamPlace;

export const DEFAULT_TARGET: Target = { host: "127.0.0.1", port: 8125 };

const FORMS =
  "write HOST[:PORT], tcp:HOST[:PORT], unix:PATH or unixgram:PATH, with brackets around an IPv6 address";

/**
 * "HOST", "HOST:PORT", "::1" or "[::1]:PORT".
 *
 * @throws Error whose message says what is wrong
 */
export function parseTarget(text: string): Target {
  const { host, port } = split(text);
  if (host === "") throw new Error(`the name of the host is missing; ${FORMS}`);
  if (!isHost(host))
    throw new Error(`${quote(host)} is not a host name; ${FORMS}`);
  return { host, port: parsePort(port) };
}

/**
 * "HOST[:PORT]" and "udp:HOST[:PORT]", "tcp:HOST[:PORT]", "unix:PATH", "unixgram:PATH".
 *
 * @throws Error whose message says what is wrong
 */
export function parsePlace(text: string): Place {
  if (/^[a-z]+:\/\//i.test(text))
    throw new Error(`${quote(text)} is a URL; ${FORMS}`);
  const [, transport, rest = ""] =
    /^(udp|tcp|unix|unixgram):(.*)$/s.exec(text) ?? [];
  if (transport === "unix" || transport === "unixgram")
    return { transport, path: parsePath(rest) };
  if (transport === "tcp" || transport === "udp")
    return { transport, ...parseTarget(rest) };
  return { transport: "udp", ...parseTarget(text) };
}

/** For messages. */
export function formatPlace(place: Place): string {
  return "path" in place ? place.path : formatAddress(place);
}

function parsePath(path: string): string {
  if (path === "") throw new Error("the path of the socket is missing");
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(path))
    throw new Error(`${quote(path)} has characters that cannot be shown`);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES)
    throw new Error(
      `${quote(path)} is longer than the ${MAX_SOCKET_PATH_BYTES} bytes that a socket's path may have`,
    );
  return path;
}

function split(text: string): { host: string; port: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(text);
  if (bracketed !== null) {
    const [, host = "", port] = bracketed;
    if (isIP(host) !== 6)
      throw new Error(`${quote(host)} in brackets is not an IPv6 address`);
    return { host, port };
  }
  if (isIP(text) === 6) return { host: text, port: undefined };
  const colon = text.indexOf(":");
  if (colon < 0) return { host: text, port: undefined };
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function parsePort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TARGET.port;
  if (text === "")
    throw new Error("the port is missing after the colon: use 1 to 65535");
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535)
    throw new Error(`${quote(text)} is not a port: use 1 to 65535`);
  return port;
}

/**
 * An address, or letters, digits, "-" and "_" between dots. If the last part is all digits, it is a mistyped address.
 */
function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true;
  if (text.length > 253 || /(^|\.)[0-9]+\.?$/.test(text)) return false;
  return /^([a-z0-9_]([a-z0-9_-]{0,62})\.)*[a-z0-9_][a-z0-9_-]{0,62}\.?$/i.test(
    text,
  );
}

const quote = (text: string): string => JSON.stringify(text);
