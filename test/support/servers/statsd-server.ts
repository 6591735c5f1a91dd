/**
 * The reference statsd server on loopback. It flushes once an hour, so that its counters are exact totals of all that
 * arrived since it started.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { isUdpBound, ownPlace, type Place } from "./own-place.ts";

export type Values = ReadonlyMap<string, number>;

export interface StatsdServer extends AsyncDisposable {
  readonly place: Place;
  counters(): Promise<Values>;
  gauges(): Promise<Values>;
  /** Ends the process; a second call does nothing. */
  stop(): Promise<void>;
}

/** Where it listens besides. */
export interface Streams {
  readonly tcp: Place;
  /** Path of a Unix socket. */
  readonly unix: string;
}

/**
 * @param place where to listen for UDP; by default one of its own
 * @param streams it listens for UDP alone without them
 */
export async function startStatsd(
  place = ownPlace(),
  streams?: Streams,
): Promise<StatsdServer> {
  const stats = createRequire(import.meta.url).resolve("statsd/stats.js");
  const folder = mkdtempSync(join(tmpdir(), "iotop-statsd-"));
  const file = join(folder, "config.js");
  const admin = ownPlace();
  writeFileSync(file, configText(place, admin, streams));
  const server = Bun.spawn([process.execPath, stats, file], {
    cwd: folder,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
  });
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(place, admin, server);
  } catch (error) {
    await stop();
    throw error;
  }
  const values = async (command: string): Promise<Values> =>
    parseValues(await ask(admin, command, /END\n/));
  return {
    place,
    counters: () => values("counters"),
    gauges: () => values("gauges"),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function configText(place: Place, admin: Place, streams?: Streams): string {
  const udp = { address: place.address, port: place.port };
  return JSON.stringify({
    ...udp,
    ...(streams && {
      servers: [
        { server: "./servers/udp", ...udp },
        {
          server: "./servers/tcp",
          address: streams.tcp.address,
          port: streams.tcp.port,
        },
        { server: "./servers/tcp", socket: streams.unix },
      ],
    }),
    mgmt_address: admin.address,
    mgmt_port: admin.port,
    backends: [],
    flushInterval: 3_600_000,
    deleteIdleStats: true,
    automaticConfigReload: false,
    dumpMessages: false,
    title: false,
  });
}

async function untilReady(
  place: Place,
  admin: Place,
  server: Bun.Subprocess,
): Promise<void> {
  const isUp = async (): Promise<boolean> => {
    if (server.exitCode !== null)
      throw new Error(`statsd ended with ${server.exitCode}`);
    const answer = await ask(admin, "health", /health: up/).catch(() => "");
    return answer !== "" && isUdpBound(place);
  };
  await eventually(isUp, (up) => up);
}

/** One command to the admin port; resolves with all text up to `end`. */
async function ask(
  { address, port }: Place,
  command: string,
  end: RegExp,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  const socket = await Bun.connect({
    hostname: address,
    port,
    socket: {
      open: (socket) => void socket.write(`${command}\n`),
      data: (_socket, bytes) => {
        text += bytes.toString();
        if (end.test(text)) resolve(text);
      },
      close: () => reject(new Error(`statsd closed after ${text}`)),
      error: (_socket, error) => reject(error),
    },
  });
  const timer = setTimeout(
    () => reject(new Error(`statsd did not answer ${command}`)),
    30_000,
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.end();
  }
}

/** Names and numbers of an inspected object, on one line or many: `'iotop.db1.disk.read_bytes': 4096`. */
function parseValues(text: string): Values {
  const values = new Map<string, number>();
  for (const [, name, value] of text.matchAll(
    /'?([^\s':{},]+)'?: (-?[0-9.e+]+)/g,
  ))
    values.set(name!, Number(value));
  return values;
}
