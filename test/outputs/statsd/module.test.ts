// waits: it opens ports
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { StatsdOptions } from "../../../outputs/statsd/index.ts";
import type { RunInfo } from "../../../src/model/output.ts";
import { eventually } from "../../support/eventually.ts";
import { ownPlace } from "../../support/servers/own-place.ts";
import { makeSample, row } from "../../support/samples.ts";
import { openStatsd } from "../../support/servers/statsd-output.ts";

setDefaultTimeout(60_000);

/** What one sample of the machine "web-1.example.org" sends. */
async function sent(
  options: Partial<StatsdOptions>,
  origin: RunInfo["origin"] = "live",
): Promise<string[]> {
  const datagrams: string[] = [];
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: { data: (_, bytes) => void datagrams.push(bytes.toString()) },
  });
  await using output = await openStatsd(socket.port, options, {}, origin);
  await output.write(
    makeSample({
      origin: { hostname: "web-1.example.org" },
      threads: [row({ tid: 1, comm: "dd", user: "ann", readBytes: 4096 })],
    }),
  );
  await eventually(
    () => datagrams.length,
    (count) => count > 0,
  );
  socket.close();
  return datagrams.join("\n").split("\n");
}

describe("the host in the names", () => {
  test.each([
    ["none", undefined, "iotop.web_1.disk.read_bytes:0|c"],
    ["graphite", undefined, "iotop.web_1.disk.read_bytes:0|c"],
    ["dogstatsd", undefined, "iotop.disk.read_bytes:0|c"],
    ["influx", undefined, "iotop.disk.read_bytes:0|c"],
    ["dogstatsd", "on", "iotop.disk.read_bytes:0|c|#host:web-1.example.org"],
    ["influx", "rack 4|b", "iotop.disk.read_bytes,host=rack_4_b:0|c"],
    ["none", "off", "iotop.disk.read_bytes:0|c"],
    ["none", "rack 4.b", "iotop.rack_4_b.disk.read_bytes:0|c"],
  ])("with tags=%s and host=%s", async (tags, host, line) => {
    expect((await sent({ tags, host }))[0]).toBe(line);
  });
});

test("a replay is of another host, and says so by itself", async () => {
  const [first] = await sent({ tags: "influx" }, "replay");
  expect(first).toBe("iotop.disk.read_bytes,host=web-1.example.org:0|c");
  const [none] = await sent({ tags: "influx", host: "off" }, "replay");
  expect(none).toBe("iotop.disk.read_bytes:0|c");
});

describe("constant tags are on every line", () => {
  const tag = { env: "prod", role: "db,1" };
  test.each([
    ["dogstatsd", /\|#(?:comm:dd,)?env:prod,role:db_1$/],
    ["influx", /^[a-z_.]+,(?:comm=dd,)?env=prod,role=db_1:/],
    ["graphite", /^[\w.]+;(?:comm=dd;)?env=prod;role=db_1:/],
  ])("with tags=%s", async (tags, form) => {
    const lines = await sent({ tags, tag });
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(line).toMatch(form);
  });
});

test("the prefix and the group kind are as asked for", async () => {
  const lines = await sent({ prefix: "prod.io", host: "off", group: "user" });
  expect(lines[0]).toBe("prod.io.disk.read_bytes:0|c");
  expect(lines.at(-1)).toBe("prod.io.user.ann.read_bytes:4096|c");
  expect((await sent({ group: "none" })).join()).not.toContain("_other");
});

test("a run of one sample to a server that is down is told of, too", async () => {
  const { warned, ...output } = await openStatsd(ownPlace().text);
  await output.write(makeSample());
  await output[Symbol.asyncDispose]();
  expect(warned).toHaveLength(2);
  expect(warned[0]).toContain("nothing listens there (ECONNREFUSED)");
  expect(warned[1]).toEndWith("at least 1 datagram was lost");
});
