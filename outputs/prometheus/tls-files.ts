/** The files of tls_server_config. What is wrong with one is said before anything listens: OpenSSL names no file. */
import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { systemWords } from "../system-words.ts";
import { TLS_VERSIONS, type TlsConfig } from "./web-config.ts";

/** @throws Error that names the file that cannot be used */
export function loadTls(config: TlsConfig): Bun.TLSOptions {
  const { certFile, keyFile, clientCaFile, minVersion } = config;
  const cert = load("cert_file", certFile, "certificate", asCertificate);
  const key = load("key_file", keyFile, "private key", createPrivateKey);
  if (!cert.parsed.checkPrivateKey(key.parsed))
    throw new Error(
      `key_file ${keyFile} is not the key of cert_file ${certFile}`,
    );
  const options = {
    cert: cert.bytes,
    key: key.bytes,
    minVersion: TLS_VERSIONS[minVersion],
    ...(clientCaFile === null
      ? {}
      : {
          ca: load("client_ca_file", clientCaFile, "certificate", asCertificate)
            .bytes,
          requestCert: true,
          rejectUnauthorized: true,
        }),
  };
  return options as Bun.TLSOptions;
}

const asCertificate = (bytes: Buffer): X509Certificate =>
  new X509Certificate(bytes);

function load<T>(
  name: string,
  path: string,
  content: string,
  parse: (bytes: Buffer) => T,
): { readonly bytes: Buffer; readonly parsed: T } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new Error(`${name} ${path}: ${systemWords(error)}`, { cause: error });
  }
  try {
    // The other form, DER, would be parsed too, but TLS takes only this one.
    if (bytes.includes("-----BEGIN ")) return { bytes, parsed: parse(bytes) };
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_MISSING_PASSPHRASE")
      throw new Error(`${name} ${path}: give a key without a password`);
  }
  throw new Error(`${name} ${path}: it has no ${content} in PEM format`);
}
