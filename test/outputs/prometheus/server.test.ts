// waits: it opens ports
import {
  afterEach,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  plainReply,
  type Limits,
} from "../../../outputs/prometheus/connection.ts";
import { LIMITS, openServer } from "../../../outputs/prometheus/server.ts";
import type {
  TcpPlace,
  UnixPlace,
} from "../../../outputs/prometheus/target.ts";
import { lackOfRoot, needing } from "../../support/needs.ts";

setDefaultTimeout(120_000);

const ANY: TcpPlace = { kind: "tcp", host: "127.0.0.1", port: 0 };

const openEcho = (limits: Partial<Limits> = {}) =>
  openServer(ANY, ({ method, path }) => plainReply(200, `${method} ${path}`), {
    ...LIMITS,
    ...limits,
  });

/** A client that sends bytes as they are. */
async function connect(place: string) {
  let text = "";
  const closed = Promise.withResolvers<void>();
  const [hostname = "", port] = place.split(":");
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (_, bytes) => void (text += bytes.toString()),
      close: () => closed.resolve(),
    },
  });
  return {
    send: (bytes: string) => void socket.write(bytes),
    closed: closed.promise.then(() => text),
    async until(part: string | RegExp) {
      while (text.match(part) === null) await Bun.sleep(1);
      return text;
    },
  };
}

const GET = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
const LAST = "GET /last HTTP/1.1\r\nConnection: close\r\n\r\n";

describe("a client", () => {
  test("may ask again, in pieces, or several times at once", async () => {
    using server = await openEcho();
    const client = await connect(server.place);
    for (const char of GET) {
      client.send(char);
      await Bun.sleep(0);
    }
    await client.until("GET /metrics\n");
    client.send(`${GET.replace("/metrics", "/2")}${LAST}`);
    const text = await client.closed;
    expect(text.match(/^GET .*$/gm)).toEqual([
      "GET /metrics",
      "GET /2",
      "GET /last",
    ]);
    expect(text.match(/Connection: close/g)).toHaveLength(1);
  });

  test("that asks for the head alone gets no body", async () => {
    using server = await openEcho();
    const client = await connect(server.place);
    client.send(`HEAD / HTTP/1.0\r\n\r\n`);
    const text = await client.closed;
    expect(text).toStartWith("HTTP/1.1 200 OK\r\n");
    expect(text).toContain("Content-Length: 7\r\n");
    expect(text).toEndWith("\r\n\r\n");
  });

  test("that takes its reply slowly gets all of it", async () => {
    const body = "x".repeat(20 << 20);
    using server = await openServer(ANY, () => plainReply(200, body));
    const reply = await fetch(`http://${server.place}/`);
    expect((await reply.text()).length).toBe(body.length + 1);
  });

  test.each([
    ["POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", "400 Bad Request"],
    ["hello\r\n\r\n", "400 Bad Request"],
    [
      `GET / HTTP/1.1\r\nA: ${"a".repeat(8_200)}`,
      "431 Request Header Fields Too Large",
    ],
    [
      `GET / HTTP/1.1\r\nA: ${"a".repeat(8_200)}\r\n\r\n`,
      "431 Request Header Fields Too Large",
    ],
  ])("that sends %j is refused", async (bytes, status) => {
    using server = await openEcho();
    const client = await connect(server.place);
    client.send(bytes);
    expect(await client.closed).toStartWith(`HTTP/1.1 ${status}\r\n`);
  });

  test("that does not end its request is answered so", async () => {
    using server = await openEcho({ requestMs: 50 });
    const client = await connect(server.place);
    client.send("GET / HTTP/1.1\r\n");
    expect(await client.closed).toStartWith("HTTP/1.1 408 Request Timeout\r\n");
  });

  test.each([
    ["says nothing", ""],
    ["asks no more", GET],
  ])("that %s is closed after a while", async (_, bytes) => {
    using server = await openEcho({ requestMs: 50, idleMs: 50 });
    const client = await connect(server.place);
    client.send(bytes);
    await client.closed;
  });

  test("too many: who rests gives way, and where nobody rests the newest does", async () => {
    using server = await openEcho({ connections: 2, requestMs: 100_000 });
    const resting = await connect(server.place);
    resting.send(GET);
    await resting.until("GET /metrics\n");
    const busy = [await connect(server.place), await connect(server.place)];
    await resting.closed;
    const newest = await connect(server.place);
    expect(await newest.closed).toStartWith(
      "HTTP/1.1 503 Service Unavailable\r\n",
    );
    for (const client of busy) {
      client.send(LAST);
      expect(await client.closed).toContain("GET /last\n");
    }
    const later = await connect(server.place);
    later.send(LAST);
    expect(await later.closed).toContain("GET /last\n");
  });
});

test("a port that is taken is named, with what to do", async () => {
  using server = await openEcho();
  const port = Number(server.place.split(":")[1]);
  const again = openServer({ ...ANY, port }, () => plainReply(200, ""));
  expect(again).rejects.toThrow(
    `127.0.0.1:${port} is in use by another program (ss -ltnp 'sport = :${port}' names it): give another port`,
  );
});

test("an address of another machine is refused", () =>
  expect(
    openServer({ ...ANY, host: "192.0.2.1" }, () => plainReply(200, "")),
  ).rejects.toThrow("192.0.2.1 is not an address of this machine"));

describe.skipIf(lackOfRoot !== null)(
  needing("without the rights to", lackOfRoot),
  () => {
    const START = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
    const isFree = Number(readFileSync(START, "utf8")) <= 81;
    const lack = isFree ? "a port that needs rights" : null;
    const asNobody = async (place: TcpPlace | UnixPlace): Promise<string> => {
      process.seteuid!(65_534);
      try {
        using server = await openServer(place, () => plainReply(200, ""));
        return server.place;
      } catch (error) {
        return (error as Error).message;
      } finally {
        process.seteuid!(0);
      }
    };

    test.skipIf(lack !== null)(
      needing("a port, the message says which need none", lack),
      async () =>
        expect(await asNobody({ ...ANY, port: 81 })).toBe(
          "cannot listen on 127.0.0.1:81: permission denied; ports from 1024 on need no rights",
        ),
    );

    test("a folder, the message names the socket", async () => {
      const folder = mkdtempSync(join(tmpdir(), "iotop-socket-"));
      const path = join(folder, "a.sock");
      expect(await asNobody({ kind: "unix", path })).toBe(
        `cannot listen on ${path}: permission denied`,
      );
      rmSync(folder, { recursive: true });
    });
  },
);

describe("a Unix socket", () => {
  let folder: string;
  beforeEach(
    () => void (folder = mkdtempSync(join(tmpdir(), "iotop-socket-"))),
  );
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (path: string) =>
    openServer({ kind: "unix", path }, ({ path: asked }) =>
      plainReply(200, asked),
    );

  test("is for its owner alone, and gone at the end", async () => {
    const path = join(folder, "a.sock");
    const mask = process.umask(0);
    process.umask(mask);
    {
      using server = await open(path);
      expect(server.place).toBe(`unix:${path}`);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const reply = await fetch("http://x/metrics", { unix: path });
      expect(await reply.text()).toBe("/metrics\n");
    }
    expect(existsSync(path)).toBe(false);
    expect(process.umask(mask)).toBe(mask);
  });

  test("that a killed program left is replaced; one in use, or another file, is not", async () => {
    const path = join(folder, "a.sock");
    const child = Bun.spawn([
      process.execPath,
      "-e",
      `Bun.listen({ unix: ${JSON.stringify(path)}, socket: { data() {} } }); console.log("ready");`,
    ]);
    const { value } = await child.stdout.getReader().read();
    expect(value).toBeDefined();
    expect(open(path)).rejects.toThrow(`${path} is in use by another program`);
    child.kill("SIGKILL");
    await child.exited;
    expect(existsSync(path)).toBe(true);
    using _server = await open(path);
    const file = join(folder, "file");
    writeFileSync(file, "mine");
    expect(open(file)).rejects.toThrow("exists and is not a socket");
    expect(open(join(folder, "none", "a.sock"))).rejects.toThrow(
      `: no such file or directory`,
    );
  });
});
