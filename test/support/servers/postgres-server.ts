/** Postgres on loopback, with a database of its own that is thrown away. */
import { SQL } from "bun";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import type { Lack } from "../needs.ts";
import { ownPlace } from "./own-place.ts";

const VERSIONS = "/usr/lib/postgresql";

/** Where Debian has its programs; null without any. */
const PROGRAMS = existsSync(VERSIONS)
  ? join(VERSIONS, readdirSync(VERSIONS).sort().at(-1)!, "bin")
  : null;

export const LACK_OF_POSTGRES: Lack = PROGRAMS === null ? "postgres" : null;

/** It refuses to run as root. */
const NOBODY = 65534;

export interface PostgresServer extends AsyncDisposable {
  readonly url: string;
}

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "iotop-postgres-"));
  const isRoot = process.geteuid!() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, "data");
  const start = (program: string, args: readonly string[]) =>
    Bun.spawn([join(PROGRAMS!, program), "-D", data, ...args], {
      cwd: folder,
      stdout: "ignore",
      stderr: "ignore",
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    });
  const made = start("initdb", ["-U", "iotop", "-A", "trust", "--no-sync"]);
  if ((await made.exited) !== 0) throw new Error("initdb failed");
  const { address, port } = ownPlace();
  const server = start("postgres", [
    ...["-h", address, "-p", String(port)],
    ...["-c", "fsync=off", "-c", `unix_socket_directories=${folder}`],
  ]);
  const url = `postgres://iotop@${address}:${port}/postgres`;
  await eventually(
    async () => {
      await using sql = new SQL(url);
      return await sql`select 1`.then(
        () => true,
        () => false,
      );
    },
    (isReady) => isReady,
  );
  return {
    url,
    async [Symbol.asyncDispose]() {
      // The fast way to end: SIGTERM waits for clients.
      server.kill("SIGINT");
      await server.exited;
      rmSync(folder, { recursive: true });
    },
  };
}
