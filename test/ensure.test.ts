// waits: it starts programs
/** .ci/ensure.mjs where there is no npm: what `bun install` has brought is enough, and what is missing is installed by bun, or said. */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

setDefaultTimeout(120_000);

const scratch = mkdtempSync(join(tmpdir(), "iotop-ensure-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const LOCK = {
  packages: {
    "": { name: "a-checkout" },
    "node_modules/bun": { version: "1.4.5", integrity: "sha512-a" },
    "node_modules/a": { version: "2.0.0", integrity: "sha512-b" },
    "node_modules/a/node_modules/b": { version: "3.0.0" },
    "node_modules/foreign": { version: "4.0.0", optional: true },
  },
};

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

let count = 0;

/** Runs it in a checkout with packages of these versions, by path in node_modules, and no npm. */
function ensureWith(
  versions: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
) {
  const root = join(scratch, String(++count));
  put(join(root, "package-lock.json"), JSON.stringify(LOCK));
  mkdirSync(join(root, ".ci"));
  const program = join(root, ".ci", "ensure.mjs");
  copyFileSync(resolve(import.meta.dir, "../.ci/ensure.mjs"), program);
  for (const [path, version] of Object.entries(versions))
    put(
      join(root, "node_modules", path, "package.json"),
      JSON.stringify({ version }),
    );
  const bun = join(root, "node_modules/bun/bin/bun.exe");
  put(bun, "");
  truncateSync(bun, 2e6);
  for (const [path, text] of Object.entries(files)) put(join(root, path), text);
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, program],
    { env: { PATH: join(root, "nowhere"), ...env } },
  );
  return { exitCode, output: stdout.toString() + stderr.toString() };
}

const INSTALLED = { bun: "1.4.5", a: "2.0.0", "a/node_modules/b": "3.0.0" };
const REFUSED = {
  exitCode: 1,
  output:
    "iotop: node_modules is not what package-lock.json names, and there is no npm to install it; run: bun install --no-save\n",
};

test("says nothing when all is there, but for another machine's packages", () => {
  expect(ensureWith(INSTALLED)).toEqual({ exitCode: 0, output: "" });
});

test.each([
  ["a package is missing", { bun: "1.4.5", a: "2.0.0" }],
  ["a package is of another version", { ...INSTALLED, a: "2.0.1" }],
  ["an optional one is of another version", { ...INSTALLED, foreign: "4.1.0" }],
  ["nothing is installed", {}],
])("says in one line what to do when %s", (_, versions) => {
  expect(ensureWith(versions)).toEqual(REFUSED);
});

describe("under bun run, without npm", () => {
  /** Stands for bun, in a folder of its own: it says what it is asked for. */
  const bunThat = (line: string) => {
    const path = join(scratch, String(++count), "bun");
    put(path, `#!/bin/sh\necho "$@"\n${line}\n`);
    chmodSync(path, 0o755);
    return { npm_execpath: path };
  };
  const ASKED =
    "iotop: installing what package-lock.json names\ninstall --no-save --silent\n";

  test("bun installs what is missing, and npm's list of before is gone", () => {
    const list = "node_modules/.package-lock.json";
    const env = bunThat(`[ ! -e ${list} ]`);
    const files = { [list]: `{ "packages": {} }` };
    expect(ensureWith({}, files, env)).toEqual({ exitCode: 0, output: ASKED });
  });

  test("it says so if bun cannot", () => {
    expect(ensureWith({}, {}, bunThat("exit 7"))).toEqual({
      exitCode: 1,
      output: `${ASKED}iotop: bun install failed: ended with status 7\n`,
    });
  });
});

test("believes the list that npm keeps, where there is one", () => {
  const list = structuredClone(LOCK) as { packages: Record<string, unknown> };
  delete list.packages["node_modules/foreign"];
  const path = "node_modules/.package-lock.json";
  expect(ensureWith({}, { [path]: JSON.stringify(list) }).exitCode).toBe(0);
  list.packages["node_modules/left-over"] = { version: "1.0.0" };
  expect(ensureWith(INSTALLED, { [path]: JSON.stringify(list) })).toEqual(
    REFUSED,
  );
});
