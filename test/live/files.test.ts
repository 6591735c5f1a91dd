// alone: it counts what programs in the kernel see of all tasks
/** Files against the running kernel: each byte that it counts for a process is in one row, of the right file. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { Tracer } from "../../src/tracing/tracer.ts";
import {
  BPF_REFUSAL,
  bpfObjectsOf,
  isInKernel,
} from "../support/machine/bpf.ts";
import { eventually } from "../support/eventually.ts";
import {
  countedOf,
  doIo,
  filesOf,
  sumOfFiles,
  tryIo,
  watchFiles,
} from "../support/file-io.ts";
import {
  lacksOfLoop,
  openLoopDevice,
  openLoopMount,
} from "../support/machine/loop-mount.ts";
import { lackOf, needing } from "../support/needs.ts";
import { TASKSTATS_REFUSAL } from "../support/machine/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);

const SIZE = 256 * 1024;
const WRITES = [
  ...["write", "small-writes", "pwrite", "append", "dsync", "fsync"],
  ...["direct-write", "truncate", "unlink", "threads", "uring", "mmap-write"],
] as const;
const READS = [
  ...["read", "pread", "direct-read", "mmap-read", "sendfile", "readahead"],
] as const;

describe.skipIf((BPF_REFUSAL ?? TASKSTATS_REFUSAL ?? lackOf("gcc")) !== null)(
  needing("files", BPF_REFUSAL, TASKSTATS_REFUSAL, lackOf("gcc")),
  () => {
    test("every kind of I/O is in its file, and nothing is left over", async () => {
      using folder = diskFolder();
      await doIo("prepare", folder.path);
      const pids = new Map<string, number>();
      const samples = await watchFiles(async () => {
        for (const kind of [...WRITES, ...READS]) {
          const pid = await tryIo(kind, folder.path);
          if (pid !== null) pids.set(kind, pid);
        }
      });
      for (const [kind, pid] of pids) {
        const rows = filesOf(samples, pid);
        const own = rows.filter(({ path }) => path === join(folder.path, kind));
        const isWrite = WRITES.some((each) => each === kind);
        expect({
          kind,
          readBytes: sumOfFiles(own, "readBytes"),
          writeBytes: sumOfFiles(own, "writeBytes"),
        }).toEqual({
          kind,
          readBytes: isWrite ? 0 : SIZE,
          writeBytes: isWrite ? SIZE : 0,
        });
        const isDirect = kind.startsWith("direct");
        expect([kind, ...new Set(own.map(({ direct }) => direct))]).toEqual([
          ...[kind, isDirect],
        ]);
        const attributed = rows.filter((row) => row.kind !== "not-attributed");
        for (const each of [attributed, rows])
          expect({
            kind,
            readBytes: sumOfFiles(each, "readBytes"),
            writeBytes: sumOfFiles(each, "writeBytes"),
          }).toEqual({ kind, ...countedOf(samples, pid) });
      }
    });

    test("what the kernel writes for others is shown at who has written it", async () => {
      using folder = diskFolder();
      const path = join(folder.path, "shared");
      const pids: number[] = [];
      const dd = async (...args: readonly string[]): Promise<void> => {
        const child = Bun.spawn(
          ["dd", "if=/dev/zero", `of=${path}`, "bs=64k", ...args],
          { stderr: "ignore" },
        );
        expect(await child.exited).toBe(0);
        pids.push(child.pid);
      };
      const samples = await watchFiles(async () => {
        await dd("count=3");
        await dd("count=1", "seek=3", "conv=notrunc");
        const sync = Bun.spawn(["sync", "-f", path]);
        expect(await sync.exited).toBe(0);
      });
      const toDisk = new Map<number | null, number>();
      for (const row of samples.flatMap((sample) => sample.files!))
        if (row.path === path && row.toDiskBytes! > 0)
          toDisk.set(row.pid, row.toDiskBytes! + (toDisk.get(row.pid) ?? 0));
      expect(toDisk).toEqual(
        new Map([
          [pids[0]!, 192 * 1024],
          [pids[1]!, 64 * 1024],
        ]),
      );
    });

    test.skipIf(lacksOfLoop.some((lack) => lack !== null))(
      needing(
        "a file on a loop device, and the file that the device lies on",
        ...lacksOfLoop,
      ),
      async () => {
        using mount = openLoopMount();
        let pid = NaN;
        const samples = await watchFiles(async () => {
          pid = await doIo("fsync", mount.path);
        });
        const rows = filesOf(samples, pid);
        const own = rows.filter(
          ({ path }) => path === join(mount.path, "fsync"),
        );
        expect(new Set(own.map(({ device }) => device))).toEqual(
          new Set([mount.device.name]),
        );
        expect(sumOfFiles(own, "writeBytes")).toBe(SIZE);
        expect(sumOfFiles(own, "toDiskBytes")).toBe(SIZE);
        const attributed = rows.filter((row) => row.kind !== "not-attributed");
        expect(sumOfFiles(attributed, "writeBytes")).toBe(
          countedOf(samples, pid).writeBytes,
        );
        const below = samples
          .flatMap((sample) => sample.files!)
          .filter(({ path }) => path === mount.device.backing);
        expect(sumOfFiles(below, "writeBytes")).toBeGreaterThanOrEqual(SIZE);
      },
    );

    test.skipIf(lacksOfLoop.some((lack) => lack !== null))(
      needing(
        "a device that a program writes and reads itself",
        ...lacksOfLoop,
      ),
      async () => {
        using device = openLoopDevice();
        const pids: number[] = [];
        const dd = async (...args: readonly string[]): Promise<void> => {
          const child = Bun.spawn(["dd", "bs=64k", "count=4", ...args], {
            stderr: "ignore",
          });
          expect(await child.exited).toBe(0);
          pids.push(child.pid);
        };
        const samples = await watchFiles(async () => {
          await dd("if=/dev/zero", `of=${device.path}`, "oflag=direct");
          await dd(`if=${device.path}`, "of=/dev/null", "iflag=direct");
        });
        const [written, read] = pids.map((pid) => {
          const rows = filesOf(samples, pid);
          const attributed = rows.filter(
            (row) => row.kind !== "not-attributed",
          );
          expect({
            readBytes: sumOfFiles(attributed, "readBytes"),
            writeBytes: sumOfFiles(attributed, "writeBytes"),
          }).toEqual(countedOf(samples, pid));
          return rows.filter((row) => row.direct && row.device === device.name);
        });
        expect(sumOfFiles(written!, "writeBytes")).toBe(SIZE);
        expect(sumOfFiles(read!, "readBytes")).toBe(SIZE);
      },
    );

    test("closed, it leaves nothing in the kernel", async () => {
      const before = bpfObjectsOf(process.pid);
      const tracer = new Tracer();
      const objects = bpfObjectsOf(process.pid).slice(before.length);
      expect(objects.filter(({ kind }) => kind === "map")).toHaveLength(5);
      expect(objects.every(isInKernel)).toBe(true);
      tracer[Symbol.dispose]();
      expect(bpfObjectsOf(process.pid)).toEqual(before);
      // What was running when it was detached may hold it for an instant.
      await eventually(() => objects.filter(isInKernel), isEmpty);
    });
  },
);

const isEmpty = (list: readonly unknown[]): boolean => list.length === 0;
