/** Units of systemd: two that write one file, one that is gone, and two thousand that do nothing. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { BINARY, ensureBinary, runBinary } from "../support/binary.ts";
import { BPF_REFUSAL } from "../support/machine/bpf.ts";
import {
  CGROUP_REFUSAL,
  joinCgroups,
  needsCgroups,
} from "../support/machine/cgroups.ts";
import { recordWhile, sumOf, tasksOf } from "../support/json-run.ts";
import { lackOf, needing } from "../support/needs.ts";
import { diskFolder, startWriter, workloadAs } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const KIB = 1024;

describe.skipIf(CGROUP_REFUSAL !== null)(needsCgroups("units"), () => {
  test("two of them write one file, and each has its own bytes, also once it is gone", async () => {
    using disk = diskFolder();
    const file = join(disk.path, "shared");
    const program = workloadAs(`unit-${process.pid}`, disk.path);
    const names = ["a", "b"].map(
      (name) => `iotop-${name}-${process.pid}.service`,
    );
    await using writers = new AsyncDisposableStack();
    using cgroups = new DisposableStack();
    const [a, b] = names.map((name, n) => {
      const writer = writers.use(startWriter(program, 1, 64 << n, file));
      const container = `/iotop-test.slice/${name}`;
      const cgroup = cgroups.use(joinCgroups(writer.pid, { container }));
      return { writer, cgroup };
    });
    const { records, result } = await recordWhile(
      async (oneMoreLine) => {
        await a!.writer.write();
        await b!.writer.write();
        await oneMoreLine();
        const written = [await a!.writer.write(), await b!.writer.write()];
        for (const { writer, cgroup } of [a!, b!]) {
          await writer.end();
          cgroup[Symbol.dispose]();
        }
        await oneMoreLine();
        return written;
      },
      [
        ...["--by", "unit", "-P", "-d", "0.1"],
        ...(BPF_REFUSAL === null ? ["--files"] : []),
      ],
    );
    for (const [n, { writer }] of [a!, b!].entries()) {
      const tasks = tasksOf(records, ({ unit }) => unit === names[n]);
      expect(sumOf(tasks)).toBe(result[n]!);
      if (BPF_REFUSAL !== null) continue;
      const own = records
        .flatMap(({ files }) => files!)
        .filter(({ pid, path }) => pid === writer.pid && path === file);
      expect(own.reduce((sum, each) => sum + each.write_bytes!, 0)).toBe(
        2 * (64 << n) * KIB,
      );
    }
  });

  test.skipIf(lackOf("strace") !== null)(
    needing("2,000 that do nothing are not even looked at", lackOf("strace")),
    async () => {
      using disk = diskFolder();
      const folder = `/sys/fs/cgroup${existsSync("/sys/fs/cgroup/unified") ? "/unified" : ""}/iotop-idle-${process.pid}`;
      using cgroups = new DisposableStack();
      for (const name of ["", ...Array.from({ length: 2000 }, (_, n) => n)]) {
        mkdirSync(`${folder}/${name}`);
        cgroups.defer(() => rmdirSync(`${folder}/${name}`));
      }
      const log = join(disk.path, "strace.log");
      const filesOpened = async (...args: readonly string[]) => {
        const { status } = await runBinary(
          ["--output", "jsonl", "-d", "0.1", "-n", "2", ...args],
          {
            command: [
              ...["strace", "-f", "-qq", "-e", "trace=%file", "-o", log],
              BINARY,
            ],
          },
        );
        expect(status).toBe(0);
        return readFileSync(log, "utf8");
      };
      const closed = await filesOpened();
      const open = await filesOpened("--by", "unit");
      const looksAtCgroups = /\/cgroup\.(?:controllers|subtree_control)"/;
      expect([closed, open].map((calls) => looksAtCgroups.test(calls))).toEqual(
        [false, true],
      );
      for (const calls of [closed, open])
        expect(calls.includes("iotop-idle")).toBe(false);
    },
  );
});
