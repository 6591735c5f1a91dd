// waits: it opens ports
/** Lines by TCP and Unix streams: outages, slow servers, frames. */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { framePackets, restOf } from "../../../outputs/statsd/framing.ts";
import { StreamSender } from "../../../outputs/statsd/stream-sender.ts";
import type { StreamPlace } from "../../../outputs/statsd/target.ts";
import { Retry } from "../../../src/model/retry.ts";
import { eventually } from "../../support/eventually.ts";
import { generateRun, sumOverRun } from "../../support/runs/generated-run.ts";
import { ownPlace, queuedBytes } from "../../support/servers/own-place.ts";
import { openStatsd } from "../../support/servers/statsd-output.ts";
import { startStatsd } from "../../support/servers/statsd-server.ts";

setDefaultTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "iotop-stream-"));
afterAll(() => rmSync(folder, { recursive: true }));
let sockets = 0;

/** A server whose end, and whose patience, the test decides. */
function serve(place: StreamPlace) {
  let text = "";
  let connections = 0;
  const open = new Set<Bun.Socket<undefined>>();
  const server = Bun.listen<undefined>({
    ...(place.transport === "unix"
      ? { unix: place.path }
      : { hostname: place.host, port: place.port }),
    socket: {
      open: (socket) => {
        connections++;
        open.add(socket);
      },
      data: (_, bytes) => void (text += bytes.toString("latin1")),
      close: (socket) => void open.delete(socket),
    },
  } as Bun.TCPSocketListenOptions<undefined>);
  return {
    text: () => text,
    connections: () => connections,
    pause: () => open.forEach((socket) => socket.pause()),
    resume: () => open.forEach((socket) => socket.resume()),
    [Symbol.dispose]: () => {
      for (const socket of open) socket.end();
      server.stop(true);
    },
  };
}

const places: readonly [string, () => StreamPlace][] = [
  [
    "tcp",
    () => {
      const { address, port } = ownPlace();
      return { transport: "tcp", host: address, port };
    },
  ],
  ["unix", () => ({ transport: "unix", path: join(folder, `s${sockets++}`) })],
];

describe.each(places)("by %s", (_, newPlace) => {
  const open = (place: StreamPlace) => {
    const warned: string[] = [];
    const sender = new StreamSender(place, (text) => void warned.push(text), {
      framing: "lf",
    });
    return { sender, warned };
  };

  test("every line ends in a line feed, and one connection takes all", async () => {
    const place = newPlace();
    using server = serve(place);
    const { sender, warned } = open(place);
    for (const n of [1, 2, 3]) {
      await sender.ready();
      await sender.send([`a:${n}|c`, `b:${n}|c`]);
    }
    await sender.end();
    await eventually(server.text, (text) => text.includes("b:3"));
    expect(server.text()).toBe("a:1|c\nb:1|c\na:2|c\nb:2|c\na:3|c\nb:3|c\n");
    expect([server.connections(), warned]).toEqual([1, []]);
  });

  test("nobody there: another try is asked for, and it is said where", async () => {
    const place = newPlace();
    const { sender, warned } = open(place);
    const error = await sender.ready().then(
      () => null,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(Retry);
    expect((error as Retry).message).toMatch(
      /: (nothing listens there \(ECONNREFUSED\)|there is no such socket \(ENOENT\))$/,
    );
    await sender.end();
    expect(warned).toEqual([]);
  });

  test("a server that has gone is noticed before a sample is given to it", async () => {
    const place = newPlace();
    const { sender } = open(place);
    {
      using server = serve(place);
      await sender.ready();
      await sender.send(["a:1|c"]);
      await eventually(server.text, (text) => text !== "");
    }
    expect(sender.ready()).rejects.toBeInstanceOf(Retry);
    if (place.transport === "unix") rmSync(place.path, { force: true });
    using again = serve(place);
    await eventually(
      () =>
        sender.ready().then(
          () => true,
          () => false,
        ),
      Boolean,
    );
    await sender.send(["a:2|c"]);
    await eventually(again.text, (text) => text !== "");
    expect(again.text()).toBe("a:2|c\n");
    await sender.end();
  });

  test("a server that reads nothing for a while gets all when it does", async () => {
    const place = newPlace();
    using server = serve(place);
    const { sender } = open(place);
    await sender.ready();
    await sender.send(["first:1|c"]);
    await eventually(server.text, (text) => text !== "");
    server.pause();
    // More than the buffers of both sides hold.
    const lines = Array.from({ length: 1_000_000 }, (_, n) => `n${n}:1|c`);
    let isSent = false;
    const sending = sender.send(lines).then(() => void (isSent = true));
    await Bun.sleep(10);
    expect(isSent).toBe(false);
    server.resume();
    await sending;
    await sender.end();
    await eventually(server.text, (text) => text.endsWith("n999999:1|c\n"));
    expect(server.text()).toBe(`first:1|c\n${lines.join("\n")}\n`);
  });
});

describe("frames", () => {
  test("packets after their length, in four bytes", () => {
    const lines = Array.from({ length: 2000 }, (_, n) => `n${n}:1|c`);
    const packets = framePackets(lines, "length");
    expect(packets.length).toBeGreaterThan(1);
    const texts = packets.map((packet) => {
      expect(packet.readUInt32LE(0)).toBe(packet.length - 4);
      expect(packet.length - 4).toBeLessThanOrEqual(8192);
      return packet.subarray(4).toString();
    });
    expect(texts.join("\n").split("\n")).toEqual(lines);
  });

  test("of a packet that was cut, what was not whole is sent again", () => {
    const [packet] = framePackets(["ab:1|c", "cd:2|c"], "lf");
    const rest = (sent: number) => restOf(packet!, sent, "lf").toString();
    expect([0, 6, 7, 13, 14].map(rest)).toEqual([
      "ab:1|c\ncd:2|c\n",
      "ab:1|c\ncd:2|c\n",
      "cd:2|c\n",
      "cd:2|c\n",
      "",
    ]);
    const [framed] = framePackets(["ab:1|c"], "length");
    expect(restOf(framed!, 9, "length")).toEqual(framed!);
    expect(restOf(framed!, 10, "length")).toHaveLength(0);
  });
});

test("npm statsd gets the same by UDP, TCP and a Unix socket at once", async () => {
  const samples = generateRun(120, 20);
  const tcp = ownPlace();
  const unix = join(folder, "statsd.sock");
  await using server = await startStatsd(ownPlace(), { tcp, unix });
  const targets = {
    udp: server.place.text,
    tcp: `tcp:${tcp.text}`,
    unix: `unix:${unix}`,
  };
  for (const [prefix, target] of Object.entries(targets)) {
    await using output = await openStatsd(target, { prefix });
    for (const sample of samples) {
      await output.write(sample);
      // More datagrams at a time than its receive buffer holds would be lost.
      await eventually(
        () => queuedBytes(server.place),
        (bytes) => bytes === 0,
      );
    }
  }
  const sums = (counters: ReadonlyMap<string, number>, prefix: string) => {
    const of = (pattern: RegExp): number =>
      [...counters]
        .filter(([name]) => pattern.test(name))
        .reduce((sum, [, value]) => sum + value, 0);
    return [
      of(new RegExp(`^${prefix}\\.\\w+\\.tasks\\.read_bytes$`)),
      of(new RegExp(`^${prefix}\\.\\w+\\.comm\\.\\w+\\.read_bytes$`)),
    ];
  };
  const readBytes = sumOverRun(samples, "readBytes");
  for (const prefix of Object.keys(targets)) {
    const counters = await eventually(
      () => server.counters(),
      (values) => sums(values, prefix)[1] === readBytes,
    );
    expect(sums(counters, prefix)).toEqual([readBytes, readBytes]);
    expect(counters.get("statsd.bad_lines_seen")).toBe(0);
  }
});
