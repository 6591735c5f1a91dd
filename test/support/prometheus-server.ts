/** Prometheus on loopback, which asks one target every second. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { ownPlace } from "./own-place.ts";

export interface PrometheusServer extends AsyncDisposable {
  /** Newest values by the name of the metric and the values of its own labels; empty before the first scrape. */
  values(query: string): Promise<ReadonlyMap<string, string>>;
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

/**
 * @param target "ADDRESS:PORT"
 * @throws Error if it is not ready within a minute or two
 */
export async function startPrometheus(
  target: string,
): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), "iotop-prometheus-"));
  const config = join(folder, "prometheus.yml");
  writeFileSync(
    config,
    `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs: [{job_name: iotop, static_configs: [{targets: ["${target}"]}]}]
`,
  );
  const address = ownPlace().text;
  const server = Bun.spawn(
    [
      "prometheus",
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      "--log.level=error",
    ],
    { cwd: folder, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  );
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(
      () => fetch(`http://${address}/-/ready`).catch(() => null),
      (reply) => reply?.ok === true,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async values(query) {
      const url = `http://${address}/api/v1/query?query=${encodeURIComponent(query)}`;
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
