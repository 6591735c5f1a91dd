/** The built program, asked as Prometheus asks: who is let in, and what ends it. */
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
import { ensureBinary, runBinary, startBinary } from "../support/binary.ts";
import { makeCertificates } from "../support/servers/certificates.ts";
import { eventually } from "../support/eventually.ts";
import { lackOf, needing } from "../support/needs.ts";
import { ownPlace } from "../support/servers/own-place.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-prom-"))));
afterAll(() => rmSync(folder, { recursive: true }));

describe("with a web configuration file", () => {
  const LACK = lackOf("openssl");
  const USER = `Basic ${btoa("alice:secret")}`;

  test.skipIf(LACK !== null)(
    needing("a password and a certificate of the client are asked for", LACK),
    async () => {
      const { folder: keys, client } = makeCertificates(join(folder, "keys"));
      const config = join(keys, "web.yml");
      const hash = Bun.password.hashSync("secret", {
        algorithm: "bcrypt",
        cost: 10,
      });
      writeFileSync(
        config,
        `tls_server_config:
  cert_file: server.crt
  key_file: server.key
  client_ca_file: ca.crt
  client_auth_type: RequireAndVerifyClientCert
basic_auth_users:
  alice: ${hash.replace("$2b$", "$2y$")}
`,
      );
      const { text: place } = ownPlace();
      await using iotop = startBinary([
        ...["-d", "0.3", "--output"],
        `prometheus=127.0.0.1:${place.split(":")[1]},web-config=${config}`,
      ]);
      const ask = async (
        tls: Bun.TLSOptions,
        headers: Readonly<Record<string, string>>,
        scheme = "https",
      ) => {
        const url = `${scheme}://127.0.0.1:${place.split(":")[1]}/metrics`;
        // A connection that is kept would have been checked before.
        const init = { tls, headers, keepalive: false };
        const reply = await fetch(url, init).catch(() => null);
        return reply === null ? null : reply.status;
      };
      const authorized = { Authorization: USER };
      await eventually(
        () => ask(client("client"), authorized),
        (status) => status === 200,
      );
      expect(await ask(client("client"), {})).toBe(401);
      const wrong = { Authorization: `Basic ${btoa("alice:Secret")}` };
      expect(await ask(client("client"), wrong)).toBe(401);
      expect(await ask(client(), authorized)).toBeNull();
      expect(await ask(client("stranger"), authorized)).toBeNull();
      expect(await ask({}, authorized, "http")).toBeNull();
      expect(await ask(client("client"), authorized)).toBe(200);
      iotop.kill("SIGTERM");
      expect((await iotop.exited).status).toBe(0);
    },
  );

  test("one that is wrong is a usage error", async () => {
    const config = join(folder, "web.yml");
    writeFileSync(config, "basic_auth_users: {alice: secret}");
    const { status, stderr } = await runBinary([
      "--output",
      `prometheus,web-config=${config}`,
    ]);
    expect([status, stderr.trimEnd()]).toEqual([
      2,
      expect.stringMatching(
        /^iotop: prometheus: web-config \S+: basic_auth_users: "alice" needs a bcrypt hash[^\n]*$/,
      ),
    ]);
  });
});

test("a port that is taken ends it with what to do", async () => {
  using other = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data() {} },
  });
  const { status, stderr } = await runBinary([
    "--output",
    `prometheus=:${other.port}`,
  ]);
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining(
      `127.0.0.1:${other.port} is in use by another program`,
    ),
  ]);
});
