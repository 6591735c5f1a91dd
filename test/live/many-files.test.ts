// alone: it counts what programs in the kernel see of all tasks
/** So many files and events that something might fall off: what does is counted, and nothing else is missing. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { KIND } from "../../src/tracing/records.ts";
import { Tracer, type FileEvent } from "../../src/tracing/tracer.ts";
import { BPF_REFUSAL } from "../support/machine/bpf.ts";
import { doIo, fileIo, watchFiles } from "../support/file-io.ts";
import { lackOf, needing } from "../support/needs.ts";
import { TASKSTATS_REFUSAL } from "../support/machine/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);

const LACKS = [BPF_REFUSAL, TASKSTATS_REFUSAL, lackOf("gcc")];
const KIB = 1024;

const sum = (events: readonly FileEvent[]): number =>
  events.reduce((all, { bytes }) => all + bytes, 0);

/** Has a tracer read again and again until the work is done. @returns all that it read */
async function drainWhile<T>(
  tracer: Tracer,
  pauseMs: number,
  work: Promise<T>,
): Promise<{ readonly result: T; readonly events: readonly FileEvent[] }> {
  const events: FileEvent[] = [];
  const drain = (): void =>
    void events.push(...tracer.drain(performance.now() * 1e6));
  let isDone = false;
  const ended = work.finally(() => (isDone = true));
  while (!isDone) {
    drain();
    await Bun.sleep(pauseMs);
  }
  drain();
  return { result: await ended, events };
}

describe.skipIf(LACKS.some((lack) => lack !== null))(
  needing("many files", ...LACKS),
  () => {
    test("300 short programs with a file each are 300 rows, to the byte", async () => {
      using folder = diskFolder();
      const script = `cd "$1"
        for n in $(seq 300); do
          dd if=/dev/zero of=$n bs=4k count=3 2>/dev/null & echo $!
          wait
        done`;
      let pids: readonly number[] = [];
      const samples = await watchFiles(async () => {
        const shell = Bun.spawn(["sh", "-c", script, "sh", folder.path], {
          stdout: "pipe",
        });
        const text = await shell.stdout.text();
        pids = text.trim().split("\n").map(Number);
      });
      // A program that writes while a sample ends is in the next one too.
      const written = new Map<string, number>();
      for (const { kind, pid, comm, path, writeBytes } of samples.flatMap(
        ({ files }) => files!,
      )) {
        if (kind !== "file" || !path?.startsWith(`${folder.path}/`)) continue;
        const row = `${pid} ${comm} ${path}`;
        const bytes = (written.get(row) ?? 0) + writeBytes!;
        if (bytes > 0) written.set(row, bytes);
      }
      expect(Object.fromEntries(written)).toEqual(
        Object.fromEntries(
          pids.map((pid, n) => [
            `${pid} dd ${join(folder.path, `${n + 1}`)}`,
            12 * KIB,
          ]),
        ),
      );
    });

    test("what a table of 16 entries has no room for is counted: with it, all is there", async () => {
      using folder = diskFolder();
      using small = new Tracer(16);
      using large = new Tracer();
      const seen = [0, 0];
      const count = (events: readonly FileEvent[], n: 0 | 1) =>
        void (seen[n]! += sum(events));
      /** What both have counted by now, that of the large one before and after the other. Others use the disk meanwhile. */
      const read = () => {
        const [before, ofSmall, after] = ([1, 0, 1] as const).map((n) => {
          const tracer = n === 0 ? small : large;
          count(tracer.drain(performance.now() * 1e6), n);
          return seen[n]! + tracer.readLostBytes();
        });
        return { before: before!, ofSmall: ofSmall!, after: after! };
      };
      const begin = read();
      const script = 'for n in $(seq 100); do echo > "$1/$n"; done';
      await Bun.spawn(["sh", "-c", script, "sh", folder.path]).exited;
      // Entries are removed while they are counted in: most rest between two readings.
      const { events } = await drainWhile(small, 0, doIo("turns", folder.path));
      count(events, 0);
      const end = read();
      expect(end.ofSmall - begin.ofSmall).toBeWithin(
        end.before - begin.after,
        end.after - begin.before + 1,
      );
      expect(small.readLostBytes()).toBeGreaterThan(0);
      expect(large.readLostBytes()).toBe(0);
      expect(end.ofSmall - begin.ofSmall).toBeGreaterThanOrEqual(
        3100 * 4 * KIB,
      );
    });

    test("of 200,000 events none is lost, while the table is read every two milliseconds", async () => {
      using folder = diskFolder();
      using tracer = new Tracer();
      const child = Bun.spawn([fileIo(), "storm", folder.path], {
        stdout: "pipe",
      });
      const { result, events } = await drainWhile(
        tracer,
        2,
        child.stdout.text(),
      );
      const own = events.filter(
        ({ pid, kind }) => pid === child.pid && kind === KIND.dirtied,
      );
      const [, counted] = /^write_bytes: (\d+)$/m.exec(result)!;
      expect(sum(own)).toBe(Number(counted));
      expect(Number(counted)).toBeGreaterThanOrEqual(200_000 * 4 * KIB);
      expect(tracer.readLostBytes()).toBe(0);
      expect(own.length).toBeGreaterThan(20);
    });
  },
);
