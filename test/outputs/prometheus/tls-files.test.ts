// waits: openssl makes its certificates
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTls } from "../../../outputs/prometheus/tls-files.ts";
import { lackOf, needing } from "../../support/needs.ts";
import { makeCertificates } from "../../support/servers/certificates.ts";

setDefaultTimeout(120_000);

const LACK = lackOf("openssl");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-tls-"));
  if (LACK !== null) return;
  makeCertificates(folder);
  const run = (...args: readonly string[]) =>
    Bun.spawnSync(["openssl", ...args], { cwd: folder });
  run(
    ...["ec", "-in", "server.key", "-aes256"],
    ...["-passout", "pass:x", "-out", "encrypted.key"],
  );
  run("x509", "-in", "server.crt", "-outform", "der", "-out", "server.der");
  writeFileSync(join(folder, "junk"), "junk\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const load = (cert: string, key: string, clientCa: string | null = null) =>
  loadTls({
    certFile: join(folder, cert),
    keyFile: join(folder, key),
    clientCaFile: clientCa && join(folder, clientCa),
    minVersion: "TLS12",
  });

describe.skipIf(LACK !== null)(needing("certificates and keys", LACK), () => {
  test("that belong together are taken", () => {
    expect(load("server.crt", "server.key", "ca.crt")).toMatchObject({
      requestCert: true,
      rejectUnauthorized: true,
    });
  });

  test.each([
    ["none.crt", "server.key", null, "cert_file *none.crt: no such file"],
    ["server.crt", "none.key", null, "key_file *none.key: no such file"],
    [
      "junk",
      "server.key",
      null,
      "cert_file *junk: it has no certificate in PEM",
    ],
    ["server.key", "server.key", null, "cert_file *server.key: it has no cert"],
    ["server.der", "server.key", null, "cert_file *server.der: it has no cert"],
    [
      "server.crt",
      "junk",
      null,
      "key_file *junk: it has no private key in PEM",
    ],
    [
      "server.crt",
      "server.crt",
      null,
      "key_file *server.crt: it has no private",
    ],
    ["server.crt", "encrypted.key", null, "*: give a key without a password"],
    [
      "server.crt",
      "client.key",
      null,
      "*client.key is not the key of cert_file",
    ],
    [
      "server.crt",
      "server.key",
      "junk",
      "client_ca_file *junk: it has no cert",
    ],
  ])("%s, %s, %p are refused", (cert, key, clientCa, message) => {
    expect(() => load(cert, key, clientCa)).toThrow(
      new RegExp(message.replace("*", ".*")),
    );
  });
});
