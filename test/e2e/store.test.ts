/** A folder of recordings, kept by the built program. */
import {
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import { encodeRecord, toRecord } from "../../src/model/record/record.ts";
import { ensureBinary, runBinary, startBinary } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { lackOf, needing } from "../support/needs.ts";
import { makeSample, row } from "../support/samples.ts";
import {
  lacksOfSmallDisk,
  openSmallDisk,
} from "../support/machine/small-disk.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(60_000);
beforeAll(ensureBinary);

let disk: ReturnType<typeof diskFolder>;
beforeEach(() => (disk = diskFolder()));
afterEach(() => disk[Symbol.dispose]());
const at = (name: string): string => join(disk.path, name);

const linesOf = (path: string): readonly string[] => {
  const bytes = readFileSync(path);
  const text = path.endsWith(".zst") ? zstdDecompressSync(bytes) : bytes;
  return text.toString().split("\n").slice(0, -1);
};
const storedIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .sort()
    .flatMap((name) => linesOf(join(folder, name)));

/** Three hours, a sample every ten seconds. */
function threeHours(): readonly string[] {
  const beganMs = Date.UTC(2026, 10, 24, 2);
  return Array.from({ length: 1080 }, (_, n) => {
    const threads = [row({ tid: 7, writeBytes: 4096 * (n % 7) })];
    const sample = makeSample({
      ...{ seq: n + 1, timeMs: beganMs + n * 10_000, intervalNs: 1e10 },
      threads,
    });
    return encodeRecord(toRecord(sample, { all: true, view: DEFAULT_VIEW }));
  });
}

const NO_ZSTD = lackOf("zstd");
test.skipIf(NO_ZSTD !== null)(
  needing("three hours are eighteen files, and six of an hour", NO_ZSTD),
  async () => {
    const lines = threeHours();
    writeFileSync(at("recording"), `${lines.join("\n")}\n`);
    const replay = ["--replay", at("recording"), "--speed", "max"];
    const { status, stderr } = await runBinary([
      ...replay,
      ...["--output", `jsonl=${at("all")}/,all,every=10m,max=off`],
      ...["--output", `jsonl=${at("hour")}/,all,every=10m,keep=1h,mode=0640`],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const names = readdirSync(at("all")).sort();
    expect(names).toHaveLength(18);
    expect(names[1]).toBe("iotop-db1-20261124T0210Z.jsonl.zst");
    const { exitCode } = Bun.spawnSync(
      ["zstd", "-qt", ...names.map((name) => join(at("all"), name))],
      { stdio: ["ignore", "inherit", "inherit"] },
    );
    expect(exitCode).toBe(0);
    expect(storedIn(at("all"))).toEqual(lines);
    expect(storedIn(at("hour"))).toEqual(lines.slice(-7 * 60));
    const modes = [at("all"), join(at("all"), names[0]!), at("hour")].concat(
      readdirSync(at("hour")).map((name) => join(at("hour"), name)),
    );
    expect(modes.map((path) => statSync(path).mode & 0o777)).toEqual([
      ...[0o700, 0o600, 0o700],
      ...Array<number>(7).fill(0o640),
    ]);
  },
);

test("a second writer is refused in one line, until the first one is gone, however it ended", async () => {
  const args = ["-d", "0.1", "--output", `jsonl=${at("store")}/`];
  await using first = startBinary(args);
  await eventually(
    () => {
      try {
        return storedIn(at("store")).length;
      } catch {
        return 0;
      }
    },
    (count) => count > 0,
  );
  const second = await runBinary([...args, "-n", "1"]);
  expect({ ...second, stdout: "" }).toMatchObject({
    status: 2,
    stderr: `iotop: jsonl: ${at("store")}/ is written by another program (process ${first.pid}): give each a folder of its own\n`,
  });
  first.kill("SIGKILL");
  await first.exited;
  const before = storedIn(at("store")).length;
  expect((await runBinary([...args, "-n", "1"])).status).toBe(0);
  expect(storedIn(at("store")).length).toBeGreaterThan(before);
});

const isSkipped = lacksOfSmallDisk.some((lack) => lack !== null);
test.skipIf(isSkipped)(
  needing(
    "too little free space costs samples and no sums, and is said once",
    ...lacksOfSmallDisk,
  ),
  async () => {
    using small = openSmallDisk(4 << 20);
    const store = join(small.path, "store");
    await using running = startBinary([
      ...["-d", "0.1", "--output", `jsonl=${store}/,min-free=50%`],
      ...["--output", `jsonl=${at("whole")}`],
    ]);
    const written = () => linesOf(at("whole")).length;
    await eventually(
      () => running.stderr + readdirSync(small.path).join(),
      (text) => text.includes("store"),
    );
    small.fill(1 << 20);
    await eventually(
      () => running.stderr,
      (text) => text.includes("less than 50% of the disk is free"),
    );
    const held = storedIn(store).length;
    const from = written();
    await eventually(written, (count) => count >= from + 3);
    expect(storedIn(store)).toHaveLength(held);
    small.free();
    await eventually(
      () => running.stderr,
      (text) => text.includes("works again"),
    );
    running.kill("SIGTERM");
    const { status, stderr } = await running.exited;
    expect(status).toBe(0);
    const sum = (lines: readonly string[]): number =>
      lines.reduce((sum, line) => sum + JSON.parse(line).total.write_bytes, 0);
    const last = JSON.parse(storedIn(store).at(-1)!);
    const whole = linesOf(at("whole"));
    expect(last.seq).toBe(JSON.parse(whole.at(-1)!).seq);
    expect(sum(storedIn(store))).toBe(sum(whole));
    expect(storedIn(store).length).toBeLessThan(whole.length);
    const told = stderr.split("\n").filter((line) => /jsonl: /.test(line));
    expect(told).toEqual([
      `iotop: jsonl: ${store}/: less than 50% of the disk is free: trying again; samples are merged meanwhile`,
      expect.stringMatching(/works again: \d+ samples were merged into one$/),
    ]);
  },
);
