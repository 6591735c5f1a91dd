import { expect, test } from "bun:test";
import { formatAddress } from "../../../outputs/addresses.ts";
import { exposureOf, parseTarget } from "../../../outputs/prometheus/target.ts";

const OPEN = { isEncrypted: false, knowsClients: false };
const tcp = (host: string, port: number) => ({ kind: "tcp", host, port });

test.each([
  [":1", tcp("127.0.0.1", 1)],
  ["0.0.0.0:65535", tcp("0.0.0.0", 65_535)],
  ["localhost:0", tcp("localhost", 0)],
  ["[::1]:80", tcp("::1", 80)],
  ["unix:/run/a:1.prom", { kind: "unix", path: "/run/a:1.prom" }],
  ["a:b/c.prom", { kind: "file", path: "a:b/c.prom" }],
])("%s is read", (text, target) =>
  expect(parseTarget(text)).toEqual(target as never),
);

test.each([
  ["", "is not [HOST]:PORT"],
  ["9100", "is not [HOST]:PORT"],
  ["/run/a.sock", "is not [HOST]:PORT"],
  [":", '"" is not a port'],
  [":65536", '"65536" is not a port'],
  [":1e3", '"1e3" is not a port'],
  ["example.org:1", '"example.org" is not an address of this machine'],
  ["::1:80", "is not [HOST]:PORT"],
  ["[127.0.0.1]:80", "in brackets is not an IPv6 address"],
  ["a\x1b[2J:1", '"a\\u001b[2J" is not an address'],
  ["unix:", "is not a path for a socket"],
  [`unix:/${"é".repeat(54)}`, "use 1 to 107 bytes"],
  ["unix:a\0b", "is not a path for a socket"],
])("%j is refused", (text, message) =>
  expect(() => parseTarget(text)).toThrow(message),
);

test.each([
  ["127.0.0.1", true],
  ["127.64.1.2", true],
  ["::1", true],
  ["localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.1.1", false],
])("%s is for this machine alone: %p", (host, isSo) =>
  expect(exposureOf({ kind: "tcp", host, port: 80 }, OPEN)).toBe(
    isSo
      ? null
      : `anybody who can connect to ${formatAddress({ host, port: 80 })} can read what the tasks of this machine do`,
  ),
);

test("passwords that can be read on their way are told; with TLS all is well", () => {
  const place = { kind: "tcp", host: "0.0.0.0", port: 80 } as const;
  expect(exposureOf(place, { isEncrypted: false, knowsClients: true })).toBe(
    "the network can read passwords for 0.0.0.0:80: add tls_server_config",
  );
  expect(
    exposureOf(place, { isEncrypted: true, knowsClients: true }),
  ).toBeNull();
  expect(
    exposureOf(place, { isEncrypted: true, knowsClients: false }),
  ).toContain("anybody who can connect");
});
