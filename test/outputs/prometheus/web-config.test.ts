import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrometheus } from "../../../outputs/prometheus/index.ts";
import {
  parseWebConfig,
  readWebConfig,
} from "../../../outputs/prometheus/web-config.ts";

import { manualText } from "../../support/documents/manual.ts";
import { codeBlocks } from "../../support/documents/markdown-text.ts";

setDefaultTimeout(120_000);

const HASH = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

test("TLS and users are read; paths start from the file's folder", () => {
  const text = `
# as for node_exporter
tls_server_config:
  cert_file: server.crt
  key_file: /etc/keys/server.key
  client_ca_file: ../ca.crt
  client_auth_type: RequireAndVerifyClientCert
  min_version: TLS13
basic_auth_users:
  alice: ${HASH}
  1: ${HASH.replace("$2y", "$2b")}
`;
  expect(parseWebConfig(text, "/etc/iotop")).toEqual({
    tls: {
      certFile: "/etc/iotop/server.crt",
      keyFile: "/etc/keys/server.key",
      clientCaFile: "/etc/ca.crt",
      minVersion: "TLS13",
    },
    users: new Map([
      ["1", HASH.replace("$2y", "$2b")],
      ["alice", HASH],
    ]),
  });
});

test("the example of the manual is read", () => {
  const [example] = codeBlocks(manualText(), "yaml").filter((text) =>
    text.includes("basic_auth_users"),
  );
  const { tls, users } = parseWebConfig(example!, "/etc");
  expect([tls?.clientCaFile, tls?.minVersion, [...users.keys()]]).toEqual([
    "/etc/clients.crt",
    "TLS13",
    ["alice"],
  ]);
});

test.each(["", "# nothing\n", "{}", "tls_server_config:\nbasic_auth_users:\n"])(
  "%j protects nothing",
  (text) =>
    expect(parseWebConfig(text, "/")).toEqual({ tls: null, users: new Map() }),
);

const tls = (more: string): string =>
  `tls_server_config: {cert_file: a, key_file: b, ${more}}`;

test.each([
  ["[]", "the file must be a map"],
  ["text", "the file must be a map"],
  ["http_server_config: {}", 'the file: "http_server_config" is not known'],
  ["tls_server_config: a", "tls_server_config must be a map"],
  [
    "tls_server_config: {cert_file: a}",
    "tls_server_config: key_file is missing",
  ],
  [
    "tls_server_config: {key_file: a}",
    "tls_server_config: cert_file is missing",
  ],
  [tls("cipher_suites: []"), '"cipher_suites" is not known'],
  [tls("min_version: TLS10"), "min_version must be TLS12 or TLS13"],
  [tls("min_version: toString"), "min_version must be TLS12 or TLS13"],
  [tls("min_version: 1"), "min_version must be text"],
  [tls("client_ca_file: c"), "need each other"],
  [tls("client_auth_type: RequireAndVerifyClientCert"), "need each other"],
  [
    tls("client_auth_type: RequireAnyClientCert"),
    "client_auth_type must be NoClientCert",
  ],
  ["basic_auth_users: [a]", "basic_auth_users must be a map"],
  ["basic_auth_users: {}", "basic_auth_users names no user"],
  ["basic_auth_users: {a: secret}", '"a" needs a bcrypt hash'],
  [`basic_auth_users: {a: ${HASH.replace("$10", "$31")}}`, "of cost 4 to 16"],
  [`basic_auth_users: {"a:b": ${HASH}}`, "is not a user name"],
])("%j is refused", (text, message) =>
  expect(() => parseWebConfig(text, "/")).toThrow(message),
);

test("any text is read or refused, and no hash stands in a message", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseWebConfig(text, "/");
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
  expect(() => parseWebConfig("basic_auth_users: {a: secret}", "/")).toThrow(
    expect.not.stringContaining("secret"),
  );
});

describe("as an option", () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-web-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a file that is wrong is named, in one line", () => {
    const path = join(folder, "web.yml");
    writeFileSync(path, "a: [\n");
    for (const act of [
      () => readWebConfig(path),
      () => readWebConfig(join(folder, "none.yml")),
    ])
      expect(act).toThrow(/^web-config \S+\.yml: (?!E[A-Z]+:)[^\n]+$/);
  });

  test("it is refused for a file, which it does not protect", () =>
    expect(() =>
      createPrometheus(
        {
          group: "comm",
          "max-groups": 1,
          created: false,
          every: 15,
          "web-config": "/none",
        },
        "a.prom",
      ),
    ).toThrow("web-config has no effect on a file"));
});
