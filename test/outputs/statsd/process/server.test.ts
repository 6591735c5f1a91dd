// waits: it starts servers
/** Against the reference server: nothing is lost, nothing is misread, and an outage is told once. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { DIALECTS } from "../../../../outputs/statsd/lines.ts";
import type { Resolve } from "../../../../outputs/statsd/address-watch.ts";
import type { Sample } from "../../../../src/model/sample.ts";
import { FakeClock, turn } from "../../../support/fake-clock.ts";
import { eventually } from "../../../support/eventually.ts";
import {
  generateRun,
  sumOverRun,
} from "../../../support/runs/generated-run.ts";
import {
  ownPlace,
  placeOf,
  queuedBytes,
} from "../../../support/servers/own-place.ts";
import { needing } from "../../../support/needs.ts";
import { makeSample, row } from "../../../support/samples.ts";
import {
  namesTaken,
  openStatsd,
} from "../../../support/servers/statsd-output.ts";
import {
  startStatsd,
  type Values,
} from "../../../support/servers/statsd-server.ts";

setDefaultTimeout(120_000);

/** Sum of one field over all groups, whatever way the dialect names them. */
function sumOfGroups(counters: Values, field: string): number {
  const plain = new RegExp(`\\.comm\\.\\w+\\.${field}$`);
  const tagged = new RegExp(`\\.group\\.${field};comm=`);
  return [...counters]
    .filter(([name]) => plain.test(name) || tagged.test(name))
    .reduce((sum, [, value]) => sum + value, 0);
}

const NO_IPV6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === "::1")
  ? null
  : "the address ::1";

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
      // Where the host would be a tag, it is put into the prefix.
      const isPlain = tags === "none" || tags === "graphite";
      await using output = await openStatsd(server.place.text, {
        tags,
        ...(isPlain ? { host: "db1" } : { prefix: "iotop.db1", host: "off" }),
      });
      // Where the server seldom runs, more at a time than its receive buffer holds would be lost.
      for (const sample of samples) {
        await output.write(sample);
        await eventually(
          () => queuedBytes(server.place),
          (bytes) => bytes === 0,
        );
      }
      // When this has come, all that was sent before it has.
      const { tasks } = samples.at(-1)!.host;
      await output.write(makeSample({ host: { diskReadBytes: 1, tasks } }));
      const counters = await eventually(
        () => server.counters(),
        has("iotop.db1.disk.read_bytes", 512 * 190 + 1),
      );
      expect(counters.get("iotop.db1.tasks.read_bytes")).toBe(readBytes);
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
      expect(gauges.get("iotop.db1.tasks.count")).toBe(tasks);
      // 120 groups are too many for 100 names.
      expect(output.warned).toEqual([namesTaken(100)]);
    },
  );
});

test("the names being too few is told of once, but not if there are to be none", async () => {
  await using server = await startStatsd();
  for (const [maxGroups, told] of [
    [119, 1],
    [120, 0],
    [0, 0],
  ] as const) {
    const options = { "max-groups": maxGroups };
    await using output = await openStatsd(server.place.text, options);
    await output.write(...generateRun(121, 3));
    expect(output.warned).toEqual(told === 0 ? [] : [namesTaken(maxGroups)]);
  }
});

describe("a server", () => {
  const sample = makeSample({
    threads: [row({ tid: 1, comm: "dd", readBytes: 4096 })],
  });
  const READ = "iotop.db1.tasks.read_bytes";
  const WRITTEN = "iotop.db1.tasks.write_bytes";
  /** What comes after all that was sent before it. */
  const marker = makeSample({
    threads: [row({ tid: 1, comm: "dd", writeBytes: 4096 })],
  });

  test("that is down, comes, goes and comes again is told of once each", async () => {
    const place = ownPlace();
    const down = `${place.text}: nothing listens there (ECONNREFUSED); metrics are lost until this is over`;
    await using output = await openStatsd(place.text);
    /** Refusals arrive some time after the send that caused them, and calm lasts for some samples. */
    const writeUntilWarned = async (times: number) => {
      await eventually(
        async () => {
          await output.write(sample);
          return output.warned;
        },
        (warned) => warned.length >= times,
      );
      expect(output.warned).toHaveLength(times);
      return output.warned.at(-1);
    };
    expect(await writeUntilWarned(1)).toBe(down);

    for (const round of [1, 2]) {
      await output.write(sample, sample);
      await using server = await startStatsd(place);
      expect(await writeUntilWarned(2 * round)).toMatch(
        /^127\.[0-9.]+:\d+ is reachable; at least [1-9]\d* datagrams were lost$/,
      );
      const readAfter = async (markers: number) => {
        await output.write(marker);
        const counters = await eventually(
          () => server.counters(),
          has(WRITTEN, markers * 4096),
        );
        expect(counters.get("statsd.bad_lines_seen")).toBe(0);
        return counters.get(READ)!;
      };
      const before = await readAfter(1);
      await output.write(...Array<Sample>(5).fill(sample));
      expect(await readAfter(2)).toBe(before + 5 * 4096);
      await server.stop();
      expect(await writeUntilWarned(2 * round + 1)).toBe(down);
    }
  });

  test("whose name is unknown at start gets metrics once it is known", async () => {
    await using server = await startStatsd();
    const { address, port } = server.place;
    const clock = new FakeClock();
    let known = false;
    const resolve: Resolve = async () => {
      if (known) return { address, family: 4 };
      throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
    };
    await using output = await openStatsd(
      `stats.test:${port}`,
      {},
      { resolve, sleep: (ms, signal) => clock.sleep(ms, signal) },
    );
    await output.write(sample, sample);
    await clock.advance(60_000);
    expect(output.warned).toEqual([
      `stats.test:${port}: no such host name (ENOTFOUND); metrics are lost until this is over`,
    ]);
    known = true;
    await clock.advance(5000);
    await eventually(
      async () => {
        await output.write(sample);
        return output.warned.length;
      },
      (count) => count === 2,
    );
    expect(output.warned[1]).toMatch(/ is reachable; at least \d+ datagrams /);
    const counters = await eventually(
      () => server.counters(),
      (all) => (all.get(READ) ?? 0) >= 3 * 4096,
    );
    expect(counters.get(READ)! % 4096).toBe(0);
  });

  describe("whose name takes its time", () => {
    const open = async (port: number) => {
      const clock = new FakeClock();
      const answer = Promise.withResolvers<{
        address: string;
        family: number;
      }>();
      const output = await openStatsd(
        `stats.test:${port}`,
        {},
        {
          resolve: () => answer.promise,
          sleep: (ms, signal) => clock.sleep(ms, signal),
        },
      );
      return { clock, output, answer };
    };

    test("is waited for by the first sample", async () => {
      await using server = await startStatsd();
      const { address, port } = server.place;
      const { clock, output, answer } = await open(port);
      await using _output = output;
      const writing = output.write(sample);
      await clock.advance(499);
      answer.resolve({ address, family: 4 });
      await writing;
      await eventually(() => server.counters(), has(READ, 4096));
      expect(output.warned).toEqual([]);
    });

    test("is waited for during half of an interval, and no longer", async () => {
      const { clock, output } = await open(ownPlace().port);
      let isWritten = false;
      const writing = output.write(sample).then(() => (isWritten = true));
      await clock.advance(499);
      expect(isWritten).toBe(false);
      await clock.advance(1);
      await writing;
      expect(clock.nowMs).toBe(500);
      await output[Symbol.asyncDispose]();
      expect(output.warned).toEqual([
        expect.stringContaining("at least 1 datagram was lost"),
      ]);
    });
  });

  test("that moves to another address is followed, and kept when its name fails", async () => {
    const received: string[] = [];
    const here = ownPlace();
    const there = placeOf(here.port, 1);
    const listen = ({ address, port }: typeof here) =>
      Bun.udpSocket({
        hostname: address,
        port,
        socket: { data: () => void received.push(address) },
      });
    const first = await listen(here);
    const second = await listen(there);
    const clock = new FakeClock();
    let address: string | null = here.address;
    const resolve: Resolve = async () => {
      if (address === null) throw new Error("the name server is down");
      return { address, family: 4 };
    };
    await using output = await openStatsd(
      `stats.test:${here.port}`,
      {},
      { resolve, sleep: (ms, signal) => clock.sleep(ms, signal) },
    );
    const writeAt = async (where: string | null, arrivesAt: string) => {
      address = where;
      await clock.advance(30_000);
      await eventually(
        async () => {
          await output.write(sample);
          return received.at(-1);
        },
        (last) => last === arrivesAt,
      );
    };
    await writeAt(here.address, here.address);
    await writeAt(there.address, there.address);
    await writeAt(null, there.address);
    await turn();
    expect(received.at(-1)).toBe(there.address);
    expect(output.warned).toEqual([]);
    first.close();
    second.close();
  });

  test.skipIf(NO_IPV6 !== null)(
    needing("can be an IPv6 address", NO_IPV6),
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
    // 6,011 lines each.
    await output.write(busy, busy);
    await eventually(
      () => received,
      (count) => count === 2 * 177,
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
  });

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
      /^\d+ datagrams per sample are too many for this interval, \d+ are dropped: /,
    );
    await eventually(
      () => received.length,
      (count) => count === 3 * 32,
    );
    expect(Math.max(...received)).toBeLessThanOrEqual(1432);
    socket.close();
  });
});
