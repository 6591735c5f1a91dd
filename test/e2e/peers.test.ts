/** What processes that live on have written, as the built program, the kernel, and other monitors tell it. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { ensureBinary } from "../support/binary.ts";
import { lackOf, needing } from "../support/needs.ts";
import {
  expectSums,
  recordWhile,
  sumOf,
  tasksOf,
} from "../support/json-run.ts";
import { startProcessExporter } from "../support/servers/process-exporter.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import {
  diskFolder,
  startWriter,
  workloadAs,
  writtenBy,
} from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const LACK = lackOf("prometheus-process-exporter");

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((all, n) => all + n, 0);

/** So many, each of so many threads, which write so much each time. */
const PROCESSES = 3;
const THREADS = 4;
const KIB = 64;
const TURNS = 25;
const TURN_BYTES = PROCESSES * THREADS * KIB * 1024;

describe.skipIf(TASKSTATS_REFUSAL !== null || LACK !== null)(
  needing(needsTaskstats("peers"), LACK),
  () => {
    test("tell of processes that live on what iotop tells, to the byte", async () => {
      using disk = diskFolder();
      const name = `peer${process.pid}`;
      const program = workloadAs(name, disk.path);
      await using stack = new AsyncDisposableStack();
      const writers = Array.from({ length: PROCESSES }, (_, n) =>
        stack.use(startWriter(program, THREADS, KIB, `${program}.${n}`)),
      );
      const writeAll = async () =>
        sum(await Promise.all(writers.map((writer) => writer.write())));
      const exporter = stack.use(await startProcessExporter());
      // From now on no file grows: the kernel counts what was written, and hardly a page more.
      await writeAll();

      const { records, result } = await recordWhile(
        async (oneMoreLine) => {
          const kernelBefore = sum(writers.map(({ pid }) => writtenBy(pid)));
          const exporterBefore = (await exporter.written()).get(name)!;
          let ownCount = 0;
          for (let turn = 0; turn < TURNS; turn++) {
            ownCount = await writeAll();
          }
          const kernelAfter = sum(writers.map(({ pid }) => writtenBy(pid)));
          expect(ownCount).toBe(kernelAfter);
          const exporterAfter = (await exporter.written()).get(name)!;
          await oneMoreLine();
          return {
            kernel: kernelAfter - kernelBefore,
            exporter: exporterAfter - exporterBefore,
          };
        },
        ["-d", "0.2"],
      );
      const rows = tasksOf(records, ({ comm }) => comm === name);
      const ours = sumOf(rows);
      expect({ ours, exporter: result.exporter }).toEqual({
        ours: result.kernel,
        exporter: result.kernel,
      });
      expect(ours).toBeWithin(TURNS * TURN_BYTES, TURNS * TURN_BYTES * 1.01);
      expect(new Set(rows.map(({ tid }) => tid)).size).toBe(
        PROCESSES * THREADS,
      );
      expectSums(records);
    });
  },
);
