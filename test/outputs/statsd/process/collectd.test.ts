// waits: it starts servers
/** Against the strictest parser: every line is accepted and every byte arrives. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { startCollectd } from "../../../support/servers/collectd-server.ts";
import { eventually } from "../../../support/eventually.ts";
import {
  generateRun,
  sumOverRun,
} from "../../../support/runs/generated-run.ts";
import { lackOf, needing } from "../../../support/needs.ts";
import { queuedBytes } from "../../../support/servers/own-place.ts";
import {
  namesTaken,
  openStatsd,
} from "../../../support/servers/statsd-output.ts";

setDefaultTimeout(120_000);

const LACK = lackOf("collectd");

const REFUSED = "Unable to parse line";

test.skipIf(LACK !== null).each(["none", "graphite", "influx"])(
  needing(
    "collectd gets every byte of 120 groups and refuses no line of dialect %s",
    LACK,
  ),
  async (tags) => {
    const samples = generateRun(120, 20);
    const readBytes = sumOverRun(samples, "readBytes");
    await using server = await startCollectd();
    await using output = await openStatsd(server.place.text, {
      tags,
      // In this dialect the host would be a tag.
      ...(tags === "influx"
        ? { prefix: "iotop.db1", host: "off" }
        : { host: "db1" }),
    });
    const group = /^iotop\.db1\.(comm\.\w+\.|group\.)read_bytes($|[,;])/;
    const sumOfGroups = () =>
      [...server.counters()]
        .filter(([name]) => group.test(name))
        .reduce((total, [, value]) => total + value, 0);
    // Where collectd seldom runs, more at a time than its receive buffer holds would be lost.
    for (const sample of samples) {
      await output.write(sample);
      await eventually(
        () => queuedBytes(server.place),
        (bytes) => bytes === 0,
      );
    }
    // collectd writes one file after the other.
    await eventually(sumOfGroups, (sum) => sum >= readBytes);
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
    expect(output.warned).toEqual([namesTaken(100)]);
  },
);

test.skipIf(LACK !== null)(
  needing("collectd refuses tags of dogstatsd, and its log says so", LACK),
  async () => {
    await using server = await startCollectd();
    await using output = await openStatsd(server.place.text, {
      tags: "dogstatsd",
    });
    await output.write(...generateRun(5, 2));
    await eventually(
      () => server.log(),
      (log) => log.includes(REFUSED),
    );
    expect(server.log()).toContain(`${REFUSED}: "iotop.group.`);
  },
);
