/** Rates and sums of the built program against the kernel's own sums, the time that went by, and iotop-c. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { lackOf, needing } from "../support/needs.ts";
import { join } from "node:path";
import { ensureBinary, startBinary } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { recordWhile, sumOf, tasksOf } from "../support/json-run.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { diskFolder, startWriter, workloadAs } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);

beforeAll(ensureBinary);

const IOTOP_C = Bun.which("iotop-c", {
  PATH: `${process.env["PATH"]}:/usr/sbin:/sbin`,
});

/** The row of a process in `iotop-c -b -k -a -qqq`: what it has written since iotop-c began to watch, KiB. */
function lastSumOf(text: string, pid: number): number | null {
  const rows = text
    .split("\n")
    .filter((line) => line.trim().startsWith(`${pid} `));
  const match = /K +([\d.]+) K /.exec(rows.at(-1) ?? "");
  return match === null ? null : Number(match[1]);
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("rates"), () => {
  test("are the bytes that the kernel counts, over the time that went by", async () => {
    using disk = diskFolder();
    await using work = startWriter(
      workloadAs(`rates${process.pid}`, disk.path),
      ...([3, 64, join(disk.path, "file")] as const),
    );
    const beforeBytes = await work.write();
    const outerBeganMs = performance.now();
    let innerBeganMs = 0;
    let innerMs = 0;
    const { records, result } = await recordWhile(
      async (oneMoreLine) => {
        innerBeganMs = performance.now();
        let written = 0;
        for (let round = 0; round < 8; round++) {
          written = await work.write();
          await oneMoreLine();
        }
        innerMs = performance.now() - innerBeganMs;
        return written - beforeBytes;
      },
      ["-d", "0.2", "-P", "-p", String(work.pid)],
    );
    const outerMs = performance.now() - outerBeganMs;
    // All lines but the first cover at least the time within which all was written, and at most that of the run.
    const intervalsS = records
      .slice(1)
      .reduce((sum, { interval_s }) => sum + interval_s, 0);
    expect(intervalsS * 1000).toBeWithin(innerMs, outerMs);
    const rows = tasksOf(records, () => true);
    expect(sumOf(rows)).toBe(result);
    expect(result).toBeGreaterThanOrEqual(8 * 3 * 64 * 1024);
    for (const row of rows)
      expect(row.write_bytes_per_s! * row.elapsed_s).toBeCloseTo(
        row.write_bytes!,
        -1,
      );
    const elapsedS = rows.reduce((sum, row) => sum + row.elapsed_s, 0);
    expect(elapsedS * 1000).toBeLessThan(outerMs);
  });

  test.skipIf(IOTOP_C === null)(
    needing("add up to what iotop-c adds up", lackOf("iotop-c")),
    async () => {
      using disk = diskFolder();
      await using work = startWriter(
        workloadAs(`rates${process.pid}`, disk.path),
        ...([1, 64, join(disk.path, "file")] as const),
      );
      const beforeBytes = await work.write();
      await using theirs = startBinary(
        ["-b", "-k", "-a", "-P", "-qqq", "-d", "0.5", "-p", String(work.pid)],
        { command: [IOTOP_C!] },
      );
      await using ours = startBinary([
        ...[
          "-b",
          "-k",
          "-a",
          "-P",
          "-qqq",
          "-d",
          "0.2",
          "-p",
          String(work.pid),
        ],
      ]);
      const sums = () =>
        [theirs, ours].map(({ stdout }) => lastSumOf(stdout, work.pid));
      // Both watch, and have seen nothing so far.
      await eventually(sums, (now) => now.every((sum) => sum === 0));
      let written = 0;
      for (let round = 0; round < 5; round++)
        written = (await work.write()) - beforeBytes;
      expect(written).toBeGreaterThanOrEqual(5 * 64 * 1024);
      await eventually(sums, (now) =>
        now.every((sum) => sum === written / 1024),
      );
    },
  );
});
