/** statsd by TCP, with the built program: no sum is lost, neither at full speed nor in an outage. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeRecord, toRecord } from "../../src/model/record/record.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import { ensureBinary, runBinary, startBinary } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { generateRun, sumOverRun } from "../support/runs/generated-run.ts";
import { parseLines } from "../support/json-run.ts";
import { ownPlace, type Place } from "../support/servers/own-place.ts";
import { startStatsd, type Values } from "../support/servers/statsd-server.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const folder = mkdtempSync(join(tmpdir(), "iotop-streams-"));
afterAll(() => rmSync(folder, { recursive: true }));

const streams = () => ({
  tcp: ownPlace(),
  unix: join(folder, `${crypto.randomUUID().slice(0, 8)}.sock`),
});

const sumOf = (counters: Values, pattern: RegExp): number =>
  [...counters]
    .filter(([name]) => pattern.test(name))
    .reduce((sum, [, value]) => sum + value, 0);

const TOTAL = /\.tasks\.write_bytes$/;
const GROUPS = /\.comm\.\w+\.write_bytes$/;

test("a replay at full speed: every byte of 5,000 samples", async () => {
  const samples = generateRun(20, 5000);
  const file = join(folder, "day.jsonl");
  const lines = samples.map((sample) =>
    encodeRecord(toRecord(sample, { all: false, view: DEFAULT_VIEW })),
  );
  writeFileSync(file, `${lines.join("\n")}\n`);
  const { tcp, unix } = streams();
  await using server = await startStatsd(ownPlace(), { tcp, unix });
  const written = sumOverRun(samples, "writeBytes");
  const { status, stderr } = await runBinary([
    ...["--replay", file, "--speed", "max"],
    ...["--output", `statsd=tcp:${tcp.text}`],
  ]);
  expect([status, stderr]).toEqual([0, ""]);
  const counters = await eventually(
    () => server.counters(),
    (values) => sumOf(values, GROUPS) === written,
  );
  expect(sumOf(counters, TOTAL)).toBe(written);
  expect(counters.get("statsd.bad_lines_seen")).toBe(0);
});

/** Takes lines until it closes, to the last one that was sent before that was known. */
function serve({ address, port }: Place) {
  let text = "";
  const sockets = new Set<Bun.Socket<undefined>>();
  const server = Bun.listen<undefined>({
    ...{ hostname: address, port, allowHalfOpen: true },
    socket: {
      open: (socket) => void sockets.add(socket),
      data: (_, bytes) => void (text += bytes.toString()),
      close: (socket) => void sockets.delete(socket),
    },
  });
  return {
    text: () => text,
    close: async () => {
      server.stop();
      for (const socket of sockets) socket.shutdown();
      await eventually(
        () => sockets.size,
        (size) => size === 0,
      );
    },
  };
}

test.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("a live run whose server goes and comes again loses no sum"),
  async () => {
    const place = ownPlace();
    const file = join(folder, "live.jsonl");
    let server = serve(place);
    await using running = startBinary([
      ...["-d", "0.2", "--output", `jsonl=${file}`],
      ...["--output", `statsd=tcp:${place.text}`],
    ]);
    let texts = "";
    for (const round of [1, 2]) {
      await eventually(server.text, (text) => text.includes("tasks.count"));
      await server.close();
      texts += server.text();
      await eventually(
        () => running.stderr,
        (stderr) => stderr.split("trying again").length === round + 1,
      );
      server = serve(place);
      await eventually(
        () => running.stderr,
        (stderr) => stderr.split("works again").length === round + 1,
      );
    }
    await eventually(server.text, (text) => text.includes("tasks.count"));
    running.kill("SIGTERM");
    const { status } = await running.exited;
    await server.close();
    texts += server.text();
    const sum = (pattern: RegExp): number =>
      [...texts.matchAll(pattern)]
        .map(([, value]) => Number(value))
        .reduce((a, b) => a + b, 0);
    const records = parseLines(readFileSync(file, "utf8"));
    const wanted = records.reduce((n, { total }) => n + total.write_bytes!, 0);
    expect(status).toBe(0);
    expect(sum(/\.tasks\.write_bytes:(\d+)\|c$/gm)).toBe(wanted);
    expect(sum(/\.comm\.\w+\.write_bytes:(\d+)\|c$/gm)).toBe(wanted);
  },
);
