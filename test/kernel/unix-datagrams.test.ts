import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDatagrams } from "../../src/kernel/unix-datagrams.ts";
import { failureOf } from "../support/failure.ts";
import { openUnixDatagramPeer } from "../support/servers/unix-datagram-peer.ts";

const folder = mkdtempSync(join(tmpdir(), "iotop-datagrams-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => Buffer.from(text);
const descriptors = (): number => readdirSync("/proc/self/fd").length;

test("datagrams arrive whole, in order, until the queue is full", () => {
  const path = join(folder, "queue");
  using peer = openUnixDatagramPeer(path);
  using socket = connectDatagrams(path);
  let sent = 0;
  while (sent < 10_000 && socket.send(bytes(`${sent}`.padEnd(8192, "."))))
    sent++;
  expect(sent).toBeLessThan(10_000);
  const got = peer.read();
  expect(got.map((text) => Number.parseInt(text))).toEqual([
    ...Array(sent).keys(),
  ]);
  expect(got.every(({ length }) => length === 8192)).toBe(true);
  expect(socket.send(bytes("ä"))).toBe(true);
  expect(peer.read()).toEqual(["ä"]);
});

test("a failure has a code, and leaves nothing open", () => {
  const path = join(folder, "gone");
  const before = descriptors();
  const codeOf = (act: () => unknown) =>
    (failureOf(act) as { readonly code?: string }).code;
  expect(codeOf(() => connectDatagrams(path))).toBe("ENOENT");
  expect(codeOf(() => connectDatagrams("/".padEnd(109, "a")))).toBe("EINVAL");
  const peer = openUnixDatagramPeer(path);
  {
    using socket = connectDatagrams(path);
    peer[Symbol.dispose]();
    expect(codeOf(() => socket.send(bytes("x")))).toBe("ECONNREFUSED");
  }
  expect(descriptors()).toBe(before);
});
