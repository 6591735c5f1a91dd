/** Certificates for a test, by openssl: of a server on loopback, and of clients. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificates {
  /** Files in the folder: ca.crt, server.crt, server.key. */
  readonly folder: string;
  /** What `fetch` of a client takes that trusts the authority; with a certificate of its own if a name is given. */
  client(name?: "client" | "stranger"): Bun.TLSOptions;
}

/** @throws Error with what openssl said */
function openssl(folder: string, args: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args], {
    cwd: folder,
    stderr: "pipe",
  });
  if (exitCode !== 0) throw new Error(stderr.toString());
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function makeAuthority(folder: string, name: string): void {
  openssl(folder, [
    ...["req", "-x509", ...KEY, "-days", "30", "-subj", `/CN=${name}`],
    ...["-keyout", `${name}.key`, "-out", `${name}.crt`],
  ]);
}

function makeCertificate(folder: string, name: string, by: string): void {
  openssl(folder, [
    ...["req", ...KEY, "-subj", `/CN=${name}`],
    ...["-keyout", `${name}.key`, "-out", `${name}.csr`],
  ]);
  writeFileSync(join(folder, "san"), "subjectAltName=IP:127.0.0.1");
  openssl(folder, [
    ...["x509", "-req", "-in", `${name}.csr`, "-out", `${name}.crt`],
    ...["-CA", `${by}.crt`, "-CAkey", `${by}.key`, "-CAcreateserial"],
    ...["-days", "30", "-extfile", "san"],
  ]);
}

export function makeCertificates(folder: string): Certificates {
  mkdirSync(folder, { recursive: true });
  makeAuthority(folder, "ca");
  makeAuthority(folder, "other");
  makeCertificate(folder, "server", "ca");
  makeCertificate(folder, "client", "ca");
  makeCertificate(folder, "stranger", "other");
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  return {
    folder,
    client: (name) => ({
      ca: read("ca.crt"),
      ...(name === undefined
        ? {}
        : { cert: read(`${name}.crt`), key: read(`${name}.key`) }),
    }),
  };
}
