/** The page of the built program, beside JSON lines of the same run. */
import {
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeColumn } from "../../outputs/html/page/data.ts";
import {
  BINARY,
  ensureBinary,
  openTerminal,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines, totalOf } from "../support/json-run.ts";
import { pageDataIn, sumIn, totalIn } from "../support/page.ts";
import { runDds } from "../support/machine/dd.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-html-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const dataIn = (name: string) => pageDataIn(readFileSync(at(name), "utf8"));

const AMOUNTS = [
  ["read", "read_bytes"],
  ["write", "write_bytes"],
  ["cancelled", "cancelled_write_bytes"],
  ["io_delay_ns", "io_delay_ns"],
] as const;

test.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats(
    "a live run and its recording have the sums of JSON lines, and short programs their names",
  ),
  async () => {
    using disk = diskFolder();
    await using running = startBinary([
      ...["--output", `html=${at("live.html")},every=0.1,points=4`],
      ...["--output", `jsonl=${at("io.jsonl")}`, "-d", "0.1"],
    ]);
    await eventually(() => readdirSync(folder).includes("live.html"), Boolean);
    expect(dataIn("live.html").next_s).toBe(0.1);
    const { comm, written } = await runDds(60, disk.path);
    const lines = () => readFileSync(at("io.jsonl"), "utf8").split("\n").length;
    const begun = lines();
    await eventually(() => lines() > begun + 6, Boolean);
    running.kill("SIGTERM");
    const { status, stderr } = await running.exited;
    expect(status).toBe(0);
    expect(stderr).not.toContain("html");
    const replay = await runBinary([
      ...["--replay", at("io.jsonl"), "--speed", "max"],
      ...["--output", "html"],
    ]);
    expect(replay.status).toBe(0);

    const live = dataIn("live.html");
    const replayed = pageDataIn(replay.stdout);
    const records = parseLines(readFileSync(at("io.jsonl"), "utf8"));
    expect(live.end_ms.length).toBeLessThanOrEqual(4);
    // While the machine is busy, a live page gets two samples as one.
    expect(live.samples).toBeLessThanOrEqual(records.length);
    expect(replayed.samples).toBe(records.length);
    // An end without I/O of its own is in no line of the recording.
    const recorded = records
      .flatMap(({ tasks }) => tasks)
      .filter((task) => task.comm === comm && task.life === "exited").length;
    for (const [data, ended] of [
      [live, 60],
      [replayed, recorded],
    ] as const) {
      expect(data.next_s).toBeNull();
      const dd = data.groups.find(({ name }) => name === comm)!;
      expect(sumIn(data, dd, "write")).toBe(written);
      const count = decodeColumn(dd.ended, data.end_ms.length);
      expect(count.reduce<number>((sum, n) => sum + (n ?? 0), 0)).toBe(ended);
      for (const [amount, key] of AMOUNTS)
        expect([key, totalIn(data, amount)]).toEqual([
          ...[key, totalOf(records, key)],
        ]);
    }
    expect(statSync(at("live.html")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual(
      [],
    );
  },
);

test("what makes no sense is refused", async () => {
  const tried = await Promise.all(
    [
      ...["rows=0", "points=1", "every=0", "group=pid"],
      ...["mode=0400", "colour=red"],
    ].map((setting) =>
      runBinary(["-n", "1", "--output", `html=${at("page.html")},${setting}`]),
    ),
  );
  for (const { status, stderr } of tried) {
    expect(status).toBe(2);
    expect(stderr).toMatch(/^iotop: html[: ].+\n$/);
  }
  const gzip = await runBinary(["--output", `html=${at("page.html.gz")}`]);
  expect(gzip.status).toBe(2);
  const nowhere = await runBinary(["--output", `html=${at("no/page.html")}`]);
  expect(nowhere.status).toBe(1);
  expect(nowhere.stderr).toContain(
    `iotop: html: ${at("no/page.html")}: no such file or directory\n`,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test("a terminal is no place for it", async () => {
  await using session = openTerminal(["-n", "1", "--output", "html"], {
    command: [BINARY],
  });
  await session.until((output) => output.includes("html needs a file"));
  expect(await session.exited).toMatchObject({ status: 2 });
});
