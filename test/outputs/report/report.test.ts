import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import report from "../../../outputs/report/index.ts";
import type { Sample, Summary } from "../../../src/model/sample.ts";
import type { View } from "../../../src/model/view.ts";
import { hostileName } from "../../support/arbitrary-samples.ts";
import { makeContext } from "../../support/context.ts";
import { makeSample, row } from "../../support/samples.ts";

const zone = process.env["TZ"];
beforeAll(() => void (process.env["TZ"] = "UTC"));
afterAll(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

const SUMMARY: Summary = {
  reason: "count",
  samples: 1,
  durationNs: 1e9,
  host: null,
};

interface Wanted {
  readonly view?: Partial<View>;
  readonly group?: string;
  readonly rows?: number;
}

async function show(
  samples: readonly Sample[],
  { view = {}, group = "comm", rows = 20 }: Wanted = {},
): Promise<string[]> {
  const ctx = makeContext(view);
  const output = report.create({ group, rows });
  for (const sample of samples) await output.write(sample, ctx);
  expect(ctx.printed).toEqual([]);
  await output.close!(SUMMARY, ctx);
  expect(ctx.printed).toHaveLength(1);
  expect(ctx.printed[0]).toEndWith("\n");
  return ctx.printed[0]!.split("\n").slice(0, -1);
}

const KIB = 1024;
const MIB = 1024 * KIB;
const ENDED = { code: 0, signal: 0 };

const dd = (tid: number) =>
  row({ tid, comm: "dd", writeBytes: MIB, ioWaitNs: 25e7, exit: ENDED });

const busy = [
  makeSample({
    threads: [
      dd(10),
      dd(11),
      row({
        tid: 5,
        comm: "postgres",
        uid: 26,
        user: "pg",
        readBytes: 8 * MIB,
      }),
      row({ tid: 1, comm: "init" }),
    ],
    host: { diskReadBytes: 9 * MIB, diskWriteBytes: MIB },
  }),
  makeSample({
    seq: 2,
    threads: [
      row({
        tid: 5,
        comm: "postgres",
        uid: 26,
        user: "pg",
        readBytes: 2 * MIB,
      }),
      row({ tid: 6, comm: "rm", cancelledBytes: MIB, exit: ENDED }),
    ],
    host: { diskReadBytes: MIB, diskWriteBytes: 3 * MIB },
  }),
];

describe("the text", () => {
  test("biggest movers first, short lives counted, cancelled writes apart", async () => {
    expect(await show(busy)).toEqual([
      "Watched db1 for 2.00 s, until 2026-11-23 03:27:28.",
      "4 processes did I/O, 3 ended meanwhile: read 10.00 M, wrote 2.00 M (1024.00 K of it cancelled), waited 0.50 s.",
      "The block layer of the whole machine read 10.00 M and wrote 4.00 M.",
      "",
      "COMMAND   PROCESSES  ENDED  DISK READ  DISK WRITE  CANCELLED  IO WAIT   SHARE",
      "postgres          1      0    10.00 M      0.00 B     0.00 B   0.00 s  83.3 %",
      "dd                2      2     0.00 B      2.00 M     0.00 B   0.50 s  16.7 %",
      "rm                1      1     0.00 B      0.00 B  1024.00 K   0.00 s   0.0 %",
      "",
      "Note: CANCELLED is the part of DISK WRITE that truncating or deleting made unnecessary; SHARE is without it.",
    ]);
  });

  test("what has no row is one row, and the column adds up", async () => {
    const lines = await show([busy[0]!], {
      rows: 1,
      view: { kilobytes: true },
    });
    expect(lines.slice(4)).toEqual([
      "COMMAND           PROCESSES  ENDED  DISK READ  DISK WRITE  IO WAIT   SHARE",
      "postgres                  1      0  8192.00 K      0.00 K   0.00 s  80.0 %",
      "other: 1 command          2      2     0.00 K   2048.00 K   0.50 s  20.0 %",
    ]);
  });

  test("by user", async () => {
    const lines = await show(busy, { group: "user" });
    expect(lines.slice(4, 7).map((line) => line.split(/ +/, 3))).toEqual([
      ["USER", "PROCESSES", "ENDED"],
      ["pg", "1", "0"],
      ["root", "3", "3"],
    ]);
  });

  test("-p and -u: their sums alone, and that it is so", async () => {
    const lines = await show(busy, { view: { uids: [26], pids: [5, 10] } });
    expect(lines).toEqual([
      "Watched pid 5, 10 of uid 26 on db1 for 2.00 s, until 2026-11-23 03:27:28.",
      "1 process did I/O, 0 ended meanwhile: read 10.00 M, wrote 0.00 B, waited 0.00 s.",
      "The block layer of the whole machine read 10.00 M and wrote 4.00 M.",
      "",
      "COMMAND   PROCESSES  ENDED  DISK READ  DISK WRITE  IO WAIT    SHARE",
      "postgres          1      0    10.00 M      0.00 B   0.00 s  100.0 %",
    ]);
  });

  test("nothing happened", async () => {
    const lines = await show([makeSample({ threads: [row({ tid: 1 })] })]);
    expect(lines.slice(1)).toEqual([
      "0 processes did I/O, 0 ended meanwhile: read 0.00 B, wrote 0.00 B, waited 0.00 s.",
      "The block layer of the whole machine read 0.00 B and wrote 0.00 B.",
      "",
      "Nothing was read, written or waited for.",
    ]);
  });

  test("nothing was watched", async () => {
    expect(await show([])).toEqual([
      "Nothing was watched: the run ended before a sample.",
    ]);
  });

  test("whatever programs call themselves: one line each, printable, in columns", async () => {
    const names = fc.uniqueArray(hostileName, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(names, async (comms) => {
        const threads = comms.map((comm, n) =>
          row({ tid: n + 1, comm, readBytes: KIB }),
        );
        const lines = await show([makeSample({ threads })]);
        expect(lines).toHaveLength(5 + comms.length);
        const widths = lines.slice(4).map((line) => Bun.stringWidth(line));
        expect(new Set(widths).size).toBe(1);
        for (const line of lines) expect(line).not.toMatch(/[\p{C}\p{DI}]/u);
      }),
    );
  });

  test("cgroups lose their middle, not the table its shape", async () => {
    const cgroup = `/system.slice/${"very-".repeat(20)}long.service`;
    const threads = [row({ tid: 1, cgroup, readBytes: KIB })];
    const lines = await show([makeSample({ threads })], { group: "cgroup" });
    expect(lines[5]).toMatch(/^\/system\.slice.*~.*long\.service  /);
    expect(lines[5]!.length).toBeLessThan(120);
  });
});

describe("honesty", () => {
  const unknown = (readBytes: number | null) =>
    row({ tid: 7, comm: "dark", readBytes, writeBytes: null, ioWaitNs: null });

  test("unknown is ?", async () => {
    const lines = await show([
      makeSample({
        threads: [unknown(KIB)],
        host: { diskReadBytes: null, diskWriteBytes: null },
      }),
    ]);
    expect(lines[1]).toEndWith(": read 1024.00 B, wrote ?, waited ?.");
    expect(lines[2]).toEndWith(" read ? and wrote ?.");
    expect(lines[5]!.split(/ {2,}/)).toEqual([
      "dark",
      "1",
      "0",
      "1024.00 B",
      "?",
      "?",
      "100.0 %",
    ]);
  });

  test("waits that were not counted are told apart from none", async () => {
    const notes = async (...delayAccounting: boolean[]) =>
      (
        await show(
          delayAccounting.map((on) =>
            makeSample({ origin: { delayAccounting: on } }),
          ),
        )
      ).slice(6);
    expect(await notes(true, true)).toEqual([]);
    expect(await notes(false, false)).toEqual([
      "Note: IO WAIT is unknown, as delay accounting was off.",
    ]);
    expect(await notes(true, false)).toEqual([
      "Note: IO WAIT is incomplete, as delay accounting was off for a part of the time.",
    ]);
  });

  test("what was lost, hidden or refused in the whole run is named", async () => {
    const lines = await show([
      makeSample({ health: { lostExits: 1, denied: 3 } }),
      makeSample({ health: { lostExits: 2, denied: 2 } }),
    ]);
    expect(lines.slice(6)).toEqual([
      "Note: the kernel dropped messages about ended tasks (3 times): what those tasks did last is missing.",
      "Note: 3 tasks could not be read, for lack of permission: run as root to see all.",
    ]);
  });

  test("what a recording does not list by name is a row, with an unknown number of processes", async () => {
    const lines = await show([
      makeSample({
        threads: [row({ tid: 7, comm: "dd", readBytes: KIB })],
        host: { readBytes: 4 * KIB },
      }),
    ]);
    expect(lines.slice(5)).toEqual([
      "dd                            1      0  1024.00 B      0.00 B   0.00 s  25.0 %",
      "not in the recording          ?      ?     3.00 K      0.00 B   0.00 s  75.0 %",
    ]);
  });
});
