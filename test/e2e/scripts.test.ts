/**
 * What public scripts, agents and exporters cut out of `iotop -b`, done by the programs that they use, on what the built
 * program prints of a machine whose waits are known, and of one on which as little is known as can be.
 */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unknownDelta } from "../../src/model/delta.ts";
import { encodeRecord, toRecord } from "../../src/model/record/record.ts";
import type { TaskDelta } from "../../src/model/sample.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import { BINARY, ensureBinary } from "../support/binary.ts";
import { makeSample, row } from "../support/samples.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

type Knowledge = "known" | "unknown";

const waits = (ioWaitNs: number, is: Knowledge) =>
  is === "known"
    ? { ioWaitNs, swapWaitNs: 0 }
    : { ioWaitNs: null, swapWaitNs: null };

function threads(is: Knowledge, times: number): readonly TaskDelta[] {
  return [
    row({
      tid: 3312,
      comm: "fio",
      cmdline: ["/usr/bin/fio --name=pool --rw=randread"],
      readBytes: 61_440,
      since: { readBytes: 61_440 * times },
      ...waits(126e6, is),
    }),
    row({
      tid: 5555,
      user: "corp\\jane doe",
      comm: "w",
      cmdline: ["w -a -b"],
      readBytes: is === "known" ? 0 : null,
      writeBytes: 40_960,
      since: { writeBytes: 40_960 * times },
      ...waits(0, is),
    }),
    row({
      tid: 41_234,
      comm: "dd",
      cmdline: null,
      ioPriority: null,
      writeBytes: 12_288,
      since: { writeBytes: 12_288 * times },
      ...waits(0, is),
      exit: times === 1 ? null : { code: 0, signal: 0 },
    }),
  ];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-scripts-"));
  for (const is of ["known", "unknown"] as const) {
    const lines = [1, 2].map((seq) => {
      const sample = makeSample({
        seq,
        threads: threads(is, seq),
        origin: { delayAccounting: is === "known" },
        host: {
          ...(is === "known" ? {} : { diskReadBytes: null }),
          since: {
            ...unknownDelta(),
            readBytes: 61_440 * seq,
            writeBytes: (40_960 + 12_288) * seq,
          },
        },
      });
      return encodeRecord(toRecord(sample, { all: true, view: DEFAULT_VIEW }));
    });
    writeFileSync(join(folder, is), `${lines.join("\n")}\n`);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lines that the script prints; in it, `iotop` is the built program, and its machine the recorded one. */
function linesOf(is: Knowledge, script: string): readonly string[] {
  const path = join(folder, is);
  const iotop = `iotop() { '${BINARY}' --replay '${path}' --speed max "$@"; }`;
  const { stdout, stderr, exitCode } = Bun.spawnSync(
    ["sh", "-c", `${iotop}\n${script}`],
    { env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" } },
  );
  expect(exitCode).toBe(0);
  expect(stderr.toString()).toMatch(
    /^(iotop: [^\n]+ without delay accounting: [^\n]+\n)?$/,
  );
  return stdout.toString().split("\n").slice(0, -1);
}

describe.each(["known", "unknown"] as const)("waits are %s:", (is) => {
  const io = (share: string) => (is === "known" ? share : "?");
  const read = is === "known" ? "0.00" : "?";

  test("id, share and first word of the command by number of the field", () => {
    const script = `iotop -P -b -n 1 -o | awk '$1 ~ /^[0-9]+$/ { print $1, $3, $10, $12 }'`;
    expect(linesOf(is, script)).toEqual([
      `3312 root ${io("12.60")} fio`,
      `5555 corp\\jane\\x20doe ${io("0.00")} w`,
      `41234 root ${io("0.00")} dd`,
    ]);
  });

  test("the share of one process", () => {
    const script = `iotop -b -n 1 -P -p 3312 | tail -n +4 | tr -s ' ' | sed 's/^ //' | cut -d ' ' -f 10`;
    expect(linesOf(is, script)).toEqual([io("12.60")]);
  });

  test("the first row after three lines of heading", () => {
    const script = `iotop -b -n 1 | head -4 | tail -1 | awk '{ print $8, $9, $10, $11 }'`;
    expect(linesOf(is, script)).toEqual([`${io("0.00")} % ${io("12.60")} %`]);
  });

  test("the whole command from the twelfth field on", () => {
    const script = `iotop -bqqq -n 2 | tail -3 | awk '{ for (i = 12; i <= NF; i++) printf "%s ", $i; print "" }'`;
    expect(linesOf(is, script)).toEqual([
      "fio --name=pool --rw=randread ",
      "w -a -b ",
      "dd (exited) ",
    ]);
  });

  test("rates with their units by number of the field", () => {
    const script = `iotop -bqqqk -n 1 | awk '{ print $4, $5, $6, $7 }'`;
    expect(linesOf(is, script)).toEqual([
      "60.00 K/s 0.00 K/s",
      `${read} K/s 40.00 K/s`,
      "0.00 K/s 12.00 K/s",
    ]);
  });

  test("totals, and rows that did something", () => {
    const script = `iotop -b -n 1 -k | awk '/^Total / { print $4, $5, $10, $11 } /^Current / { print $4, $5 } $1 + 0 > 0 && $4 + $6 > 0 { print $1 }'`;
    expect(linesOf(is, script)).toEqual([
      "60.00 K/s 52.00 K/s",
      `${read} K/s`,
      "3312",
      "5555",
      "41234",
    ]);
  });

  test("rows that a pattern of sizes finds, with the time before them", () => {
    const busy = `iotop -botqqqk -n 1 | grep -cE '[0-9]{2}\\.[0-9]{2} K/s'`;
    expect(linesOf(is, busy)).toEqual(["3"]);
    const unit = String.raw`([0-9.]+|[?]) K/s`;
    const living = `iotop -botqqqk -n 1 | grep -cE '^[0-9:]{8} +[0-9]+ be/[0-7] [^ ]+ +${unit} +${unit} '`;
    expect(linesOf(is, living)).toEqual(["2"]);
  });

  test("the last sums of each id", () => {
    const script = `iotop -qqq -k -b -o -a -n 2 --time | awk '{ last[$2] = $5 $6 " " $7 $8 } END { print last[3312]; print last[5555]; print last[41234] }'`;
    expect(linesOf(is, script)).toEqual([
      "120.00K 0.00K",
      `${read}K 80.00K`,
      "0.00K 24.00K",
    ]);
  });
});
