/** Addresses of servers and sockets. */
import { isIP } from "node:net";

/** "127.0.0.1:8125", "[::1]:8125", "host:8125". */
export function formatAddress({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/** sun_path of unix(7), without the zero at its end. */
export const MAX_SOCKET_PATH_BYTES = 107;
