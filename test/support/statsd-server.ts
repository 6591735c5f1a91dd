/**
 * The reference statsd server on loopback. It flushes once an hour, so that its counters are exact totals of all that
 * arrived since it started.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export type Values = ReadonlyMap<string, number>;

export interface StatsdServer extends AsyncDisposable {
  readonly port: number;
  counters(): Promise<Values>;
  gauges(): Promise<Values>;
  /** Ends the process; a second call does nothing. */
  stop(): Promise<void>;
}

/** @param port where to listen for UDP; by default a free one */
export async function startStatsd(port?: number): Promise<StatsdServer> {
  const stats = createRequire(import.meta.url).resolve("statsd/stats.js");
  const folder = mkdtempSync(join(tmpdir(), "iotop-statsd-"));
  const file = join(folder, "config.js");
  const udpPort = port ?? (await freePort());
  const adminPort = await freePort();
  writeFileSync(file, configText(udpPort, adminPort));
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
    await untilHealthy(adminPort, server);
  } catch (error) {
    await stop();
    throw error;
  }
  const values = async (command: string): Promise<Values> =>
    parseValues(await ask(adminPort, command, /END\n/));
  return {
    port: udpPort,
    counters: () => values("counters"),
    gauges: () => values("gauges"),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function configText(port: number, adminPort: number): string {
  return JSON.stringify({
    address: "127.0.0.1",
    port,
    mgmt_address: "127.0.0.1",
    mgmt_port: adminPort,
    backends: [],
    flushInterval: 3_600_000,
    deleteIdleStats: true,
    automaticConfigReload: false,
    dumpMessages: false,
    title: false,
  });
}

async function untilHealthy(
  adminPort: number,
  server: Bun.Subprocess,
): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null)
      throw new Error(`statsd ended with ${server.exitCode}`);
    const answer = await ask(adminPort, "health", /health: up/).catch(() => "");
    if (answer !== "") return;
    await Bun.sleep(50);
  }
  throw new Error("statsd did not start in 10 s");
}

/** One command to the admin port; resolves with all text up to `end`. */
async function ask(
  port: number,
  command: string,
  end: RegExp,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
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
    2000,
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
