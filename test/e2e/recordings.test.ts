// alone: it starts programs
/** Several recordings at once, on the built program. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary, runBinary } from "../support/binary.ts";
import { moments, writeRecording } from "../support/recordings.ts";

setDefaultTimeout(60_000);
beforeAll(ensureBinary);

const DAY_MS = Date.parse("2026-11-24T00:00:00Z");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-recordings-"));
  for (const host of ["web1", "web2"])
    writeRecording(
      join(folder, `${host}.jsonl.zst`),
      moments(3, DAY_MS, { host }),
    );
});
afterAll(() => rmSync(folder, { recursive: true }));

const replay = (...args: readonly string[]) =>
  runBinary(["--replay", folder, "--speed", "max", ...args], {
    env: { TZ: "UTC" },
  });

test("a folder with recordings of two hosts: a report of both, lines of text of one", async () => {
  const [report, both, one] = await Promise.all([
    replay("--output", "report"),
    replay("-b"),
    replay("-bqqq", "--host", "web2"),
  ]);
  expect(report.stdout).toStartWith(
    "Watched web1 and web2 for 3.00 s, until 2026-11-24 00:00:03.\n",
  );
  expect(report.stdout).toMatch(/^task5 +2 +0 +0\.00 B +24\.00 K /m);
  expect(both).toMatchObject({
    status: 2,
    stdout: "",
    stderr:
      "iotop: the recordings are of web1 and web2: choose one with --host NAME\n",
  });
  expect(one.status).toBe(0);
  expect(one.stdout.match(/task5$/gm)).toHaveLength(3);
});
