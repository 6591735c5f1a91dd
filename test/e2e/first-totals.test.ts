// alone: it starts programs
/** The first interval of the built program: its rows and its Total are of the same time. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { copyBinary, ensureBinary, runBinary } from "../support/binary.ts";
import { parseLines } from "../support/json-run.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const RUNS = 10;

/** Programs that write past the cache until they are stopped, or have written 256 MiB. */
function startWriters(folder: string, count: number): Disposable {
  const children = Array.from({ length: count }, (_, at) =>
    Bun.spawn(
      [
        ...["dd", "if=/dev/zero", `of=${join(folder, String(at))}`],
        ...["bs=64k", "count=4096", "oflag=direct"],
      ],
      { stderr: "ignore" },
    ),
  );
  return {
    [Symbol.dispose]: () => children.forEach((child) => child.kill("SIGKILL")),
  };
}

describe.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("of the first interval"),
  () => {
    test("the rows add up to the total, within 3 %", async () => {
      using disk = diskFolder();
      for (let run = 0; run < RUNS; run++) {
        using _writers = startWriters(disk.path, 2);
        const { stdout } = await runBinary([
          ...["--output", "jsonl", "-d", "0.5", "-n", "1"],
        ]);
        const [record] = parseLines(stdout);
        const { total, tasks, interval_s } = record!;
        expect(total.write_bytes).toBeGreaterThan(0);
        const sum = tasks.reduce(
          (rate, { write_bytes_per_s }) => rate + write_bytes_per_s!,
          0,
        );
        expect(sum / total.write_bytes_per_s!).toBeWithin(0.97, 1.03);
        // As long as asked for, however long the first look at all tasks takes.
        expect(interval_s).toBeGreaterThan(0.45);
      }
    });
  },
);

const LACKS = [lackOfRoot, lackOf("setpriv")];
describe.skipIf(LACKS.some((lack) => lack !== null))(
  needing("as nobody", ...LACKS),
  () => {
    test("who may read no other task, and does nothing itself, Total is unknown", async () => {
      using disk = diskFolder();
      chmodSync(disk.path, 0o755);
      const { stdout } = await runBinary(["-boP", "-d", "0.3", "-n", "1"], {
        command: [
          ...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
          ...["--bounding-set=-all", "--no-new-privs", copyBinary(disk.path)],
        ],
      });
      expect(stdout).toMatch(
        /^Total DISK READ: +\? B\/s \| Total DISK WRITE: +\? B\/s$/m,
      );
      expect(stdout).toMatch(/^Current DISK READ: +[\d.]+ .B?\/s/m);
    });
  },
);
