/** Servers on loopback that ask one target for its metrics every second: Prometheus, and one that does as it does. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { ownPlace } from "./own-place.ts";

/** Values by the name of the metric and the values of its own labels, "iotop_group_read_bytes_total dd". */
export type MetricValues = ReadonlyMap<string, string>;

export interface PrometheusServer extends AsyncDisposable {
  /** The newest; empty before the first scrape. */
  values(query: string): Promise<MetricValues>;
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

interface Program {
  readonly args: (
    config: string,
    data: string,
    address: string,
  ) => readonly string[];
  /** Answers once it can be asked. */
  readonly readyPath: string;
  /** What has come can be seen after that is asked for; null: at once. */
  readonly flushPath: string | null;
}

const PROGRAMS = {
  prometheus: {
    args: (config, data, address) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=${address}`,
      "--log.level=error",
    ],
    readyPath: "/-/ready",
    flushPath: null,
  },
  "victoria-metrics": {
    args: (config, data, address) => [
      `-promscrape.config=${config}`,
      `-storageDataPath=${data}`,
      `-httpListenAddr=${address}`,
      "-search.latencyOffset=0s",
      "-loggerLevel=ERROR",
    ],
    readyPath: "/health",
    flushPath: "/internal/force_flush",
  },
} as const satisfies Readonly<Record<string, Program>>;

/**
 * @param target "ADDRESS:PORT"
 * @throws Error if it is not ready within a minute or two
 */
export async function startPrometheus(
  target: string,
  program: keyof typeof PROGRAMS = "prometheus",
): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), `iotop-${program}-`));
  const config = join(folder, "prometheus.yml");
  writeFileSync(
    config,
    `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs: [{job_name: iotop, static_configs: [{targets: ["${target}"]}]}]
`,
  );
  const address = ownPlace().text;
  const { args, readyPath, flushPath } = PROGRAMS[program];
  const server = Bun.spawn(
    [program, ...args(config, join(folder, "data"), address)],
    { cwd: folder, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  );
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(
      () => fetch(`http://${address}${readyPath}`).catch(() => null),
      (reply) => reply?.ok === true,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async values(query) {
      // What is under way may come in parts.
      const ageS = flushPath === null ? 0 : 2;
      const time = `${Date.now() / 1000 - ageS}`;
      if (flushPath !== null) await fetch(`http://${address}${flushPath}`);
      const url = `http://${address}/api/v1/query?${new URLSearchParams({ query, time })}`;
      const { data } = (await (await fetch(url)).json()) as Answer;
      return new Map(
        data.result.map(({ metric, value }) => {
          const { __name__, job: _job, instance: _at, ...labels } = metric;
          return [[__name__, ...Object.values(labels)].join(" "), value[1]];
        }),
      );
    },
    [Symbol.asyncDispose]: stop,
  };
}
