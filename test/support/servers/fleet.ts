/** One run of the built program into every server that is to have its numbers, while many short programs write. */
import { expect } from "bun:test";
import { copyFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SampleRecord } from "../../../src/model/record/record-types.ts";
import { startBinary } from "../binary.ts";
import { startCollectd } from "./collectd-server.ts";
import { eventually } from "../eventually.ts";
import { parseExposition } from "./exposition-parser.ts";
import { parseLines } from "../json-run.ts";
import { lackOf } from "../needs.ts";
import { ownPlace } from "./own-place.ts";
import { startPrometheus, type MetricValues } from "./prometheus-server.ts";
import { startStatsd, type Values } from "./statsd-server.ts";
import { openUnixDatagramPeer } from "./unix-datagram-peer.ts";
import { diskFolder } from "../workload.ts";

/** Each writes a MiB, and lives for some milliseconds. */
export const PROGRAMS = 60;
export const PROGRAM_BYTES = 1 << 20;
export const PROGRAM_NAME = "fleetdd";

export interface Fleet {
  readonly records: readonly SampleRecord[];
  /** What npm statsd got by each way. */
  readonly statsd: Values;
  /** Each line that a Unix datagram socket got. */
  readonly datagramLines: readonly string[];
  /** By collectd's names; null if it is not here. */
  readonly collectd: ReadonlyMap<string, number> | null;
  readonly collectdLog: string;
  /** What servers have that ask; null if the server is not here. */
  readonly scraped: Readonly<
    Record<"prometheus" | "victoria-metrics", MetricValues | null>
  >;
  /** What node_exporter passes on; null if it is not here. */
  readonly textfile: string | null;
  /** Answers to a client that takes text, and to one that takes OpenMetrics, without and with `created`. */
  readonly text: string;
  readonly openMetrics: readonly [plain: string, created: string];
  readonly socketMode: number;
  readonly textfileMode: number;
  readonly report: string;
  readonly csv: string;
}

/** @param folder where files and sockets are made */
export async function runFleet(folder: string): Promise<Fleet> {
  await using servers = new AsyncDisposableStack();
  const offered = ownPlace().text;
  const paths = {
    jsonl: join(folder, "run.jsonl"),
    report: join(folder, "report.json"),
    csv: join(folder, "run.csv"),
    prom: join(folder, "iotop.prom"),
    scrape: join(folder, "metrics.sock"),
    stream: join(folder, "stream.sock"),
    datagrams: join(folder, "datagrams.sock"),
  };
  const startIfHere = async <T extends AsyncDisposable>(
    program: string,
    start: () => Promise<T>,
  ): Promise<T | null> =>
    lackOf(program) === null ? servers.use(await start()) : null;
  const tcp = ownPlace();
  const [prometheus, victoria, statsd, collectd, exporter] = await Promise.all([
    startIfHere("prometheus", () => startPrometheus(offered)),
    startIfHere("victoria-metrics", () =>
      startPrometheus(offered, "victoria-metrics"),
    ),
    startStatsd(ownPlace(), { tcp, unix: paths.stream }),
    startIfHere("collectd", startCollectd),
    startIfHere("prometheus-node-exporter", () => startExporter(folder)),
  ]);
  servers.use(statsd);
  const peer = servers.use(openUnixDatagramPeer(paths.datagrams));
  const datagrams: string[] = [];
  const reading = setInterval(() => datagrams.push(...peer.read()), 5);
  servers.defer(() => clearInterval(reading));

  const iotop = servers.use(
    startBinary(
      [
        `jsonl=${paths.jsonl}`,
        `csv=${paths.csv},fields=comm+write_bytes`,
        `report=${paths.report},format=json,rows=1000`,
        `statsd=${statsd.place.text},prefix=udp,host=off`,
        `statsd=tcp:${tcp.text},prefix=tcp,host=off`,
        `statsd=unix:${paths.stream},prefix=unix,host=off`,
        `statsd=unixgram:${paths.datagrams},host=off`,
        ...(collectd === null
          ? []
          : [`statsd=${collectd.place.text},host=off`]),
        `prometheus=${offered}`,
        `prometheus=unix:${paths.scrape},created`,
        `prometheus=${paths.prom},every=0.1`,
      ].reduce((args, output) => [...args, "--output", output], ["-d", "0.3"]),
    ),
  );
  const ask = (url: string, init: BunFetchRequestInit = {}) =>
    eventually(
      async () => {
        const reply = await fetch(url, init).catch(() => null);
        return reply?.status === 200 ? reply.text() : null;
      },
      (text) => text !== null,
    ) as Promise<string>;
  const askPort = (headers = {}) =>
    ask(`http://${offered}/metrics`, { headers });
  await askPort();
  await runPrograms();
  const hasAll = (values: MetricValues): boolean =>
    Number(values.get(`iotop_group_ended_tasks_total ${PROGRAM_NAME}`)) ===
    PROGRAMS;
  const text = await eventually(askPort, (body) => hasAll(metricsOf(body)));
  const open = { Accept: "application/openmetrics-text" };
  const openMetrics = [
    await askPort(open),
    await ask("http://x/metrics", { unix: paths.scrape, headers: open }),
  ] as const;
  const scrape = (server: typeof prometheus) =>
    server === null
      ? null
      : eventually(() => server.values('{__name__=~"iotop_.*"}'), hasAll);
  const [scraped, alsoScraped, textfile] = await Promise.all([
    scrape(prometheus),
    scrape(victoria),
    exporter === null
      ? null
      : eventually(exporter.read, (body) => hasAll(looseMetricsOf(body))),
  ]);
  const [socketMode, textfileMode] = [paths.scrape, paths.prom].map(
    (path) => statSync(path).mode & 0o777,
  ) as [number, number];

  iotop.kill("SIGTERM");
  const { status, stderr } = await iotop.exited;
  // All that it says is of the machine: whether delays are counted.
  expect([status, stderr]).toEqual([
    0,
    expect.not.stringMatching(/statsd|prometheus|csv|report|jsonl/),
  ]);
  expect(existsSync(paths.prom)).toBe(false);
  const records = parseLines(readFileSync(paths.jsonl, "utf8"));
  const written = sumOver(records, "write_bytes");
  const arrived = (values: Values, prefix: string): boolean =>
    values.get(`${prefix}.tasks.write_bytes`) === written;
  return {
    records,
    statsd: await eventually(statsd.counters, (values) =>
      ["udp", "tcp", "unix"].every((prefix) => arrived(values, prefix)),
    ),
    datagramLines: [...datagrams, ...peer.read()].join("\n").split("\n"),
    collectd:
      collectd === null
        ? null
        : await eventually(collectd.counters, (values) =>
            arrived(values, "iotop"),
          ),
    collectdLog: collectd?.log() ?? "",
    scraped: { prometheus: scraped, "victoria-metrics": alsoScraped },
    ...{ textfile, text, openMetrics, socketMode, textfileMode },
    report: readFileSync(paths.report, "utf8"),
    csv: readFileSync(paths.csv, "utf8"),
  };
}

/** dd under a name of its own, so that nobody else's counts. */
async function runPrograms(): Promise<void> {
  using disk = diskFolder();
  const program = join(disk.path, PROGRAM_NAME);
  copyFileSync(Bun.which("dd")!, program);
  for (let n = 0; n < PROGRAMS; n++) {
    const child = Bun.spawn([
      program,
      ...["if=/dev/zero", `of=${join(disk.path, `${n}`)}`],
      ...[`bs=${PROGRAM_BYTES}`, "count=1", "status=none"],
    ]);
    expect(await child.exited).toBe(0);
  }
}

/** node_exporter with nothing but the files of a folder. */
async function startExporter(folder: string) {
  const { text: place } = ownPlace();
  const exporter = Bun.spawn(
    [
      "prometheus-node-exporter",
      "--collector.disable-defaults",
      "--collector.textfile",
      `--collector.textfile.directory=${folder}`,
      `--web.listen-address=${place}`,
    ],
    { stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  );
  const read = () =>
    fetch(`http://${place}/metrics`)
      .then((reply) => reply.text())
      .catch(() => "");
  const stop = async (): Promise<void> => {
    exporter.kill("SIGTERM");
    await exporter.exited;
  };
  return { read, [Symbol.asyncDispose]: stop };
}

/** @throws Error for what is not in the strict form */
export const metricsOf = (exposition: string): MetricValues =>
  new Map(
    parseExposition(exposition).flatMap(({ points }) =>
      points.map(({ name, labels, value }): [string, string] => [
        [name, ...Object.values(labels)].join(" "),
        value,
      ]),
    ),
  );

/** Of a server that adds metrics of its own, and has exponents in big numbers. */
export const looseMetricsOf = (text: string): MetricValues =>
  new Map(
    [...text.matchAll(/^(iotop_\w+)(?:\{\w+="([^"]*)"\})? (\S+)$/gm)].map(
      ([, name, label, value]) => [
        label === undefined ? name! : `${name} ${label}`,
        `${Number(value)}`,
      ],
    ),
  );

export type SummedKey = "read_bytes" | "write_bytes" | "cancelled_write_bytes";

/** Of JSON lines up to a moment: of all tasks, or of those with a name. */
export function sumOver(
  records: readonly SampleRecord[],
  key: SummedKey,
  untilMs = Infinity,
): number {
  return records
    .filter(({ time_ms }) => time_ms <= untilMs)
    .reduce((sum, { total }) => sum + total[key]!, 0);
}

export const sumOfPrograms = (
  records: readonly SampleRecord[],
  key: SummedKey,
  untilMs = Infinity,
): number =>
  records
    .filter(({ time_ms }) => time_ms <= untilMs)
    .flatMap(({ tasks }) => tasks)
    .filter(({ comm }) => comm === PROGRAM_NAME)
    .reduce((sum, task) => sum + task[key]!, 0);
