// waits: it starts the program and a database
/** The outputs of the manual that write to databases: the sums there are those of JSON lines. */
import { SQL } from "bun";
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary, runBinary, startBinary } from "../support/binary.ts";
import { runDds } from "../support/machine/dd.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { readDocument } from "../support/documents/manual.ts";
import { codeBlocks } from "../support/documents/markdown-text.ts";
import { needing } from "../support/needs.ts";
import {
  LACK_OF_POSTGRES,
  startPostgres,
} from "../support/servers/postgres-server.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(120_000);
beforeAll(ensureBinary);

let home: string;
beforeAll(() => {
  // As root only where nobody else can write, all the way up.
  const base = process.geteuid!() === 0 ? "/root" : tmpdir();
  home = mkdtempSync(join(base, "iotop-databases-"));
});
afterAll(() => rmSync(home, { recursive: true }));

/** Runs the manual's module of this name beside dd and JSON lines; the bytes written that those lines have. */
async function runBeside(name: string, target: string): Promise<number> {
  const source = codeBlocks(readDocument("src/manual/modules.md"), "ts").find(
    (text) => text.includes(`name: "${name}"`),
  )!;
  const module = join(home, `${name}.ts`);
  const file = join(home, `${name}.jsonl`);
  writeFileSync(module, source);
  using disk = diskFolder();
  await using running = startBinary([
    ...["-P", "-d", "0.2", "--output", `${module}=${target}`],
    ...["--output", `jsonl=${file}`],
  ]);
  const lines = () => readFileSync(file, "utf8").split("\n").length - 1;
  await eventually(
    () =>
      Bun.file(file)
        .exists()
        .then((exists) => (exists ? lines() : 0)),
    (count) => count > 0,
  );
  await runDds(5, disk.path);
  const begun = lines();
  await eventually(lines, (count) => count > begun + 1);
  running.kill("SIGTERM");
  const { status, stderr } = await running.exited;
  expect({ status, about: stderr.includes(name) }).toEqual({
    status: 0,
    about: false,
  });
  const tasks = parseLines(readFileSync(file, "utf8")).flatMap(
    ({ tasks }) => tasks,
  );
  const written = tasks.reduce((sum, task) => sum + (task.write_bytes ?? 0), 0);
  expect(written).toBeGreaterThan(0);
  return written;
}

test("SQLite", async () => {
  const path = join(home, "io.db");
  const written = await runBeside("sqlite", path);
  using db = new Database(path, { readonly: true });
  const [sum] = db.query("select sum(write_bytes) from io").values()[0] as [
    number,
  ];
  expect(sum).toBe(written);
});

test.skipIf(LACK_OF_POSTGRES !== null)(
  needing("Postgres", LACK_OF_POSTGRES),
  async () => {
    await using server = await startPostgres();
    const written = await runBeside("postgres", server.url);
    await using sql = new SQL(server.url);
    const [row] = await sql`select sum(write_bytes)::bigint as sum from io`;
    expect(Number(row.sum)).toBe(written);

    // And what COPY makes of the same samples as CSV.
    const copied = await runBinary([
      ...["--replay", join(home, "postgres.jsonl"), "--speed", "max", "-P"],
      ...["--output", "csv,fields=time+pid+comm+write_bytes"],
    ]);
    const load = `create table csv (time timestamptz, pid int, comm text, write_bytes bigint);
      copy csv from stdin csv header;
${copied.stdout}\\.
select sum(write_bytes) from csv;`;
    const psql = Bun.spawn(["psql", server.url, "-qtA"], {
      stdin: new TextEncoder().encode(load),
    });
    expect((await psql.stdout.text()).trim()).toBe(String(written));
  },
);
