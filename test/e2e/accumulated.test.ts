/** Sums since watching began, on the built program: what ended tasks did stays listed. */
import { describe, expect, test } from "bun:test";
import { startBinary } from "../support/binary.ts";
import { runDds } from "../support/dd.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

const COUNT = 30;

/** The lines of each refresh about tasks of one name. */
function refreshesWith(stdout: string, comm: string): string[][] {
  const refreshes = stdout.split(/^Total DISK READ/m).slice(1);
  const isAbout = (line: string) => line.includes(` ${comm} (`);
  return refreshes.map((text) => text.split("\n").filter(isAbout));
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(needsTaskstats("sums"), () => {
  test.each(["-boka", "-bokaP"])(
    `with %s, ${COUNT} dd that ended have a line with every byte in all later refreshes`,
    async (cluster) => {
      using disk = diskFolder();
      await using running = startBinary([cluster, "-d", "0.3"]);
      const refreshes = () => running.stdout.split("Current DISK READ").length - 1;
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
    60_000,
  );
});
