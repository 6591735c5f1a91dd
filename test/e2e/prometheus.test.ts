/** The built program, asked as Prometheus asks: its counters are the sums of its JSON lines. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary, runBinary, startBinary } from "../support/binary.ts";
import { makeCertificates } from "../support/certificates.ts";
import { eventually } from "../support/eventually.ts";
import { parseExposition, valuesOf } from "../support/exposition-parser.ts";
import { parseLines } from "../support/json-run.ts";
import { lackOf, needing, type Lack } from "../support/needs.ts";
import { ownPlace } from "../support/own-place.ts";
import { startPrometheus } from "../support/prometheus-server.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const NO_PROMTOOL = lackOf("promtool");
const NO_PROMETHEUS = lackOf("prometheus");
const NO_NODE_EXPORTER = lackOf("prometheus-node-exporter");
/** The system's, as packages of the system are for no other. */
const PYTHON = "/usr/bin/python3";
const NO_PARSER: Lack =
  lackOf(PYTHON) ??
  (Bun.spawnSync([PYTHON, "-c", "import prometheus_client.openmetrics.parser"])
    .exitCode === 0
    ? null
    : "python3-prometheus-client");

const OPEN = { Accept: "application/openmetrics-text" };

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-prom-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** iotop that is asked at a place, with its JSON lines in a file. */
async function startOffering(target: string, name: string, options = "") {
  const file = join(folder, `${name}.jsonl`);
  const running = startBinary([
    ...["-d", "0.3", "--output", `prometheus=${target}${options}`],
    ...["--output", `jsonl=${file}`],
  ]);
  const ask = (init: BunFetchRequestInit = {}) =>
    target.startsWith("unix:")
      ? fetch("http://x/metrics", { ...init, unix: target.slice(5) })
      : fetch(`http://${target}/metrics`, init);
  // Before the first sample, and where a busy machine holds up the next one, there is none.
  const body = async (headers: Readonly<Record<string, string>> = {}) => {
    const reply = await eventually(
      () => ask({ headers }).catch(() => null),
      (got) => got?.status === 200,
    );
    return reply!.text();
  };
  await body();
  return {
    body,
    /** The sum of a counter of all tasks up to a moment, in Unix seconds. */
    async sum(
      name: "read_bytes" | "write_bytes" | "cancelled_write_bytes",
      untilS: string,
    ) {
      // JSON lines are written beside: the sample that is answered may not be in the file yet.
      const records = await eventually(
        () => {
          const text = readFileSync(file, "utf8");
          return parseLines(text.slice(0, text.lastIndexOf("\n")));
        },
        (lines) =>
          lines.some(({ time }) => Date.parse(time) >= Number(untilS) * 1000),
      );
      return records
        .filter(
          ({ time }) => Date.parse(time) <= Math.round(Number(untilS) * 1000),
        )
        .reduce((sum, { total }) => sum + BigInt(total[name] ?? 0), 0n);
    },
    async [Symbol.asyncDispose]() {
      running.kill("SIGTERM");
      const { status, stderr } = await running.exited;
      expect([status, stderr]).toEqual([
        0,
        expect.not.stringContaining("prometheus"),
      ]);
      await running[Symbol.asyncDispose]();
    },
  };
}

/** Each lives for some milliseconds. */
const PROGRAMS = 60;

const COUNTERS = [
  "read_bytes",
  "write_bytes",
  "cancelled_write_bytes",
] as const;

/** dd under a name of its own writes a MiB, and ends. */
async function writeMebibyte(name: string): Promise<void> {
  using disk = diskFolder();
  const program = join(disk.path, name);
  copyFileSync(Bun.which("dd")!, program);
  const args = [
    "if=/dev/zero",
    `of=${join(disk.path, "written")}`,
    "bs=1M",
    "count=1",
  ];
  const child = Bun.spawn([program, ...args, "oflag=dsync", "status=none"]);
  expect(await child.exited).toBe(0);
}

describe.each([
  ["a port on loopback", () => ownPlace().text],
  ["a Unix socket", () => `unix:${join(folder, "metrics.sock")}`],
])("at %s", (title, placeOf) => {
  test("counters are the sums of JSON lines; a program of one interval has its name", async () => {
    const target = placeOf();
    const name = `promdd${title.length}`;
    await using iotop = await startOffering(target, name);
    if (target.startsWith("unix:"))
      expect(statSync(target.slice(5)).mode & 0o777).toBe(0o600);
    for (let n = 0; n < PROGRAMS; n++) await writeMebibyte(name);
    const families = await eventually(
      async () => parseExposition(await iotop.body()),
      (now) =>
        valuesOf(now, "iotop_group_ended_tasks_total").get(name) ===
        `${PROGRAMS}`,
    );
    const atS = valuesOf(families, "iotop_sample_timestamp_seconds").get("")!;
    const written = valuesOf(families, "iotop_group_write_bytes_total");
    expect(Number(written.get(name))).toBeGreaterThanOrEqual(PROGRAMS << 20);
    for (const counter of COUNTERS) {
      const total = valuesOf(families, `iotop_tasks_${counter}_total`).get("")!;
      expect([counter, BigInt(total)]).toEqual([
        counter,
        await iotop.sum(counter, atS),
      ]);
      const groups = valuesOf(families, `iotop_group_${counter}_total`);
      expect([...groups.values()].map(BigInt).reduce((a, b) => a + b)).toBe(
        BigInt(total),
      );
    }
  });
});

test.skipIf(NO_PROMTOOL !== null)(
  needing("promtool has nothing to say against it", NO_PROMTOOL),
  async () => {
    await using iotop = await startOffering(ownPlace().text, "promtool");
    const child = Bun.spawn(["promtool", "check", "metrics"], {
      stdin: new TextEncoder().encode(await iotop.body()),
      stdout: "pipe",
      stderr: "pipe",
    });
    const said = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect([await child.exited, ...said]).toEqual([0, "", ""]);
  },
);

test.skipIf(NO_NODE_EXPORTER !== null)(
  needing("node_exporter passes a file on as it is", NO_NODE_EXPORTER),
  async () => {
    const file = join(folder, "iotop.prom");
    const { text: place } = ownPlace();
    await using iotop = startBinary([
      ...["-d", "0.3", "--output", `prometheus=${file},every=1000`],
    ]);
    const ours = await eventually(
      () => readIfThere(file),
      (text) => text !== "",
    );
    expect(statSync(file).mode & 0o777).toBe(0o644);
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
    try {
      const theirs = await eventually(
        () =>
          fetch(`http://${place}/metrics`)
            .then((reply) => reply.text())
            .catch(() => ""),
        (text) => text.includes("node_textfile_scrape_error"),
      );
      expect(theirs).toContain("\nnode_textfile_scrape_error 0\n");
      const points = (text: string) =>
        text
          .split("\n")
          .filter((line) => line.startsWith("iotop_"))
          .map((line) => {
            const at = line.lastIndexOf(" ");
            return [line.slice(0, at), Number(line.slice(at + 1))] as const;
          })
          .sort(([a], [b]) => (a < b ? -1 : 1));
      // It sorts labels, and prints big numbers with an exponent.
      const sorted = ours.replace(
        /\{version=("[^"]*"),accounting=("[^"]*")\}/,
        "{accounting=$2,version=$1}",
      );
      expect(points(theirs)).toEqual(points(sorted));
    } finally {
      exporter.kill("SIGTERM");
      await exporter.exited;
    }
    iotop.kill("SIGTERM");
    expect((await iotop.exited).status).toBe(0);
    expect(
      readdirSync(folder).filter((name) => name.includes(".prom")),
    ).toEqual([]);
  },
);

const readIfThere = (path: string): string =>
  existsSync(path) ? readFileSync(path, "utf8") : "";

const PARSE = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
print(sum(len(family.samples) for family in text_string_to_metric_families(sys.stdin.read())))
`;

test.skipIf(NO_PARSER !== null).each(["", ",created=on"])(
  needing(
    "the strictest parser of OpenMetrics reads every line, with %j",
    NO_PARSER,
  ),
  async (options) => {
    await using iotop = await startOffering(ownPlace().text, "parser", options);
    const text = await iotop.body(OPEN);
    expect(text.includes("_created")).toBe(options !== "");
    const child = Bun.spawn([PYTHON, "-c", PARSE], {
      stdin: new TextEncoder().encode(text),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [count, errors] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
    ]);
    expect(errors).toBe("");
    expect(Number(count)).toBe(text.match(/^(?!#)./gm)!.length);
  },
);

test.skipIf(NO_PROMETHEUS !== null)(
  needing("Prometheus stores the same integers", NO_PROMETHEUS),
  async () => {
    const { text: place } = ownPlace();
    await using iotop = await startOffering(place, "server");
    await using server = await startPrometheus(place);
    const before = await eventually(
      () => server.values('{__name__=~"iotop_.*"}'),
      (values) => values.size > 0,
    );
    await writeMebibyte("promscraped");
    const values = await eventually(
      () => server.values('{__name__=~"iotop_.*"}'),
      (now) =>
        Number(now.get("iotop_group_write_bytes_total promscraped")) >= 1 << 20,
    );
    const name = "iotop_tasks_write_bytes_total";
    expect(Number(values.get(name))).toBeGreaterThan(Number(before.get(name)));
    const atS = values.get("iotop_sample_timestamp_seconds")!;
    for (const counter of COUNTERS) {
      const total = BigInt(values.get(`iotop_tasks_${counter}_total`)!);
      expect([counter, total]).toEqual([
        counter,
        await iotop.sum(counter, atS),
      ]);
      const groups = [...values].filter(([key]) =>
        key.startsWith(`iotop_group_${counter}_total `),
      );
      expect(groups.reduce((sum, [, value]) => sum + BigInt(value), 0n)).toBe(
        total,
      );
    }
  },
);

describe("with a web configuration file", () => {
  const LACK = lackOf("openssl");
  const USER = `Basic ${btoa("alice:secret")}`;

  test.skipIf(LACK !== null)(
    needing("a password and a certificate of the client are asked for", LACK),
    async () => {
      const { folder: keys, client } = makeCertificates(join(folder, "keys"));
      const config = join(keys, "web.yml");
      const hash = Bun.password.hashSync("secret", {
        algorithm: "bcrypt",
        cost: 10,
      });
      writeFileSync(
        config,
        `tls_server_config:
  cert_file: server.crt
  key_file: server.key
  client_ca_file: ca.crt
  client_auth_type: RequireAndVerifyClientCert
basic_auth_users:
  alice: ${hash.replace("$2b$", "$2y$")}
`,
      );
      const { text: place } = ownPlace();
      await using iotop = startBinary([
        ...["-d", "0.3", "--output"],
        `prometheus=127.0.0.1:${place.split(":")[1]},web-config=${config}`,
      ]);
      const ask = async (
        tls: Bun.TLSOptions,
        headers: Readonly<Record<string, string>>,
        scheme = "https",
      ) => {
        const url = `${scheme}://127.0.0.1:${place.split(":")[1]}/metrics`;
        // A connection that is kept would have been checked before.
        const init = { tls, headers, keepalive: false };
        const reply = await fetch(url, init).catch(() => null);
        return reply === null ? null : reply.status;
      };
      const authorized = { Authorization: USER };
      await eventually(
        () => ask(client("client"), authorized),
        (status) => status === 200,
      );
      expect(await ask(client("client"), {})).toBe(401);
      const wrong = { Authorization: `Basic ${btoa("alice:Secret")}` };
      expect(await ask(client("client"), wrong)).toBe(401);
      expect(await ask(client(), authorized)).toBeNull();
      expect(await ask(client("stranger"), authorized)).toBeNull();
      expect(await ask({}, authorized, "http")).toBeNull();
      expect(await ask(client("client"), authorized)).toBe(200);
      iotop.kill("SIGTERM");
      expect((await iotop.exited).status).toBe(0);
    },
  );

  test("one that is wrong is a usage error", async () => {
    const config = join(folder, "web.yml");
    writeFileSync(config, "basic_auth_users: {alice: secret}");
    const { status, stderr } = await runBinary([
      "--output",
      `prometheus,web-config=${config}`,
    ]);
    expect([status, stderr.trimEnd()]).toEqual([
      2,
      expect.stringMatching(
        /^iotop: prometheus: web-config \S+: basic_auth_users: "alice" needs a bcrypt hash[^\n]*$/,
      ),
    ]);
  });
});

test("a port that is taken ends it with what to do", async () => {
  using other = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data() {} },
  });
  const { status, stderr } = await runBinary([
    "--output",
    `prometheus=:${other.port}`,
  ]);
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining(
      `127.0.0.1:${other.port} is in use by another program`,
    ),
  ]);
});
