/** Against the reference server: nothing is lost, nothing is misread, and an outage is told once. */
import { describe, expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { DIALECTS } from "../../../outputs/statsd/lines.ts";
import type { Resolve } from "../../../outputs/statsd/address-watch.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { eventually } from "../../support/eventually.ts";
import { freePort } from "../../support/free-port.ts";
import { generateRun, sumOverRun } from "../../support/generated-run.ts";
import { makeSample, row } from "../../support/samples.ts";
import { openStatsd } from "../../support/statsd-output.ts";
import { startStatsd, type Values } from "../../support/statsd-server.ts";

/** Sum of one field over all groups, whatever way the dialect names them. */
function sumOfGroups(counters: Values, field: string): number {
  const plain = new RegExp(`\\.comm\\.\\w+\\.${field}$`);
  const tagged = new RegExp(`\\.group\\.${field};comm=`);
  return [...counters]
    .filter(([name]) => plain.test(name) || tagged.test(name))
    .reduce((sum, [, value]) => sum + value, 0);
}

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === "::1");

const has = (name: string, value: number) => (counters: Values) =>
  counters.get(name) === value;

describe("npm statsd", () => {
  // It does not speak Influx: it deletes the comma. The totals must be right all the same.
  test.each(DIALECTS)(
    "gets every byte of 120 groups in dialect %s",
    async (tags) => {
      const samples = generateRun(120, 20);
      const readBytes = sumOverRun(samples, "readBytes");
      await using server = await startStatsd();
      await using output = await openStatsd(server.port, { tags, host: "db1" });
      await output.write(...samples);
      const counters = await eventually(
        () => server.counters(),
        has("iotop.db1.tasks.read_bytes", readBytes),
      );
      expect(counters.get("statsd.bad_lines_seen")).toBe(0);
      for (const [field, counter] of [
        ["write_bytes", "writeBytes"],
        ["cancelled_write_bytes", "cancelledBytes"],
      ] as const)
        expect(counters.get(`iotop.db1.tasks.${field}`)).toBe(
          sumOverRun(samples, counter),
        );
      expect(counters.get("iotop.db1.tasks.io_delay_ms")).toBe(
        Math.floor(sumOverRun(samples, "ioWaitNs") / 1e6),
      );
      expect(counters.get("iotop.db1.disk.write_bytes")).toBe(1024 * 190);
      if (tags !== "influx") {
        expect(sumOfGroups(counters, "read_bytes")).toBe(readBytes);
        const waitedMs = sumOfGroups(counters, "io_delay_ms");
        const owed = sumOverRun(samples, "ioWaitNs") / 1e6 - waitedMs;
        expect(owed).toBeGreaterThanOrEqual(0);
        expect(owed).toBeLessThan(101);
      }
      const gauges = await server.gauges();
      expect(gauges.get("iotop.db1.tasks.count")).toBe(
        samples.at(-1)!.host.tasks,
      );
      expect(output.warned).toEqual([]);
    },
    20_000,
  );
});

describe("a server", () => {
  const sample = makeSample({
    threads: [row({ tid: 1, comm: "dd", readBytes: 4096 })],
  });
  /** Refusals arrive a moment after the send that caused them. */
  const settle = () => Bun.sleep(30);

  test("that is down, comes, goes and comes again is told of once each", async () => {
    const port = await freePort();
    const place = `127.0.0.1:${port}`;
    const down = `${place}: nothing listens there (ECONNREFUSED); metrics are lost until this ends`;
    await using output = await openStatsd(port);
    const writeAll = async (times: number) => {
      for (let index = 0; index < times; index++) {
        await output.write(sample);
        await settle();
      }
    };
    await writeAll(4);
    expect(output.warned).toEqual([down]);

    for (const round of [1, 2]) {
      const server = await startStatsd(port);
      await writeAll(5);
      const counters = await eventually(
        () => server.counters(),
        has("iotop.db1.tasks.read_bytes", 5 * 4096),
      );
      expect(counters.get("statsd.bad_lines_seen")).toBe(0);
      expect(output.warned).toHaveLength(2 * round);
      expect(output.warned.at(-1)).toMatch(
        /^127\.0\.0\.1:\d+ is reachable; at least [1-9]\d* datagrams were lost$/,
      );
      await server.stop();
      await writeAll(4);
      expect(output.warned).toHaveLength(2 * round + 1);
      expect(output.warned.at(-1)).toBe(down);
    }
  }, 30_000);

  test("whose name is unknown at start gets metrics once it is known", async () => {
    await using server = await startStatsd();
    let known = false;
    const resolve: Resolve = async () => {
      if (known) return { address: "127.0.0.1", family: 4 };
      throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
    };
    await using output = await openStatsd(
      `stats.test:${server.port}`,
      {},
      { resolve, retryMs: 20 },
    );
    await output.write(sample, sample);
    expect(output.warned).toEqual([
      `stats.test:${server.port}: no such host name (ENOTFOUND); metrics are lost until this ends`,
    ]);
    known = true;
    await Bun.sleep(200);
    await output.write(sample);
    await eventually(
      () => server.counters(),
      has("iotop.db1.tasks.read_bytes", 4096),
    );
    await output.write(sample, sample, sample);
    expect(output.warned).toHaveLength(2);
    expect(output.warned[1]).toEndWith("at least 2 datagrams were lost");
  }, 20_000);

  test("is waited for by the first sample while its name is resolved", async () => {
    await using server = await startStatsd();
    const resolve: Resolve = async () => {
      await Bun.sleep(100);
      return { address: "127.0.0.1", family: 4 };
    };
    await using output = await openStatsd(
      `stats.test:${server.port}`,
      {},
      { resolve },
    );
    await output.write(sample);
    await eventually(
      () => server.counters(),
      has("iotop.db1.tasks.read_bytes", 4096),
    );
    expect(output.warned).toEqual([]);
  }, 20_000);

  test("that moves to another address is followed, and kept when its name fails", async () => {
    const received: string[] = [];
    const listen = (hostname: string, port?: number) =>
      Bun.udpSocket({
        hostname,
        ...(port === undefined ? {} : { port }),
        socket: { data: () => void received.push(hostname) },
      });
    const first = await listen("127.0.0.1");
    const second = await listen("127.0.0.2", first.port);
    let address: string | null = "127.0.0.1";
    const resolve: Resolve = async () => {
      if (address === null) throw new Error("the name server is down");
      return { address, family: 4 };
    };
    await using output = await openStatsd(
      `stats.test:${first.port}`,
      {},
      { resolve, renewMs: 20, retryMs: 20 },
    );
    const writeAt = async (where: string | null) => {
      address = where;
      await Bun.sleep(100);
      const before = received.length;
      await output.write(sample);
      return (
        await eventually(
          () => received.slice(before),
          (new_) => new_.length > 0,
        )
      )[0];
    };
    expect(await writeAt("127.0.0.1")).toBe("127.0.0.1");
    expect(await writeAt("127.0.0.2")).toBe("127.0.0.2");
    expect(await writeAt(null)).toBe("127.0.0.2");
    expect(output.warned).toEqual([]);
    first.close();
    second.close();
  }, 10_000);

  test.skipIf(!hasIpv6)(
    "can be an IPv6 address",
    async () => {
      const received: string[] = [];
      const socket = await Bun.udpSocket({
        hostname: "::1",
        socket: { data: (_, bytes) => void received.push(bytes.toString()) },
      });
      await using output = await openStatsd(`[::1]:${socket.port}`);
      await output.write(sample);
      await eventually(
        () => received.length,
        (count) => count === 1,
      );
      expect(received[0]).toContain("iotop.db1.tasks.read_bytes:4096|c\n");
      expect(output.warned).toEqual([]);
      socket.close();
    },
    10_000,
  );

  test("gets more datagrams than a receive buffer holds", async () => {
    let received = 0;
    const socket = await Bun.udpSocket({
      hostname: "127.0.0.1",
      socket: { data: () => void received++ },
    });
    await using output = await openStatsd(socket.port, {
      "max-groups": 10_000,
    });
    const threads = Array.from({ length: 6000 }, (_, index) =>
      row({ tid: index + 1, comm: `name${index}`, readBytes: 1024 }),
    );
    const busy = makeSample({ threads });
    // 12 lines, then 6,011: 1 datagram, then 177.
    await output.write(busy, busy);
    await eventually(
      () => received,
      (count) => count === 1 + 177,
    );
    // One after the other without an interval between them, as in a replay.
    received = 0;
    await output.write(...Array<Sample>(200).fill(sample));
    await eventually(
      () => received,
      (count) => count === 200,
    );
    expect(output.warned).toEqual([]);
    socket.close();
  }, 20_000);

  test("too far behind loses the rest of a sample, and is told of once", async () => {
    const threads = Array.from({ length: 3000 }, (_, index) =>
      row({ tid: index + 1, comm: `name${index}`, readBytes: 1024 }),
    );
    const short = makeSample({ threads, intervalNs: 2e7 });
    const received: number[] = [];
    const socket = await Bun.udpSocket({
      hostname: "127.0.0.1",
      socket: { data: (_, bytes) => void received.push(bytes.length) },
    });
    await using output = await openStatsd(socket.port, {
      "max-groups": 10_000,
    });
    await output.write(short, short, short);
    expect(output.warned).toHaveLength(1);
    expect(output.warned[0]).toMatch(
      /^\d+ datagrams a sample are too many for this interval, \d+ are dropped: /,
    );
    await eventually(
      () => received.length,
      (count) => count === 1 + 32 + 32,
    );
    expect(Math.max(...received)).toBeLessThanOrEqual(1432);
    socket.close();
  }, 10_000);
});
