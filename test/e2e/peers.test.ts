/** What processes that live on have written, as the built program, the kernel, and other monitors tell it. */
import { describe, expect, test } from "bun:test";
import {
  expectSums,
  recordWhile,
  sumOf,
  tasksOf,
} from "../support/json-run.ts";
import {
  hasProcessExporter,
  startProcessExporter,
} from "../support/process-exporter.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/taskstats-client.ts";
import {
  diskFolder,
  startWriter,
  workloadAs,
  writtenBy,
} from "../support/workload.ts";

const PIDSTAT = Bun.which("pidstat");

const missing = [
  ...(hasProcessExporter ? [] : ["no prometheus-process-exporter"]),
  ...(PIDSTAT === null ? ["no pidstat"] : []),
].join(", ");

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((all, n) => all + n, 0);

/** So many, each of so many threads, which write so much each time. */
const PROCESSES = 3;
const THREADS = 4;
const KIB = 64;
const TURNS = 25;
const TURN_BYTES = PROCESSES * THREADS * KIB * 1024;

/** Watches for five seconds. @returns bytes, from the rates of each second: -h prints "Time UID PID kB_rd/s kB_wr/s ..." */
async function runPidstat(pids: readonly number[]): Promise<number> {
  const child = Bun.spawn(
    [PIDSTAT!, "-d", "-h", "-H", "-p", pids.join(","), "1", "5"],
    {
      env: { ...process.env, LC_ALL: "C" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const text = await child.stdout.text();
  const rates = [...text.matchAll(/^ *\d+ +\d+ +\d+ +\S+ +([\d.]+) /gm)];
  return sum(rates.map(([, kib]) => Number(kib) * 1024));
}

describe.skipIf(TASKSTATS_REFUSAL !== null || missing !== "")(
  needsTaskstats(missing === "" ? "peers" : `peers (${missing})`),
  () => {
    test("tell of processes that live on what iotop tells: process-exporter to the byte, pidstat within 3 %", async () => {
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
          const pidstat = runPidstat(writers.map(({ pid }) => pid));
          await Bun.sleep(1000);
          let ownCount = 0;
          for (let turn = 0; turn < TURNS; turn++) {
            ownCount = await writeAll();
            await Bun.sleep(60);
          }
          const kernelAfter = sum(writers.map(({ pid }) => writtenBy(pid)));
          expect(ownCount).toBe(kernelAfter);
          const exporterAfter = (await exporter.written()).get(name)!;
          await oneMoreLine();
          return {
            kernel: kernelAfter - kernelBefore,
            exporter: exporterAfter - exporterBefore,
            pidstat: await pidstat,
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
      expect(Math.abs(result.pidstat / ours - 1)).toBeLessThan(0.03);
      expect(ours).toBeWithin(TURNS * TURN_BYTES, TURNS * TURN_BYTES * 1.01);
      expect(new Set(rows.map(({ tid }) => tid)).size).toBe(
        PROCESSES * THREADS,
      );
      expectSums(records);
    }, 30_000);
  },
);
