/** Every server gets the integers of the JSON lines of the same run, and 60 short programs under their name. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary } from "../support/binary.ts";
import {
  PROGRAMS,
  PROGRAM_BYTES,
  PROGRAM_NAME,
  looseMetricsOf,
  metricsOf,
  runFleet,
  sumOfPrograms,
  sumOver,
  type Fleet,
} from "../support/servers/fleet.ts";
import { lackOf, needing, type Lack } from "../support/needs.ts";
import type { MetricValues } from "../support/servers/prometheus-server.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const folder = mkdtempSync(join(tmpdir(), "iotop-fleet-"));
afterAll(() => rmSync(folder, { recursive: true }));

let fleet: Fleet;
beforeAll(async () => {
  if (TASKSTATS_REFUSAL === null) fleet = await runFleet(folder);
});

const KEYS = ["read_bytes", "write_bytes", "cancelled_write_bytes"] as const;

/** Counters of the program, of all groups and of all tasks, by their sums up to a moment. */
function expectSums(
  counterOf: (what: "program" | "groups" | "tasks", key: string) => unknown,
  untilMs?: number,
): void {
  const { records } = fleet;
  for (const key of KEYS) {
    const total = sumOver(records, key, untilMs);
    const what = [counterOf("groups", key), counterOf("tasks", key)];
    expect([key, ...what]).toEqual([key, total, total]);
  }
  const written = sumOfPrograms(records, "write_bytes", untilMs);
  expect(counterOf("program", "write_bytes")).toBe(written);
  expect(written).toBeGreaterThanOrEqual(PROGRAMS * PROGRAM_BYTES);
}

/** Running sums are those up to the sample that they are of. */
function expectMetrics(values: MetricValues): void {
  const atS = Number(values.get("iotop_sample_timestamp_seconds"));
  expectSums(
    (what, key) => {
      const group = `iotop_group_${key}_total `;
      if (what === "program") return Number(values.get(group + PROGRAM_NAME));
      if (what === "tasks")
        return Number(values.get(`iotop_tasks_${key}_total`));
      return [...values]
        .filter(([name]) => name.startsWith(group))
        .reduce((sum, [, value]) => sum + Number(value), 0);
    },
    Math.round(atS * 1000),
  );
}

const expectCounters = (
  values: ReadonlyMap<string, number>,
  prefix: string,
): void =>
  expectSums((what, key) => {
    if (what === "program")
      return values.get(`${prefix}.comm.${PROGRAM_NAME}.${key}`);
    if (what === "tasks") return values.get(`${prefix}.tasks.${key}`);
    const group = new RegExp(`^${prefix}\\.comm\\.\\w+\\.${key}$`);
    return [...values]
      .filter(([name]) => group.test(name))
      .reduce((sum, [, value]) => sum + value, 0);
  });

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("statsd"), () => {
  test.each(["udp", "tcp", "unix"])("npm statsd, by %s", (prefix) => {
    expectCounters(fleet.statsd, prefix);
    expect(fleet.statsd.get("statsd.bad_lines_seen")).toBe(0);
  });

  test("a Unix datagram socket", () => {
    const sums = new Map<string, number>();
    for (const line of fleet.datagramLines) {
      const [, name, value, type] = /^([\w.]+):(\d+(?:\.\d+)?)\|([cg])$/.exec(
        line,
      )!;
      if (type === "c") sums.set(name!, (sums.get(name!) ?? 0) + Number(value));
    }
    expectCounters(sums, "iotop");
  });

  const NO_COLLECTD = lackOf("collectd");
  test.skipIf(NO_COLLECTD !== null)(needing("collectd", NO_COLLECTD), () => {
    expectCounters(fleet.collectd!, "iotop");
    expect(fleet.collectdLog).not.toContain("Unable to parse line");
  });
});

describe.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("what is offered to Prometheus"),
  () => {
    for (const server of ["prometheus", "victoria-metrics"] as const)
      test.skipIf(lackOf(server) !== null)(
        needing(server, lackOf(server)),
        () => expectMetrics(fleet.scraped[server]!),
      );

    const NO_EXPORTER = lackOf("prometheus-node-exporter");
    test.skipIf(NO_EXPORTER !== null)(
      needing("node_exporter, from a text file", NO_EXPORTER),
      () => {
        const text = fleet.textfile!;
        expect(text).toContain("\nnode_textfile_scrape_error 0\n");
        expectMetrics(looseMetricsOf(text));
      },
    );

    const NO_PROMTOOL = lackOf("promtool");
    test.skipIf(NO_PROMTOOL !== null)(
      needing("promtool, which has nothing to say", NO_PROMTOOL),
      () => {
        expectMetrics(metricsOf(fleet.text));
        const { exitCode, stdout, stderr } = Bun.spawnSync(
          ["promtool", "check", "metrics"],
          { stdin: Buffer.from(fleet.text) },
        );
        expect([exitCode, `${stdout}`, `${stderr}`]).toEqual([0, "", ""]);
      },
    );

    /** The system's, as packages of the system are for no other. */
    const PYTHON = "/usr/bin/python3";
    const NO_PARSER: Lack =
      lackOf(PYTHON) ??
      (Bun.spawnSync([
        PYTHON,
        "-c",
        "import prometheus_client.openmetrics.parser",
      ]).exitCode === 0
        ? null
        : "python3-prometheus-client");
    const PARSE = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(sample.name, *sample.labels.values(), repr(float(sample.value)), sep="\\t")
`;

    test.skipIf(NO_PARSER !== null).each([0, 1])(
      needing("the strictest parser of OpenMetrics, %d", NO_PARSER),
      (at) => {
        const text = fleet.openMetrics[at]!;
        expect(text.includes("_created")).toBe(at === 1);
        const { stdout, stderr } = Bun.spawnSync([PYTHON, "-c", PARSE], {
          stdin: Buffer.from(text),
        });
        expect(`${stderr}`).toBe("");
        const lines = `${stdout}`.trimEnd().split("\n");
        expect(lines).toHaveLength(text.match(/^(?!#)./gm)!.length);
        expectMetrics(
          new Map(
            lines.map((line) => {
              const fields = line.split("\t");
              return [fields.slice(0, -1).join(" "), fields.at(-1)!];
            }),
          ),
        );
      },
    );

    test("who may read them", () => {
      expect([fleet.socketMode, fleet.textfileMode]).toEqual([0o600, 0o644]);
    });
  },
);

test.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("report and CSV"),
  () => {
    const written = sumOfPrograms(fleet.records, "write_bytes");
    const { groups, other, total } = JSON.parse(fleet.report);
    for (const key of KEYS) {
      const sum = groups.reduce(
        (bytes: number, group: Readonly<Record<string, number>>) =>
          bytes + group[key]!,
        other[key],
      );
      const wanted = sumOver(fleet.records, key);
      expect([key, sum, total[key]]).toEqual([key, wanted, wanted]);
    }
    const mine = groups.find(
      ({ name }: { readonly name: string }) => name === PROGRAM_NAME,
    );
    expect(mine).toMatchObject({ write_bytes: written, ended: PROGRAMS });
    const rows = fleet.csv
      .split("\n")
      .filter((line) => line.startsWith(`${PROGRAM_NAME},`));
    expect(
      rows.reduce((sum, line) => sum + Number(line.split(",")[1]), 0),
    ).toBe(written);
  },
);
