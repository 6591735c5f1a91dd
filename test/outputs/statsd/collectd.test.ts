/** Against the strictest parser: every line is accepted and every byte arrives. */
import { expect, test } from "bun:test";
import { hasCollectd, startCollectd } from "../../support/collectd-server.ts";
import { eventually } from "../../support/eventually.ts";
import { generateRun, sumOverRun } from "../../support/generated-run.ts";
import { openStatsd } from "../../support/statsd-output.ts";

/** Skipped where collectd is not installed, except in CI: there its absence is a failure. */
const skipped = !hasCollectd && process.env["CI"] !== "true";

const REFUSED = "Unable to parse line";

test.skipIf(skipped).each(["none", "graphite", "influx"])(
  "collectd gets every byte of 120 groups and refuses no line of dialect %s",
  async (tags) => {
    const samples = generateRun(120, 20);
    const readBytes = sumOverRun(samples, "readBytes");
    await using server = await startCollectd();
    await using output = await openStatsd(server.port, { tags, host: "db1" });
    await output.write(...samples);
    const group = /^iotop\.db1\.(comm\.\w+\.|group\.)read_bytes($|[,;])/;
    const sumOfGroups = () =>
      [...server.counters()]
        .filter(([name]) => group.test(name))
        .reduce((total, [, value]) => total + value, 0);
    // collectd writes one file after the other.
    await eventually(sumOfGroups, (sum) => sum >= readBytes, 10_000);
    expect(sumOfGroups()).toBe(readBytes);
    const { tasks } = samples.at(-1)!.host;
    await eventually(
      () => [
        server.counters().get("iotop.db1.tasks.read_bytes"),
        server.gauges().get("iotop.db1.tasks.count"),
      ],
      (now) => now[0] === readBytes && now[1] === tasks,
    );
    expect(server.log()).not.toContain(REFUSED);
    expect(output.warned).toEqual([]);
  },
  30_000,
);

test.skipIf(skipped)(
  "collectd refuses tags of dogstatsd, and its log tells",
  async () => {
    await using server = await startCollectd();
    await using output = await openStatsd(server.port, { tags: "dogstatsd" });
    await output.write(...generateRun(5, 2));
    await eventually(
      () => server.log(),
      (log) => log.includes(REFUSED),
    );
    expect(server.log()).toContain(`${REFUSED}: "iotop.group.`);
  },
  30_000,
);
