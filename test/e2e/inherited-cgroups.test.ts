/** Programs that end before anybody can read their cgroup are in that of who started them. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { ensureBinary } from "../support/binary.ts";
import {
  CGROUP_REFUSAL,
  joinCgroups,
  needsCgroups,
} from "../support/machine/cgroups.ts";
import { DD_BYTES } from "../support/machine/dd.ts";
import { recordWhile, sumOf, tasksOf } from "../support/json-run.ts";
import { programAs } from "../support/named-program.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const COUNT = 20;

describe.skipIf(CGROUP_REFUSAL !== null)(needsCgroups("short programs"), () => {
  test("have it, and nobody else has", async () => {
    using disk = diskFolder();
    const comm = `in-${process.pid}-x`;
    const program = programAs(comm, disk.path, Bun.which("dd")!);
    const shell = Bun.spawn(
      [
        ...["sh", "-c"],
        `read go
        i=0
        while [ $i -lt ${COUNT} ]; do
          "$0" if=/dev/zero of="$1" bs=${DD_BYTES} count=1 oflag=direct conv=notrunc 2>/dev/null
          i=$((i + 1))
        done
        echo done
        read end`,
        ...[program, `${program}.data`],
      ],
      { stdin: "pipe", stdout: "pipe" },
    );
    const container = `/iotop-short.slice/nightly-x.service`;
    using _ = joinCgroups(shell.pid, { container });
    const said = shell.stdout.getReader();
    const { records } = await recordWhile(
      async (oneMoreLine) => {
        shell.stdin.write("go\n");
        await shell.stdin.flush();
        await said.read();
        await oneMoreLine();
      },
      ["-P", "-d", "0.3"],
    );
    shell.stdin.end();
    await shell.exited;
    const tasks = tasksOf(records, (task) => task.comm === comm);
    expect(sumOf(tasks)).toBeGreaterThanOrEqual(COUNT * DD_BYTES);
    const cgroups = new Set(tasks.map(({ cgroup }) => cgroup));
    expect([...cgroups]).toEqual([container]);
    // Other programs of this machine, whose ids are used again at once, are not in it.
    const shells = new Set(["sh", "dash", "bash"]);
    const others = tasksOf(
      records,
      (task) => task.cgroup === container && task.comm !== comm,
    );
    expect(others.filter((task) => !shells.has(task.comm))).toEqual([]);
    expect(tasks.some((task) => task.cgroup_inherited)).toBe(true);
  });
});
