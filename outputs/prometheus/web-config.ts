/**
 * The web configuration file of Prometheus' exporters (its exporter-toolkit), of which TLS and passwords are taken. A
 * key that would have no effect is refused: who writes one wants it to protect something.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { systemWords } from "../system-words.ts";

export interface WebConfig {
  readonly tls: TlsConfig | null;
  /** bcrypt hashes by user; empty: no password is needed. */
  readonly users: ReadonlyMap<string, string>;
}

export const NO_WEB_CONFIG: WebConfig = { tls: null, users: new Map() };

/** Paths are absolute. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** Only clients with a certificate of one of these authorities are let in; null: all are. */
  readonly clientCaFile: string | null;
  readonly minVersion: keyof typeof TLS_VERSIONS;
}

/** As they are on the wire (RFC 8446, 4.1.2). */
export const TLS_VERSIONS = { TLS12: 0x0303, TLS13: 0x0304 } as const;

const BCRYPT = /^\$2[abxy]?\$(?:0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$/;

/** @throws Error that names the file and says what is wrong with it */
export function readWebConfig(path: string): WebConfig {
  try {
    return parseWebConfig(readFileSync(path, "utf8"), dirname(resolve(path)));
  } catch (error) {
    throw new Error(`web-config ${path}: ${systemWords(error)}`, {
      cause: error,
    });
  }
}

/**
 * @param folder what relative paths start from
 * @throws Error that says what is wrong
 */
export function parseWebConfig(text: string, folder: string): WebConfig {
  const { tls_server_config: tls, basic_auth_users: users } = takeMap(
    Bun.YAML.parse(text) ?? {},
    "the file",
    ["tls_server_config", "basic_auth_users"],
  );
  return {
    tls: tls === undefined || tls === null ? null : parseTls(tls, folder),
    users:
      users === undefined || users === null ? new Map() : parseUsers(users),
  };
}

function parseTls(value: unknown, folder: string): TlsConfig {
  const where = "tls_server_config";
  const config = takeMap(value, where, [
    "cert_file",
    "key_file",
    "client_ca_file",
    "client_auth_type",
    "min_version",
  ]);
  const text = (key: keyof typeof config): string | null => {
    const found = config[key];
    if (found === undefined || found === null) return null;
    if (typeof found === "string" && found !== "") return found;
    throw new Error(`${where}: ${key} must be text`);
  };
  const path = (key: keyof typeof config): string | null => {
    const found = text(key);
    return found === null ? null : resolve(folder, found);
  };
  const needed = (key: keyof typeof config): string => {
    const found = path(key);
    if (found === null) throw new Error(`${where}: ${key} is missing`);
    return found;
  };
  const clients = text("client_auth_type") ?? "NoClientCert";
  if (clients !== "NoClientCert" && clients !== "RequireAndVerifyClientCert")
    throw new Error(
      `${where}: client_auth_type must be NoClientCert or RequireAndVerifyClientCert`,
    );
  const clientCaFile = path("client_ca_file");
  if ((clientCaFile === null) !== (clients === "NoClientCert"))
    throw new Error(
      `${where}: client_ca_file and client_auth_type RequireAndVerifyClientCert need each other`,
    );
  const minVersion = text("min_version") ?? "TLS12";
  if (!Object.hasOwn(TLS_VERSIONS, minVersion))
    throw new Error(`${where}: min_version must be TLS12 or TLS13`);
  return {
    certFile: needed("cert_file"),
    keyFile: needed("key_file"),
    clientCaFile,
    minVersion: minVersion as keyof typeof TLS_VERSIONS,
  };
}

function parseUsers(value: unknown): ReadonlyMap<string, string> {
  const where = "basic_auth_users";
  if (!isMap(value)) throw new Error(`${where} must be a map`);
  const users = new Map<string, string>();
  for (const [user, hash] of Object.entries(value)) {
    if (user === "" || user.includes(":"))
      throw new Error(
        `${where}: ${JSON.stringify(user)} is not a user name: it has a colon, or is empty`,
      );
    // The hash itself has no place in a message.
    if (typeof hash !== "string" || !BCRYPT.test(hash))
      throw new Error(
        `${where}: ${JSON.stringify(user)} needs a bcrypt hash, of cost 4 to 16, as htpasswd -nBC 10 makes it`,
      );
    users.set(user, hash);
  }
  if (users.size === 0) throw new Error(`${where} names no user`);
  return users;
}

function takeMap<const K extends string>(
  value: unknown,
  where: string,
  keys: readonly K[],
): Partial<Record<K, unknown>> {
  if (!isMap(value)) throw new Error(`${where} must be a map`);
  const known: readonly string[] = keys;
  const foreign = Object.keys(value).find((key) => !known.includes(key));
  if (foreign !== undefined)
    throw new Error(
      `${where}: ${JSON.stringify(foreign)} is not known; it may have ${keys.join(", ")}`,
    );
  return value as Partial<Record<K, unknown>>;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
