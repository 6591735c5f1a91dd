/** Sums since watching began, on the built program: what ended tasks did stays listed. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { ensureBinary, startBinary } from "../support/binary.ts";
import { runDds } from "../support/machine/dd.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { diskFolder, runWorker, workloadAs } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const COUNT = 30;

/** The lines of each refresh about tasks of one name. */
function refreshesWith(stdout: string, comm: string): string[][] {
  const refreshes = stdout.split(/^Total DISK READ/m).slice(1);
  const isAbout = (line: string) => line.includes(` ${comm} (`);
  return refreshes.map((text) => text.split("\n").filter(isAbout));
}

/** The sum of the column DISK WRITE over the lines about tasks of one name, KiB. */
function writtenKib(refresh: string, comm: string): number {
  const about = refresh.split("\n").filter((line) => line.includes(comm));
  return about.reduce((sum, line) => {
    const [, write] = / (?:[\d.]+) K +([\d.]+) K /.exec(line)!;
    return sum + Number(write);
  }, 0);
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("sums"), () => {
  test.concurrent.each(["-boka", "-bokaP"])(
    `with %s, ${COUNT} dd that ended have a line with every byte in all later refreshes`,
    async (cluster) => {
      using disk = diskFolder();
      await using running = startBinary([cluster, "-d", "0.3"]);
      const refreshes = () =>
        running.stdout.split("Current DISK READ").length - 1;
      await running.until(() => refreshes() >= 1);
      const { comm, written } = await runDds(COUNT, disk.path);
      const then = refreshes();
      await running.until(() => refreshes() >= then + 6);
      running.kill("SIGTERM");
      const { status, stdout } = await running.exited;
      expect(status).toBe(0);
      const told = refreshesWith(stdout, comm);
      const last = told.slice(then + 2);
      expect(last.length).toBeGreaterThanOrEqual(3);
      const kibibytes = (written / 1024).toFixed(2);
      for (const lines of last) {
        expect(lines).toHaveLength(1);
        expect(lines[0]!.trim().split(/ +/).join(" ")).toMatch(
          new RegExp(
            String.raw`^- - root \d+\.00 K ${kibibytes} K .* ${comm} \(${COUNT} exited\)$`,
          ),
        );
      }
      // On the way there, sums and numbers never shrink.
      const counts = told.map(([line]) =>
        line === undefined ? 0 : Number(/\((\d*) ?exited/.exec(line)![1] || 1),
      );
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(counts.at(-1)).toBe(COUNT);
    },
  );

  test.concurrent.each(["-bka", "-bkaP"])(
    "with %s, a process whose threads pass the turn to each other has every byte once, all the time",
    async (cluster) => {
      using disk = diskFolder();
      await using running = startBinary([cluster, "-d", "0.1"]);
      const refreshes = () =>
        running.stdout.split("Current DISK READ").length - 1;
      await running.until(() => refreshes() >= 1);
      const comm = `r${cluster}-${process.pid}`;
      const program = workloadAs(comm, disk.path);
      const file = `${disk.path}/file`;
      // The main thread ends first: most refreshes see nobody of the process but those that ended.
      const written = await runWorker(
        ...([program, "relay", 1500, 1, 4, file, "first"] as const),
      );
      const then = refreshes();
      await running.until(() => refreshes() >= then + 4);
      running.kill("SIGTERM");
      const { status, stdout } = await running.exited;
      expect(status).toBe(0);
      const told = stdout
        .split(/^Total DISK READ/m)
        .slice(1)
        .map((refresh) => writtenKib(refresh, comm));
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      const last = told.slice(then + 2);
      expect(last.length).toBeGreaterThanOrEqual(2);
      expect(new Set(last)).toEqual(new Set([written / 1024]));
      expect(new Set(told).size).toBeGreaterThan(5);
    },
  );
});
