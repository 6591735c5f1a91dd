/** A task on a file system that does not answer: what the built program says of it. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { SampleRecord } from "../../src/model/record/record-types.ts";
import { ensureBinary, startBinary } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { recordWhile, tasksOf } from "../support/json-run.ts";
import {
  lacksOfLoop,
  openLoopMount,
  type LoopMount,
} from "../support/machine/loop-mount.ts";
import { needing } from "../support/needs.ts";
import { TASKSTATS_REFUSAL } from "../support/machine/taskstats-client.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

/** A program that is stuck in its first write; it ends after the thaw. */
async function startStuck(mount: LoopMount) {
  const dd = Bun.spawn(
    [
      "dd",
      "if=/dev/zero",
      `of=${join(mount.path, "stuck")}`,
      "bs=64k",
      "count=4",
    ],
    { stderr: "ignore" },
  );
  await eventually(
    () => Bun.file(`/proc/${dd.pid}/stat`).text(),
    (stat) => / D /.test(stat),
  );
  return dd;
}

/** How long a process had been stuck, s, in each sample in which it was. */
const stuckTimes = (records: readonly SampleRecord[], pid: number) =>
  tasksOf(records, (task) => task.pid === pid)
    .map(({ blocked_s }) => blocked_s!)
    .filter((seconds) => seconds > 0);

const lacks = [...lacksOfLoop, TASKSTATS_REFUSAL];
describe
  .skipIf(lacks.some((lack) => lack !== null))
  .each(["taskstats", "procfs"])(
  needing("on a frozen file system, by %s,", ...lacks),
  (source) => {
    const args = ["--source", source, "-d", "0.1"];

    test("a task is listed with the time it has been stuck, until the thaw", async () => {
      using mount = openLoopMount();
      const { records, result: pid } = await recordWhile(
        async (oneMoreLine) => {
          await oneMoreLine();
          mount.freeze();
          const dd = await startStuck(mount);
          // On a machine of many tasks it takes several samples until the state of each was read.
          while (stuckTimes(await oneMoreLine(), dd.pid).length < 3);
          mount.thaw();
          expect(await dd.exited).toBe(0);
          await oneMoreLine();
          return dd.pid;
        },
        args,
      );
      const stuck = stuckTimes(records, pid);
      expect(stuck).toEqual(stuck.toSorted((a, b) => a - b));
      // Each sample adds the time that it covers.
      expect(stuck.at(-1)! - stuck[0]!).toBeGreaterThan(
        (stuck.length - 1) * 0.08,
      );
      expect(records.at(-1)!.tasks.filter((task) => task.pid === pid)).toEqual(
        [],
      );
    });

    test("-o shows it, also if it was stuck before iotop began", async () => {
      using mount = openLoopMount();
      mount.freeze();
      const dd = await startStuck(mount);
      await using running = startBinary([...args, "-boP"]);
      const row = new RegExp(`^ *${dd.pid} .* dd if=`, "m");
      await running.until((stdout) => row.test(stdout));
      mount.thaw();
      expect(await dd.exited).toBe(0);
    });
  },
);
