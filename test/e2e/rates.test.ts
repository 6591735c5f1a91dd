/** Rates of the built program against the kernel's own sums and against iotop-c, over the same ten seconds. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startBinary } from "../support/binary.ts";
import { parseLines } from "../support/json-run.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/taskstats-client.ts";
import { diskFolder, startWorkload } from "../support/workload.ts";

const IOTOP_C = Bun.which("iotop-c", {
  PATH: `${process.env["PATH"]}:/usr/sbin:/sbin`,
});

const writtenBy = (pid: number) => ({
  bytes: Number(
    /^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))![1],
  ),
  atMs: performance.now(),
});

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** DISK WRITE of `iotop-c -b -k -qqq -p PID`, bytes per second, one for each of its refreshes. */
async function ratesOfIotopC(pid: number): Promise<number[]> {
  const child = Bun.spawn(
    [
      IOTOP_C!,
      ...["-b", "-k", "-qqq", "-d", "1", "-n", "11"],
      ...["-p", String(pid)],
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "ignore" },
  );
  const text = await child.stdout.text();
  return [...text.matchAll(/K\/s +([\d.]+) K\/s/g)].map(
    ([, kib]) => Number(kib) * 1024,
  );
}

describe.skipIf(TASKSTATS_REFUSAL !== null || IOTOP_C === null)(
  needsTaskstats(IOTOP_C === null ? "rates (no iotop-c)" : "rates"),
  () => {
    test("agree with /proc within 2 % and with iotop-c within 10 %", async () => {
      using disk = diskFolder();
      await using work = startWorkload(
        ...["steady", 256, join(disk.path, "file"), 20],
      );
      await work.ready;
      await using running = startBinary([
        "--output",
        "jsonl",
        "-d",
        "1",
        "-n",
        "11",
        "-p",
        String(work.pid),
      ]);
      const theirs = ratesOfIotopC(work.pid);
      await running.until((text) => text.includes("\n"), 20_000);
      const before = writtenBy(work.pid);
      const { stdout } = await running.exited;
      const after = writtenBy(work.pid);

      // The first line ends where /proc was read first.
      const tasks = parseLines(stdout)
        .slice(1)
        .map(({ tasks }) => tasks[0]!);
      expect(tasks).toHaveLength(10);
      const expected =
        ((after.bytes - before.bytes) * 1000) / (after.atMs - before.atMs);
      expect(expected).toBeGreaterThan(1e6);
      const ours =
        tasks.reduce((sum, task) => sum + task.write_bytes!, 0) /
        tasks.reduce((sum, task) => sum + task.elapsed_s, 0);
      expect(Math.abs(ours / expected - 1)).toBeLessThan(0.02);
      const shown = mean(tasks.map((task) => task.write_bytes_per_s!));
      expect(Math.abs(shown / expected - 1)).toBeLessThan(0.05);

      // Its first refresh comes before it has an interval.
      const rates = (await theirs).filter((rate) => rate > 0);
      expect(rates.length).toBeGreaterThanOrEqual(8);
      expect(Math.abs(mean(rates) / shown - 1)).toBeLessThan(0.1);
    }, 40_000);
  },
);
