/**
 * prometheus-process-exporter on loopback, which groups processes by their name. Its counters are what `/proc/PID/io`
 * says at each scrape: exact for processes that live on, blind to what one does after the last scrape that finds it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { ownPlace } from "./own-place.ts";

const PROGRAM = Bun.which("prometheus-process-exporter");
export interface ProcessExporter extends AsyncDisposable {
  /** Bytes by name of the process, since it was first seen. Each call is a scrape. */
  written(): Promise<ReadonlyMap<string, number>>;
}

/** @throws Error if it is not installed or does not answer within a minute */
export async function startProcessExporter(): Promise<ProcessExporter> {
  if (PROGRAM === null)
    throw new Error(
      "prometheus-process-exporter is missing: install the package of that name",
    );
  const folder = mkdtempSync(join(tmpdir(), "iotop-exporter-"));
  const config = join(folder, "config.yml");
  writeFileSync(
    config,
    `process_names: [{name: "{{.Comm}}", cmdline: [".+"]}]\n`,
  );
  const address = ownPlace().text;
  const server = Bun.spawn(
    [
      PROGRAM,
      ...["-config.path", config, "-web.listen-address", address],
      ...["-children=false", "-threads=false", "-gather-smaps=false"],
    ],
    { stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  );
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const scrape = async (): Promise<string> =>
    (await fetch(`http://${address}/metrics`)).text();
  try {
    await eventually(
      () => scrape().catch(() => ""),
      (text) => text !== "",
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    written: async () => parseWritten(await scrape()),
    [Symbol.asyncDispose]: stop,
  };
}

const parseWritten = (text: string): ReadonlyMap<string, number> =>
  new Map(
    [
      ...text.matchAll(
        /^namedprocess_namegroup_write_bytes_total\{groupname="([^"]*)"\} (\S+)$/gm,
      ),
    ].map(([, name, value]) => [name!, Number(value)]),
  );
