// alone: its sums are those of the whole machine
/** The first interval of the built program: its rows and its Total are of the same time. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyBinary, ensureBinary, runBinary } from "../support/binary.ts";
import { parseLines } from "../support/json-run.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const RUNS = 10;

/** Programs that read past the cache until they are stopped. */
function startReaders(file: string, count: number): Disposable {
  const children = Array.from({ length: count }, () =>
    Bun.spawn(
      [
        ...["sh", "-c"],
        `while :; do dd if="$0" of=/dev/null bs=64k iflag=direct 2>/dev/null; done`,
        file,
      ],
      { stderr: "ignore" },
    ),
  );
  return {
    [Symbol.dispose]: () => children.forEach((child) => child.kill("SIGKILL")),
  };
}

const UNITS = ["B", "K", "M", "G"];
/** "12.34 M/s" in bytes per second. */
const rateOf = (text: string): number => {
  const [, amount, unit] = /([\d.]+) ([BKMG])\/s/.exec(text)!;
  return Number(amount) * 1024 ** UNITS.indexOf(unit!);
};

describe.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("of the first interval"),
  () => {
    test("the rows add up to the total, within 3 %", async () => {
      using disk = diskFolder();
      const file = join(disk.path, "file");
      writeFileSync(file, Buffer.alloc(8 << 20, 1));
      using _readers = startReaders(file, 2);
      for (let run = 0; run < RUNS; run++) {
        const { stdout } = await runBinary(["-boP", "-d", "0.5", "-n", "1"]);
        const [total, , , ...rows] = stdout.trimEnd().split("\n");
        const sum = rows
          .map((line) => rateOf(line))
          .reduce((rate, each) => rate + each, 0);
        expect(rateOf(total!)).toBeGreaterThan(0);
        expect(sum / rateOf(total!)).toBeWithin(0.97, 1.03);
      }
    });

    test("it is as long as asked for, however long the first look at all tasks takes", async () => {
      const { stdout } = await runBinary([
        ...["--output", "jsonl", "-d", "0.5", "-n", "1"],
      ]);
      const [record] = parseLines(stdout);
      expect(record!.interval_s).toBeGreaterThan(0.45);
    });
  },
);

const LACKS = [lackOfRoot, lackOf("setpriv")];
describe.skipIf(LACKS.some((lack) => lack !== null))(
  needing("as a user without other tasks", ...LACKS),
  () => {
    test("which may read no other task, and does nothing itself, Total is unknown", async () => {
      using disk = diskFolder();
      chmodSync(disk.path, 0o755);
      const { stdout } = await runBinary(["-boP", "-d", "0.3", "-n", "1"], {
        command: [
          // Of nobody itself there may be others.
          ...["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"],
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
