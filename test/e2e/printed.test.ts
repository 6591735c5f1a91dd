/** What the executable prints for those who have nothing but a copy of it. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import Ajv2020 from "ajv/dist/2020.js";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary, runBinary } from "../support/binary.ts";
import { lackOfRoot } from "../support/needs.ts";
import { ROOT, manualText } from "../support/documents/manual.ts";
import { codeBlocks } from "../support/documents/markdown-text.ts";
import { publicNames } from "../support/documents/public-interface.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

let home: string;
beforeAll(() => {
  const isRoot = lackOfRoot === null;
  home = mkdtempSync(isRoot ? "/run/iotop-printed-" : join(tmpdir(), "iotop-"));
});
afterAll(() => rmSync(home, { recursive: true }));

const printed = async (option: string): Promise<string> => {
  const { stdout, stderr, status } = await runBinary([option]);
  expect([stderr, status]).toEqual(["", 0]);
  return stdout;
};

/** Errors of strict TypeScript that knows nothing but these files. */
function typeErrors(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(home, "types-"));
  const compilerOptions = {
    ...{ strict: true, noEmit: true, types: [], lib: ["ESNext", "DOM"] },
    ...{ target: "ESNext", module: "Preserve" },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  };
  for (const [name, text] of Object.entries({
    ...files,
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["*.ts"] }),
  }))
    writeFileSync(join(folder, name), text);
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, "check", "--no-pretty"],
    { cwd: folder },
  );
  return exitCode === 0 ? "" : `${stdout}${stderr}`;
}

describe("--output-types", () => {
  test("make the manual's modules and the template right, alone", async () => {
    // Those for databases need the types of the runtime too.
    const blocks = codeBlocks(manualText(), "ts").filter(
      (text) => text.includes("defineOutput({") && !/ from "bun\b/.test(text),
    );
    expect(blocks.length).toBeGreaterThan(1);
    const modules = Object.fromEntries(
      blocks.map((text, at) => [`module${at}.ts`, text]),
    );
    const types = await printed("--output-types");
    const template = await printed("--output-template");
    expect(
      typeErrors({ "iotop.d.ts": types, "mine.ts": template, ...modules }),
    ).toBe("");
    const [first = ""] = blocks;
    const misspelt = first.replace("row.readBytes", "row.readBites");
    expect(typeErrors({ "iotop.d.ts": types, "a.ts": misspelt })).toContain(
      "readBites",
    );
  });

  test("declare every name that a module can import", async () => {
    const names = publicNames().map(({ name }) => name);
    expect(names.length).toBeGreaterThan(80);
    const module = `import { ${publicNames()
      .map(({ name, isType }) => (isType ? `type ${name}` : name))
      .join(", ")} } from "iotop";
      export const all = { ${publicNames()
        .filter(({ isType }) => !isType)
        .map(({ name }) => name)
        .join(", ")} };`;
    const types = await printed("--output-types");
    expect(typeErrors({ "iotop.d.ts": types, "all.ts": module })).toBe("");
  });
});

test("--output-template runs as it is", async () => {
  const path = join(home, "mine.ts");
  writeFileSync(path, await printed("--output-template"));
  // A machine at rest has no row to show.
  using disk = diskFolder();
  const script = `for n in $(seq 600); do dd if=/dev/zero of="$1" bs=64k count=1 conv=fsync; sleep 0.1; done`;
  const writer = Bun.spawn(
    ["sh", "-c", script, "sh", join(disk.path, "file")],
    {
      stdio: ["ignore", "ignore", "ignore"],
    },
  );
  const { stdout, stderr, status } = await runBinary([
    ...["--output", `${path}=now,rows=2,tag.a=b`, "-n", "3", "-d", "0.5"],
  ]);
  writer.kill();
  await writer.exited;
  expect(status).toBe(0);
  expect(stderr).toContain("mine.ts: 3 samples");
  for (const line of stdout.trimEnd().split("\n"))
    expect(line).toMatch(/^now \d+ [\d.]+ [BKMG] .* a=b$/);
});

test("--json-schema is that of the lines", async () => {
  const text = await printed("--json-schema");
  expect(text).toBe(
    readFileSync(join(ROOT, "outputs/jsonl.schema.json"), "utf8"),
  );
  const schema = JSON.parse(text) as { $id: string };
  expect(schema.$id).toBe("urn:iotop:sample:1");
  const validate = new Ajv2020({
    strict: false,
    validateFormats: false,
  }).compile(schema);
  const { stdout } = await runBinary([
    "--output",
    "jsonl",
    "-n",
    "1",
    "-d",
    "0.2",
  ]);
  validate(JSON.parse(stdout));
  expect(validate.errors).toBeNull();
});

test("--grafana-dashboard is JSON, --prometheus-rules the file of the rules", async () => {
  const dashboard = JSON.parse(await printed("--grafana-dashboard"));
  expect(dashboard.title).toStartWith("iotop");
  expect(await printed("--prometheus-rules")).toBe(
    readFileSync(join(ROOT, "outputs/prometheus-rules.yml"), "utf8"),
  );
});
