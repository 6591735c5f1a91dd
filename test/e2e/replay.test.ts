/** --replay on the built program: what was recorded feeds every output. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeRecord, toRecord } from "../../src/model/record/record.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import {
  BINARY,
  ensureBinary,
  openTerminal,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { SAMPLE_TIME_MS, makeSample, row } from "../support/samples.ts";
import { feed, linesOf, openXTerm } from "../support/screen/screen-harness.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import {
  diskFolder,
  runWorkload,
  startWriter,
  workloadAs,
} from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);

beforeAll(ensureBinary);

let folder: string;
/** Of busy tasks, of all tasks, and of all processes. */
let busy: string;
let all: string;
let processes: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "iotop-replay-"));
  using disk = diskFolder();
  const record = (name: string, ...args: readonly string[]) => {
    const path = join(folder, `${name}.jsonl`);
    const output = `jsonl=${path}${name === "busy" ? "" : ",all"}`;
    const running = startBinary(["-d0.4", ...args, "--output", output]);
    return { path, running };
  };
  const recordings = [record("busy"), record("all"), record("processes", "-P")];
  const write = () =>
    runWorkload("write", "7265706c6179", 64, join(disk.path, "file"));
  // Also for users to whom the kernel reports no ends: one that lives on.
  await using lasting = startWriter(
    workloadAs("replay", disk.path),
    ...([1, 64, join(disk.path, "lasting")] as const),
  );
  const linesOf = ({ path }: { readonly path: string }) =>
    existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
  const until = (lines: number) =>
    eventually(
      () => recordings.map(linesOf),
      (counts) => counts.every((count) => count >= lines),
    );
  await until(1);
  for (const lines of [3, 4]) {
    await write();
    await lasting.write();
    await until(lines);
  }
  for (const { running } of recordings) {
    running.kill("SIGTERM");
    expect((await running.exited).status).toBe(0);
  }
  [busy, all, processes] = recordings.map(({ path }) => path) as [
    string,
    string,
    string,
  ];
});

afterAll(() => rmSync(folder, { recursive: true }));

const replay = (path: string, ...args: readonly string[]) =>
  runBinary(["--replay", path, "--speed", "max", ...args]);

describe("JSON lines come back as they were", () => {
  test("busy tasks, to the byte", async () => {
    const text = readFileSync(busy, "utf8");
    expect(text).toContain('"comm":"replay"');
    const { stdout, status } = await replay(busy, "--output", "jsonl");
    expect(status).toBe(0);
    expect(stdout).toBe(text);
  });

  test("all tasks, to the byte", async () => {
    const { stdout } = await replay(all, "--output", "jsonl,all");
    expect(stdout).toBe(readFileSync(all, "utf8"));
  });

  test("of /proc alone, to the byte", async () => {
    const path = join(folder, "procfs.jsonl");
    const recording = runBinary([
      ...["--source", "procfs", "-n3", "-d0.4"],
      ...["--output", `jsonl=${path},all`],
    ]);
    using disk = diskFolder();
    await runWorkload("write", "7072", 64, join(disk.path, "file"));
    await recording;
    const { stdout } = await replay(path, "--output", "jsonl,all");
    expect(stdout).toBe(readFileSync(path, "utf8"));
    // Whole nanoseconds.
    expect(stdout).not.toMatch(/_s":\d+\.\d{10}/);
    expect(stdout).toContain('"accounting":"procfs"');
  });

  test("all processes", async () => {
    const { stdout } = await replay(processes, "-P", "--output", "jsonl,all");
    expect(parseLines(stdout).map(({ tasks }) => tasks)).toEqual(
      parseLines(readFileSync(processes, "utf8")).map(({ tasks }) => tasks),
    );
  });

  test.each([
    ["gzip", Bun.gzipSync],
    ["zstd", Bun.zstdCompressSync],
  ] as const)("%s, as a file and on stdin", async (name, pack) => {
    const path = join(folder, `${name}.packed`);
    const text = readFileSync(busy);
    writeFileSync(path, pack(text));
    const { stdout } = await replay(path, "--output", "jsonl");
    expect(stdout).toBe(text.toString());
    const piped = Bun.spawnSync([
      ...["sh", "-c"],
      `cat "$1" | "$0" --replay - --speed max --output jsonl`,
      ...[BINARY, path],
    ]);
    expect(piped.stdout.toString()).toBe(text.toString());
  });
});

describe("feeds", () => {
  test("the batch text, and -n counts", async () => {
    const { stdout, status } = await replay(busy, "-b", "-n2", "-oP");
    expect(status).toBe(0);
    expect(stdout.match(/^Total DISK READ/gm)).toHaveLength(2);
    if (TASKSTATS_REFUSAL === null)
      expect((await replay(busy, "-boP")).stdout).toContain("(exited)");
  });

  test.each(["-bkaqq", "-bkaqqP"])(
    "with %s, sums that go on over two recordings in one file",
    async (cluster) => {
      const path = join(folder, "two.jsonl");
      writeFileSync(path, readFileSync(all, "utf8").repeat(2));
      const lastSums = async (file: string) => {
        const { stdout } = await replay(file, cluster);
        const last = stdout.split(/^Total/m).at(-1)!;
        const kib = (pattern: RegExp) =>
          [...last.matchAll(pattern)].reduce(
            (sum, [, n]) => sum + Number(n),
            0,
          );
        return {
          total: kib(/^.* DISK WRITE: +([\d.]+) K$/gm),
          rows: kib(/([\d.]+) K +\S+ % +\S+ % replay /g),
        };
      };
      const { total, rows } = await lastSums(all);
      expect(rows).toBeGreaterThan(0);
      expect(total).toBeGreaterThanOrEqual(rows);
      expect(await lastSums(path)).toEqual({
        total: 2 * total,
        rows: 2 * rows,
      });
      const { stdout } = await replay(path, "--output", "jsonl,all");
      expect(stdout).toBe(readFileSync(path, "utf8"));
    },
  );

  test("the report", async () => {
    const { stdout } = await replay(busy, "--output", "report");
    // Where the kernel reports no ends, what has ended is not known to have.
    expect(stdout).toMatch(
      TASKSTATS_REFUSAL === null
        ? /^replay +[1-9]\d* +[1-9]/m
        : /^replay +[1-9]\d* +0 /m,
    );
  });

  test("the report of active threads alone names processes, not threads", async () => {
    const path = join(folder, "threads.jsonl");
    const cmdline = ["./dist/iotop", "-n3", "--output", "jsonl"];
    const pool = [6, 7].map((tid) =>
      row({ tid, pid: 5, comm: `Bun Pool ${tid}`, cmdline, writeBytes: 4096 }),
    );
    const lines = pool.map((thread, n) =>
      encodeRecord(
        toRecord(makeSample({ seq: n + 1, threads: [thread] }), {
          all: false,
          view: DEFAULT_VIEW,
        }),
      ),
    );
    writeFileSync(path, `${lines.join("\n")}\n`);
    const { stdout } = await replay(path, "--output", "report");
    expect(stdout).toMatch(/^iotop +1 +0 +0\.00 B +8\.00 K /m);
    expect(stdout).not.toContain("Bun Pool");
  });

  // Without taskstats there are no totals to send.
  test.skipIf(TASKSTATS_REFUSAL !== null)(
    needsTaskstats("statsd"),
    async () => {
      const lines: string[] = [];
      const server = await Bun.udpSocket({
        hostname: "127.0.0.1",
        socket: {
          data: (_, bytes) => void lines.push(...bytes.toString().split("\n")),
        },
      });
      const target = `statsd=127.0.0.1:${server.port},host=off`;
      const { status } = await replay(busy, "--output", target);
      expect(status).toBe(0);
      const written = () =>
        lines
          .map((line) => /^iotop\.tasks\.write_bytes:(\d+)\|c$/.exec(line)?.[1])
          .reduce((sum, value) => sum + Number(value ?? 0), 0);
      const total = parseLines(readFileSync(busy, "utf8")).reduce(
        (sum, record) => sum + record.total.write_bytes!,
        0,
      );
      // The last datagrams may still be on their way.
      await eventually(written, (sum) => sum >= total);
      server.close();
      expect(written()).toBe(total);
    },
  );

  test("the screen, in the time that it took", async () => {
    const beganMs = performance.now();
    const xterm = await openXTerm(80, 24);
    await using session = openTerminal(["--replay", busy, "-a"], {
      onOutput: (bytes) => xterm.write(bytes),
    });
    // What is written are the cells that changed: only a terminal has the word.
    await eventually(
      () => linesOf(xterm).join("\n"),
      (shown) => shown.includes("replay"),
    );
    await session.until((output) => output.includes("end of the recording"));
    expect(performance.now() - beganMs).toBeGreaterThan(750);
    session.type("q");
    expect(await session.exited).toMatchObject({ status: 0 });
    expect(session.output).toContain("\x1b[?1049l");
  });
});

test("the screen's sums, and since when, go on over two recordings in one file", async () => {
  const path = join(folder, "runs.jsonl");
  const exit = { code: 0, signal: 0 };
  const lines = [0, 3600].flatMap((laterS) =>
    [1, 2].map((seq) => {
      const rows = [
        // By the clocks of another run it started a millisecond later.
        row({
          tid: 5,
          comm: "w",
          writeBytes: 40_960,
          since: { writeBytes: 40_960 * seq },
          startMs: SAMPLE_TIME_MS - 60_000 + (laterS > 0 ? 1 : 0),
        }),
        ...(seq === 1 ? [] : [7, 8, 9]).map((tid) =>
          row({
            tid: tid + laterS,
            comm: "dd",
            writeBytes: 2 ** 21,
            born: true,
            exit,
          }),
        ),
      ];
      const sample = makeSample({
        seq,
        timeMs: SAMPLE_TIME_MS + 1000 * (laterS + seq),
        uptimeS: 5000 + laterS + seq,
        threads: rows,
      });
      return encodeRecord(toRecord(sample, { all: false, view: DEFAULT_VIEW }));
    }),
  );
  writeFileSync(path, `${lines.join("\n")}\n`);
  const xterm = await openXTerm(110, 20);
  await using session = openTerminal(
    ["--replay", path, "--speed", "max", "-aoP"],
    {
      columns: 110,
      rows: 20,
      env: { TZ: "UTC" },
      onOutput: (bytes) => xterm.write(bytes),
    },
  );
  await session.until((output) => output.includes("end of the recording"));
  await feed(xterm, "");
  const screen = linesOf(xterm).join("\n").replaceAll(/ +/g, " ");
  expect(screen).toContain("Total DISK WRITE: 12.2M");
  expect(screen).toContain(" since 03:27:28");
  expect(screen).toMatch(/ 5 be\/4 root 0 160K .* w\b/);
  expect(screen).toMatch(/x 6× - root 0 12\.0M .* dd \(6 ended\)/);
});

describe("says what is wrong", () => {
  const problems = ({ stderr }: { readonly stderr: string }) =>
    stderr.split("\n").filter((line) => /replay|jsonl|recording/.test(line));

  test("with what stands behind the end of a compressed file", async () => {
    const path = join(folder, "behind.gz");
    const text = readFileSync(busy);
    writeFileSync(path, Buffer.concat([Bun.gzipSync(text), Buffer.from("x")]));
    const outcome = await replay(path, "--output", "jsonl");
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toBe(text.toString());
    expect(outcome.stderr).toContain(
      `iotop: ${path}: skipped what follows the end of its gzip data\n`,
    );
  });

  test("with numbers that nobody could have counted, whatever they are fed to", async () => {
    const path = join(folder, "huge.jsonl");
    const [first, second] = readFileSync(busy, "utf8").split("\n");
    const huge = second!.replace(
      /"total":{"tasks":\d+,"read_bytes":(?:\d+|null)/,
      (t) => t.replace(/(?:\d+|null)$/, "1e308"),
    );
    writeFileSync(path, `${huge}\n${first}\n${huge}\n`);
    for (const output of ["report", "jsonl", "batch"]) {
      const outcome = await replay(path, "--output", output);
      expect(outcome.status).toBe(0);
      expect(outcome.stdout).not.toMatch(/Infinity|NaN|e\+/);
      expect(outcome.stderr).toContain(
        `iotop: ${path}: skipped 2 lines, the first is line 1: total.read_bytes is not a whole number, 0 to 9007199254740991\n`,
      );
    }
  });

  test("with some lines", async () => {
    const path = join(folder, "bad.jsonl");
    const [first, second] = readFileSync(busy, "utf8").split("\n");
    writeFileSync(path, `${first}\n{"schema\n${second}\n{}\n`);
    const outcome = await replay(path, "--output", "jsonl");
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toBe(`${first}\n${second}\n`);
    expect(problems(outcome)).toContain(
      `iotop: ${path}: skipped 2 lines, the first is line 2: not a line of JSON`,
    );
  });

  test.each([
    ["/dev/null", [], 1, /the recording is empty$/],
    ["/no/such.jsonl", [], 1, /\/no\/such\.jsonl: no such file or directory$/],
    ["/no/such.jsonl", ["--from", "1"], 2, /--from 1: must be a time: 02:13, /],
  ] as const)("with %s %p", async (path, args, status, message) => {
    const outcome = await replay(path, "-b", ...args);
    expect([outcome.status, outcome.stdout]).toEqual([status, ""]);
    expect(outcome.stderr.trimEnd()).toMatch(message);
    expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
