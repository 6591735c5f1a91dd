// waits: for servers that do not read
/** Lines by datagrams of a Unix socket: full queues, outages, servers that come again. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatagramSender } from "../../../outputs/statsd/datagram-sender.ts";
import { Retry } from "../../../src/model/retry.ts";
import { connectDatagrams } from "../../../src/kernel/unix-datagrams.ts";
import { generateRun, sumOverRun } from "../../support/runs/generated-run.ts";
import { openStatsd } from "../../support/servers/statsd-output.ts";
import { openUnixDatagramPeer } from "../../support/servers/unix-datagram-peer.ts";

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "iotop-unixgram-"));
afterAll(() => rmSync(folder, { recursive: true }));
let paths = 0;
const newPath = (): string => join(folder, `s${paths++}`);

const open = (path: string) => {
  const warned: string[] = [];
  const warn = (text: string) => void warned.push(text);
  return { sender: new DatagramSender(path, warn, connectDatagrams), warned };
};
const retryOf = (promise: Promise<void>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof Retry ? error.message : error),
  );

test("every byte of a run arrives, in datagrams of at most 8,192 bytes", async () => {
  const path = newPath();
  using peer = openUnixDatagramPeer(path);
  const samples = generateRun(120, 20);
  await using output = await openStatsd(`unixgram:${path}`);
  const got: string[] = [];
  for (const sample of samples) {
    await output.write(sample);
    got.push(...peer.read());
  }
  const sum = [
    ...got
      .join("\n")
      .matchAll(/^iotop\.db1\.comm\.\w+\.read_bytes:(\d+)\|c$/gm),
  ].reduce((bytes, [, value]) => bytes + Number(value), 0);
  expect(sum).toBe(sumOverRun(samples, "readBytes"));
  expect(
    Math.max(...got.map((text) => Buffer.byteLength(text))),
  ).toBeLessThanOrEqual(8192);
  expect(got.length).toBeLessThan(100);
});

test("nobody there: another try is asked for, and it is said where", async () => {
  const path = newPath();
  const { sender, warned } = open(path);
  expect(await retryOf(sender.ready())).toBe(
    `${path}: there is no such socket (ENOENT)`,
  );
  using peer = openUnixDatagramPeer(path);
  await sender.ready();
  await sender.send(["a:1|c"]);
  expect(peer.read()).toEqual(["a:1|c"]);
  await sender.end();
  expect(warned).toEqual([]);
});

test("a server that was restarted gets what the one before it did not", async () => {
  const path = newPath();
  const { sender } = open(path);
  {
    using peer = openUnixDatagramPeer(path);
    await sender.ready();
    await sender.send(["a:1|c"]);
    expect(peer.read()).toEqual(["a:1|c"]);
  }
  {
    // It is back before anything was sent.
    using again = openUnixDatagramPeer(path);
    await sender.ready();
    await sender.send(["a:2|c"]);
    expect(again.read()).toEqual(["a:2|c"]);
  }
  // Nobody, when it is too late to keep the sample.
  await sender.send(["a:3|c"]);
  expect(await retryOf(sender.ready())).toBe(
    `${path}: there is no such socket (ENOENT)`,
  );
  using last = openUnixDatagramPeer(path);
  await sender.ready();
  await sender.send(["a:4|c"]);
  expect(last.read()).toEqual(["a:3|c", "a:4|c"]);
});

test("a server that does not read is waited for, and no line is lost", async () => {
  const path = newPath();
  using peer = openUnixDatagramPeer(path);
  const { sender, warned } = open(path);
  const long = (n: number) => `line${n}:1|c`.padStart(8000, "x");
  const lines = Array.from({ length: 1000 }, (_, n) => long(n));
  await sender.send(lines);
  expect(await retryOf(sender.ready())).toContain("(EAGAIN)");
  const got: string[] = [];
  const reading = setInterval(() => got.push(...peer.read()), 1);
  while ((await retryOf(sender.ready())) !== null);
  clearInterval(reading);
  expect([...got, ...peer.read()]).toEqual(lines);
  await sender.end();
  expect(warned).toEqual([]);
});

test("what is left at the end is said", async () => {
  const path = newPath();
  const { sender, warned } = open(path);
  {
    using _peer = openUnixDatagramPeer(path);
    await sender.ready();
  }
  await sender.send(["a:1|c"]);
  await sender.end();
  expect(warned).toEqual([`${path}: the last metrics were lost`]);
});
