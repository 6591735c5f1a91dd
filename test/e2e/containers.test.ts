/** A container is known by its id, in every output, also where its runtime has another cgroup in the unified hierarchy. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { ensureBinary } from "../support/binary.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CGROUP_REFUSAL,
  joinCgroups,
  needsCgroups,
} from "../support/machine/cgroups.ts";
import { eventually } from "../support/eventually.ts";
import { recordWhile, sumOf, tasksOf } from "../support/json-run.ts";
import { startStatsd } from "../support/servers/statsd-server.ts";
import { diskFolder, startWriter, workloadAs } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/** Another container, whose id begins with the same 12 digits. */
const TWIN = "9f86d081884c0b00a08c55ad015a3bf4f1b2b0b822cd15d6c15b0f7d659a2fea";

describe.skipIf(CGROUP_REFUSAL !== null)(needsCgroups("a container"), () => {
  test.each([
    ["/docker/", "", "docker_"],
    ["/iotop.slice/docker-", ".scope", "iotop_slice_docker_"],
  ])(
    "of %sID%s has its path in JSON, its shown id in report and statsd",
    async (head, tail, label) => {
      using disk = diskFolder();
      await using server = await startStatsd();
      const program = workloadAs(`ctr-${process.pid}`, disk.path);
      const target = `statsd=${server.place.text}`;
      const report = join(disk.path, "report.txt");
      const runtime = "/iotop-test.slice/containerd.service";
      // The cgroups outlive the writers.
      using cgroups = new DisposableStack();
      await using writers = new AsyncDisposableStack();
      const [writer, twin] = [ID, TWIN].map((id) => {
        const file = join(disk.path, id);
        const each = writers.use(startWriter(program, 1, 64, file));
        const container = `${head}${id}${tail}`;
        cgroups.use(joinCgroups(each.pid, { container, runtime }));
        return each;
      });

      const { records, result, status } = await recordWhile(
        async (oneMoreLine) => {
          const written = [await writer!.write(), await twin!.write()];
          await oneMoreLine();
          await writers.disposeAsync();
          return written;
        },
        [
          ...["-P", "-d", "0.2"],
          ...["--output", `report=${report},group=cgroup`],
          ...["--output", `${target},host=off,group=cgroup`],
        ],
      );
      expect(status).toBe(0);
      for (const [n, id] of [ID, TWIN].entries()) {
        const path = `${head}${id}${tail}`;
        const tasks = tasksOf(records, ({ cgroup }) => cgroup === path);
        expect(sumOf(tasks)).toBe(result[n]!);
        const shown = id.slice(0, 13);
        const row = new RegExp(`^${head}${shown}${tail} +1 +1 `, "m");
        expect(readFileSync(report, "utf8")).toMatch(row);
        const series = `iotop.cgroup.${label}${shown}${tail.replace(".", "_")}.write_bytes`;
        await eventually(
          async () => (await server.counters()).get(series),
          (value) => value === result[n],
        );
      }
    },
    30_000,
  );
});
