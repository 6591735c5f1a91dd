import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { pageDataOf } from "../../../outputs/html/encode-data.ts";
import type { PageData } from "../../../outputs/html/page/data.ts";
import { Timeline } from "../../../outputs/html/timeline.ts";
import { Watched } from "../../../outputs/run/watched.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { toRecord } from "../../../src/model/record/record.ts";
import type { View } from "../../../src/model/view/view.ts";
import { makeContext } from "../../support/context.ts";
import { sumIn, totalIn } from "../../support/page.ts";
import { SAMPLE_TIME_MS, makeSample, row } from "../../support/samples.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";

setDefaultTimeout(120_000);

interface Options {
  readonly view?: Partial<View>;
  readonly rows?: number;
  readonly points?: number;
  readonly origin?: "live" | "replay";
}

function dataOf(
  samples: readonly Sample[],
  { view = {}, rows = 10, points = 100, origin = "replay" }: Options = {},
): PageData {
  const timeline = new Timeline({ kind: "comm", points, cells: 1000 });
  const watched = new Watched();
  const ctx = makeContext(view, { origin });
  for (const sample of samples) {
    timeline.add(sample, ctx.run.view);
    watched.add(sample);
  }
  const shown = { kind: "comm", rows, nextS: null } as const;
  return pageDataOf(timeline, watched, shown, ctx);
}

const AMOUNTS = {
  read: "read_bytes",
  write: "write_bytes",
  cancelled: "cancelled_write_bytes",
  io_delay_ns: "io_delay_ns",
} as const;

test("groups and rest make up the totals of JSON lines, to the byte and nanosecond", () => {
  fc.assert(
    fc.property(
      simulatedRun(3),
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      (samples, points, rows) => {
        const data = dataOf(samples, { points, rows });
        const records = samples.map((sample) =>
          toRecord(sample, { all: false, view: makeContext().run.view }),
        );
        for (const [amount, key] of Object.entries(AMOUNTS)) {
          const total = records.reduce(
            (sum, one) => sum + (one.total[key] ?? 0),
            0,
          );
          expect([key, totalIn(data, amount as keyof typeof AMOUNTS)]).toEqual([
            key,
            total,
          ]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

describe("the rest", () => {
  const rows = (bytes: readonly number[]) =>
    bytes.map((readBytes, n) =>
      row({ tid: n + 1, comm: `task${n}`, readBytes }),
    );

  test("has the small groups, and what no group is known of", () => {
    const sample = makeSample({
      threads: rows([4096, 2048, 1024]),
      host: { readBytes: 8192 },
    });
    const data = dataOf([sample], { rows: 1 });
    expect(data.groups.map(({ name }) => name)).toEqual(["task0"]);
    expect(sumIn(data, data.rest, "read")).toBe(4096);
    expect([data.rest_names, data.rest.first]).toEqual([2, null]);
  });

  test("counts its processes where these did all of it", () => {
    const data = dataOf([makeSample({ threads: rows([4, 2, 1]) })], {
      rows: 1,
    });
    expect([data.rest.read, data.rest.first, data.rest.last]).toEqual([
      [3],
      [2],
      [2],
    ]);
  });

  test("has no count of processes where nothing could be read", () => {
    const nothing = { readBytes: null, writeBytes: null };
    const { rest } = dataOf([makeSample({ host: nothing })]);
    expect([rest.read, rest.write, rest.first, rest.ended]).toEqual([
      ...[null, null, null, null],
    ]);
  });

  test("is unknown where the total is, and never less than nothing", () => {
    const unknown = { writeBytes: null };
    const data = dataOf([
      makeSample({ threads: [row({ tid: 1, ...unknown })], host: unknown }),
      makeSample({
        ...{ seq: 2, timeMs: SAMPLE_TIME_MS + 1000 },
        ...{ threads: rows([4096]), host: { readBytes: 1024 } },
      }),
    ]);
    expect(data.rest.write).toEqual([null, 0]);
    expect(data.rest.read).toEqual([0, null]);
  });
});

describe("numbers", () => {
  test("are in KiB where all are whole ones", () => {
    const whole = dataOf([
      makeSample({ threads: [row({ tid: 1, readBytes: 2048 })] }),
    ]);
    expect([whole.bytes_unit, whole.groups[0]!.read]).toEqual([1024, [2]]);
    const odd = dataOf([
      makeSample({ threads: [row({ tid: 1, readBytes: 2049 })] }),
    ]);
    expect([odd.bytes_unit, odd.groups[0]!.read]).toEqual([1, [2049]]);
  });

  test("of what is unknown in the whole run are null", () => {
    const nothing = { ioWaitNs: null };
    const sample = makeSample({
      threads: [row({ tid: 1, readBytes: 1, ...nothing })],
      host: { ...nothing, pressure: null, diskReadBytes: null },
    });
    const { groups, rest, disk_read, stalled_some_ns } = dataOf([sample]);
    expect([
      groups[0]!.io_delay_ns,
      rest.io_delay_ns,
      disk_read,
      stalled_some_ns,
    ]).toEqual([null, null, null, null]);
  });
});

describe("about the run", () => {
  test("machines, times and samples", () => {
    const hosts = ["db1", "db\x1b[2J2"].map((hostname, n) =>
      makeSample({
        ...{ seq: n + 1, timeMs: 60_000 * (n + 1), origin: { hostname } },
        threads: [row({ tid: 1, readBytes: 1 })],
      }),
    );
    expect(dataOf(hosts)).toMatchObject({
      hosts: ["db1", "db\\e[2J2"],
      ...{ boots: 2, samples: 2, watched_ns: 2e9, from_ms: 59_000 },
      ...{ end_ms: [1000, 61_000], bin_ns: [1e9, 1e9] },
      utc_offsets: [[59_000, 0]],
    });
  });

  test("local time is told again where it changes", () => {
    const ctx = makeContext();
    const timeline = new Timeline({ kind: "comm", points: 10, cells: 100 });
    const watched = new Watched();
    for (const [n, timeMs] of [10_000, 20_000, 30_000].entries()) {
      const sample = makeSample({ seq: n + 1, timeMs });
      timeline.add(sample, ctx.run.view);
      watched.add(sample);
    }
    const ahead = (ms: number) => ms + (ms < 20_000 ? 3600e3 : 7200e3);
    const format = {
      ...ctx.format,
      date: (ms: number) => ctx.format.date(ahead(ms)),
      clock: (ms: number) => ctx.format.clock(ahead(ms)),
    };
    const shown = { kind: "comm", rows: 1, nextS: null } as const;
    expect(
      pageDataOf(timeline, watched, shown, { run: ctx.run, format })
        .utc_offsets,
    ).toEqual([
      [9000, 3600],
      [20_000, 7200],
    ]);
  });

  test("losses, and what could not be read", () => {
    const sample = makeSample({
      threads: [row({ tid: 1, cancelledBytes: 1024 })],
      origin: { delayAccounting: false },
      health: { lostExits: 3, denied: 2 },
    });
    const text = dataOf([sample], { origin: "live" }).notes.join("\n");
    for (const part of [
      "CANCELLED",
      "IO WAIT is unknown",
      "3 times",
      "2 tasks",
    ])
      expect(text).toContain(part);
  });

  test("that only some tasks are shown", () => {
    const sample = makeSample({ threads: [row({ tid: 1, readBytes: 1 })] });
    expect(dataOf([sample], { view: { pids: [1], uids: [0] } }).notes).toEqual([
      "All figures but those of the disks themselves and the stalls are about pid 1 of uid 0 only",
    ]);
  });

  test("nothing at all", () => {
    expect(dataOf([])).toMatchObject({
      ...{ samples: 0, end_ms: [], groups: [], notes: [], hosts: [] },
    });
  });
});
