/** Accepts clients on a port or a Unix socket, a bounded number of them. */
import { lstatSync, unlinkSync, type Stats } from "node:fs";
import {
  Connection,
  plainReply,
  type Limits,
  type Respond,
} from "./connection.ts";
import { formatAddress } from "../addresses.ts";
import { systemWords } from "../system-words.ts";
import type { TcpPlace, UnixPlace } from "./target.ts";

export const LIMITS: Limits = {
  connections: 16,
  requestMs: 5_000,
  // Longer than servers usually wait between two requests.
  idleMs: 120_000,
  headBytes: 8_192,
};

export interface MetricsServer extends Disposable {
  /** Where it listens: "127.0.0.1:19468", "unix:/run/iotop.sock". */
  readonly place: string;
}

/**
 * @param tls null: clients speak plain HTTP
 * @throws Error that says why it cannot listen there, and what would help
 */
export async function openServer(
  place: TcpPlace | UnixPlace,
  respond: Respond,
  limits: Limits = LIMITS,
  tls: Bun.TLSOptions | null = null,
): Promise<MetricsServer> {
  const clients = new Map<object, Connection>();
  const makeRoom = (): boolean => {
    for (const [socket, client] of clients) {
      if (!client.isIdle) continue;
      clients.delete(socket);
      client.close();
      return true;
    }
    return false;
  };
  const options = {
    data: undefined,
    ...(tls === null ? {} : { tls }),
    socket: {
      open(socket: Bun.Socket) {
        const client = new Connection(socket, respond, limits);
        const hasRoom = clients.size < limits.connections || makeRoom();
        if (!hasRoom) return client.refuse(plainReply(503, "too many clients"));
        clients.set(socket, client);
      },
      data: (socket: Bun.Socket, bytes: Uint8Array) =>
        clients.get(socket)?.take(bytes),
      drain: (socket: Bun.Socket) => clients.get(socket)?.drain(),
      close(socket: Bun.Socket) {
        clients.get(socket)?.closed();
        clients.delete(socket);
      },
      error: () => {},
    },
  };
  const listener =
    place.kind === "unix"
      ? await listenPrivately(place.path, options)
      : listen(place, options);
  return {
    place:
      place.kind === "unix"
        ? `unix:${place.path}`
        : formatAddress({ host: place.host, port: listener.port }),
    [Symbol.dispose]() {
      listener.stop(true);
      for (const client of clients.values()) client.close();
    },
  };
}

type Handlers = { readonly socket: Bun.SocketHandler<undefined> };
type Listener = { readonly port: number; stop(isAtOnce: boolean): void };

function listen({ host, port }: TcpPlace, handlers: Handlers): Listener {
  try {
    return Bun.listen<undefined>({
      ...handlers,
      hostname: host,
      port,
    } as never);
  } catch (error) {
    const place = formatAddress({ host, port });
    const { code } = error as { readonly code?: string };
    if (code === "EADDRINUSE")
      throw new Error(
        `${place} is in use by another program (ss -ltnp 'sport = :${port}' names it): give another port, as in prometheus=:${port + 1}`,
        { cause: error },
      );
    if (code === "EADDRNOTAVAIL")
      throw new Error(`${host} is not an address of this machine`, {
        cause: error,
      });
    throw refusal(place, error, "; ports from 1024 on need no rights");
  }
}

/** @param advice where iotop lacks the rights */
function refusal(place: string, error: unknown, advice = ""): Error {
  const isDenied = (error as { code?: string }).code === "EACCES";
  return new Error(
    `cannot listen on ${place}: ${systemWords(error)}${isDenied ? advice : ""}`,
    { cause: error },
  );
}

/**
 * For its owner alone, from the beginning: the file is made under a mask, and a change of its mode would come too late.
 * A socket that a program left behind when it was killed is replaced.
 */
async function listenPrivately(
  path: string,
  handlers: Handlers,
): Promise<Listener> {
  const found = lookAt(path);
  if (found !== undefined) {
    if (!found.isSocket())
      throw new Error(`${path} exists and is not a socket: give another path`);
    if (found.uid !== process.geteuid!())
      throw new Error(`${path} belongs to another user: give another path`);
    if (await isAnswered(path))
      throw new Error(
        `${path} is in use by another program: give another path`,
      );
    unlinkSync(path);
  }
  const mask = process.umask(0o177);
  try {
    const listener = Bun.listen<undefined>({
      ...handlers,
      unix: path,
    } as never);
    return { port: 0, stop: (isAtOnce) => listener.stop(isAtOnce) };
  } catch (error) {
    throw refusal(path, error);
  } finally {
    process.umask(mask);
  }
}

/** @throws Error if it cannot be known what is there */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw refusal(path, error);
  }
}

async function isAnswered(path: string): Promise<boolean> {
  try {
    const socket = await Bun.connect({ unix: path, socket: { data() {} } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}
