// limit: 15 min, as one command is a whole part of the tests
/** What CONTRIBUTING.md tells to type, typed; where that would write files or take long, in the form that only checks. */
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { BINARY, ensureBinary } from "../support/binary.ts";
import { lackOfRoot, needing } from "../support/needs.ts";
import { typedCommands } from "../support/documents/markdown-text.ts";

/** More than a command may take beside other work. */
setDefaultTimeout(600_000);
beforeAll(ensureBinary);

const ROOT = resolve(import.meta.dir, "../..");
const text = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");

const commands = typedCommands(text);

/** What is typed in its place. */
const INSTEAD: Readonly<Record<string, string>> = {
  "./dist/iotop -b -n 1": `'${BINARY}' -b -n 1`,
  "bun fmt": "bun fmt --check",
  "bun test/support/manual-tables.ts --write":
    "bun test/support/manual-tables.ts",
  "bun test/support/counter-schema.ts --write":
    "bun test/support/counter-schema.ts",
  "bun test test/outputs/screen --update-snapshots":
    "bun test test/outputs/screen/whole/shown.test.ts --ci",
  "IOTOP_HISTORIES=2000 bun test test/sampler/exactness/as-today.test.ts":
    "IOTOP_HISTORIES=1 bun test test/sampler/exactness/as-today.test.ts",
  // The whole file floods all listeners, and runs alone for that.
  "bun test test/live/kernel.test.ts":
    "bun test test/live/kernel.test.ts -t 'one send for many'",
  "npm run bench -- --scenario startup": "bun test/bench/run.ts --help",
};

/** Commands that are not typed here, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "npm run build": "test/all.ts builds, test/ensure.test.ts installs",
  "bun run build": "the same",
  "bun test/all.ts": "it runs this file",
  "bun test/support/screen-demo.ts": "it draws until somebody types q",
  "bun test test/sampler": "it takes minutes beside other work",
  "npm install": "it changes the lock file",
  "bun test test/runtime test/build.test.ts test/licenses test/e2e/hardening.test.ts":
    "each is a part of the tests",
  "npm run services": "it boots a virtual machine",
  "npm run release": "xz takes minutes; test/packaging packs a small program",
  "npm run kernels -- 6.12":
    "it boots a machine for minutes, and writes down what came of it",
  'PATH="$PWD/node_modules/.bin:$PATH"': "it is for the lines after it",
};

/** Nothing else is run as it stands: a document may name what changes a machine, or takes long. */
const OURS = /^(?:IOTOP_HISTORIES=\d+ )?(?:bun|\.\/dist\/iotop) /;
const isTyped = (command: string): boolean =>
  OURS.test(command) || INSTEAD[command] !== undefined;

const wanted = commands.filter((command) => LEFT_OUT[command] === undefined);
const typed = wanted.filter(isTyped);

test("what is not typed is left out for a reason", () =>
  expect(wanted.filter((command) => !isTyped(command))).toEqual([]));

test("there are many, and each of those that are treated apart", () => {
  expect(typed.length).toBeGreaterThan(8);
  const apart = [...Object.keys(INSTEAD), ...Object.keys(LEFT_OUT)];
  expect(apart.filter((command) => !commands.includes(command))).toEqual([]);
});

for (const command of new Set(typed)) {
  const lack = command.includes("test/live") ? lackOfRoot : null;
  test.skipIf(lack !== null)(needing(command, lack), async () => {
    const child = Bun.spawn(["sh", "-c", INSTEAD[command] ?? command], {
      cwd: ROOT,
      env: {
        ...process.env,
        PATH: `${join(ROOT, "node_modules/.bin")}:${process.env["PATH"]}`,
      },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    if (child.exitCode !== 0)
      throw new Error(`status ${child.exitCode}\n${stdout}\n${stderr}`);
  });
}
