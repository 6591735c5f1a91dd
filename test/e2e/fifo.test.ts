/** FIFOs and pipes that nobody reads, or whose reader does not read: they hold up nothing but themselves. */
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../src/errors.ts";
import {
  BINARY,
  ensureBinary,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(120_000);
beforeAll(ensureBinary);
const PATIENCE_MS = 60_000;

function makeFifos(folder: string, count: number): readonly string[] {
  const paths = Array.from({ length: count }, (_, i) =>
    join(folder, `fifo${i}`),
  );
  for (const path of paths) Bun.spawnSync(["mkfifo", path]);
  return paths;
}

const seqsIn = (path: string): number[] => {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = text.slice(0, text.lastIndexOf("\n") + 1);
  return parseLines(lines).map(({ seq }) => seq);
};

/** Every sample up to the last one is there: where numbers are left out, a busy machine has merged samples. */
function expectSamples(path: string, last: number): void {
  const seqs = seqsIn(path);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  expect(seqs.at(-1)).toBe(last);
}

const openReader = (path: string): number =>
  openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);

/** @returns the reader, which does not read */
function fillFifo(path: string): number {
  const reader = openReader(path);
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    for (;;) writeSync(fd, "x".repeat(4096));
  } catch (error) {
    if (errorCode(error) !== "EAGAIN") throw error;
  }
  closeSync(fd);
  return reader;
}

test.concurrent.each([2, 6])(
  "%p without a reader: the file beside gets every sample, -n ends, and each is named",
  async (count) => {
    using disk = diskFolder();
    const fifos = makeFifos(disk.path, count);
    const file = join(disk.path, "ok.jsonl");
    const { status, stderr } = await runBinary(
      [
        ...[...fifos, file].flatMap((path) => ["--output", `jsonl=${path}`]),
        ...["-n", "4", "-d", "0.2"],
      ],
      { timeoutMs: PATIENCE_MS },
    );
    expect(status).toBe(1);
    expectSamples(file, 4);
    const lines = stderr.split("\n");
    for (const path of fifos) {
      const about = lines.filter((line) => line.includes(path));
      expect(about).toEqual([
        `iotop: jsonl: the FIFO ${path} has no reader yet: waiting for one`,
        `iotop: jsonl: ${path}: no program has read this FIFO`,
      ]);
    }
  },
);

test.concurrent(
  "a reader that comes later gets every byte, in order",
  async () => {
    using disk = diskFolder();
    const [fifo] = makeFifos(disk.path, 1);
    const file = join(disk.path, "ok.jsonl");
    await using running = startBinary(
      [fifo!, file]
        .flatMap((path) => ["--output", `jsonl=${path}`])
        .concat("-d", "0.1"),
    );
    await eventually(
      () => seqsIn(file).length,
      (count) => count >= 5,
      PATIENCE_MS,
    );
    const reader = Bun.spawn(["cat", fifo!], { stdout: "pipe" });
    await eventually(
      () => seqsIn(file).length,
      (count) => count >= 15,
      PATIENCE_MS,
    );
    running.kill("SIGTERM");
    expect((await running.exited).status).toBe(0);
    const late = parseLines(await reader.stdout.text());
    const beside = parseLines(readFileSync(file, "utf8"));
    const written = (records: typeof late) =>
      records.reduce((sum, { total }) => sum + (total.write_bytes ?? 0), 0);
    expect(late.map(({ seq }) => seq).slice(0, 1)).toEqual([1]);
    expect(late.at(-1)!.seq).toBe(beside.at(-1)!.seq);
    expect(written(late)).toBe(written(beside));
    // While nobody read, samples were merged.
    expect(late.length).toBeLessThan(beside.length);
  },
);

test.concurrent(
  "readers that do not read: the file beside gets every sample, and a signal ends it",
  async () => {
    using disk = diskFolder();
    const fifos = makeFifos(disk.path, 3);
    const readers = fifos.map(fillFifo);
    const file = join(disk.path, "ok.jsonl");
    await using running = startBinary(
      [...fifos, file]
        .flatMap((path) => ["--output", `jsonl=${path}`])
        .concat("-d", "0.1"),
    );
    await eventually(
      () => seqsIn(file).length,
      (count) => count >= 20,
      PATIENCE_MS,
    );
    running.kill("SIGTERM");
    const { status, stderr } = await running.exited;
    expect(status).toBe(1);
    expect(stderr.match(/did not finish in time/g)).toHaveLength(3);
    expectSamples(file, seqsIn(file).at(-1)!);
    for (const fd of readers) closeSync(fd);
  },
);

test.concurrent(
  "a pipe on stderr that is full holds up neither samples nor the end",
  async () => {
    using disk = diskFolder();
    const [fifo, unread] = makeFifos(disk.path, 2);
    const reader = fillFifo(fifo!);
    const file = join(disk.path, "ok.jsonl");
    const { status } = await runBinary(
      [file, unread!]
        .flatMap((path) => ["--output", `jsonl=${path}`])
        .concat("-n", "5", "-d", "0.1"),
      {
        command: ["sh", "-c", `exec 2>'${fifo}'; exec "$0" "$@"`, BINARY],
        timeoutMs: PATIENCE_MS,
      },
    );
    expect(status).toBe(1);
    expectSamples(file, 5);
    closeSync(reader);
  },
);

test.concurrent(
  "the flags of a pipe that others write to as well are left alone",
  async () => {
    await using running = startBinary([], {
      command: [
        "sh",
        "-c",
        `sh -c 'echo $$; exec "$0" -b -d 0.1' '${BINARY}' 2>&1 | cat`,
      ],
    });
    await running.until((text) => text.split("Total").length > 2, PATIENCE_MS);
    const child = parseInt(running.stdout);
    for (const fd of [1, 2]) {
      const info = readFileSync(`/proc/${child}/fdinfo/${fd}`, "latin1");
      const flags = parseInt(/^flags:\s*(\d+)/m.exec(info)![1]!, 8);
      expect(flags & constants.O_NONBLOCK).toBe(0);
    }
    process.kill(child);
    expect((await running.exited).status).toBe(0);
  },
);
