import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import report from "../../../outputs/report/index.ts";
import { createSample } from "../../../src/model/create-sample.ts";
import {
  encodeRecord,
  fromRecord,
  toRecord,
} from "../../../src/model/record/record.ts";
import type { Sample, Summary, TaskDelta } from "../../../src/model/sample.ts";
import { DEFAULT_VIEW, type View } from "../../../src/model/view/view.ts";
import { joinRuns } from "../../../src/sources/replay/hosts.ts";
import { mergeToLength } from "../../../src/sources/replay/merge-to-length.ts";
import { RunJoiner } from "../../../src/sources/replay/join-runs.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../../src/model/view/task-filter.ts";
import {
  hostileName,
  samplesArbitrary,
} from "../../support/runs/arbitrary-samples.ts";
import { makeContext } from "../../support/context.ts";
import {
  SAMPLE_TIME_MS,
  fileDelta,
  makeSample,
  row,
} from "../../support/samples.ts";

setDefaultTimeout(120_000);

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
  readonly format?: string;
  readonly isRecorded?: boolean;
  /** Where it goes instead of stdout. */
  readonly file?: string;
}

async function show(
  samples: readonly Sample[],
  {
    view = {},
    group = "comm",
    rows = 20,
    format = "text",
    isRecorded = false,
    file,
  }: Wanted = {},
): Promise<string[]> {
  const ctx = makeContext(
    view,
    isRecorded ? { origin: "replay", intervalMs: null } : {},
  );
  const output = report.create({ group, rows, format }, file);
  for (const sample of samples) await output.write(sample, ctx);
  expect(ctx.printed).toEqual([]);
  await output.close!(SUMMARY, ctx);
  expect(ctx.printed).toHaveLength(1);
  expect(ctx.printed[0]).toEndWith("\n");
  return ctx.printed[0]!.split("\n").slice(0, -1);
}

test("processes of two machines, and of two boots of one, are not the same", async () => {
  const on = (hostname: string, bootId: string, seq: number) => {
    const sample = makeSample({
      seq,
      threads: [1, 2].map((tid) => row({ tid, comm: "fio", writeBytes: 4096 })),
    });
    return makeSample({
      ...sample,
      origin: { ...sample.origin, hostname, bootId },
    });
  };
  const both = await show([
    on("web1", "a", 1),
    on("web2", "b", 1),
    on("web1", "a", 2),
    on("web2", "b", 2),
  ]);
  expect(both[0]).toStartWith("Watched web1 and web2 for 2.00 s, until ");
  expect(both.find((line) => line.includes("fio"))).toMatch(/ 4 /);
  const anew = await show([on("web1", "a", 1), on("web1", "b", 1)]);
  expect(anew[0]).toStartWith("Watched web1 for 2.00 s over 2 boots, until ");
  expect(anew.find((line) => line.includes("fio"))).toMatch(/ 4 /);
  const many = ["a", "b", "c", "d"].map((name) => on(name, name, 1));
  expect((await show(many))[0]).toStartWith(
    "Watched a, b and 2 more hosts for",
  );
});

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
  test("biggest groups first, short lives counted, cancelled writes apart", async () => {
    expect(await show(busy)).toEqual([
      "Watched db1 for 2.00 s, until 2026-11-23 03:27:28.",
      "",
      "COMMAND   PROCESSES  ENDED  DISK READ  DISK WRITE  CANCELLED  IO WAIT    SHARE",
      "postgres          1      0    10.00 M      0.00 B     0.00 B   0.00 s   83.3 %",
      "dd                2      2     0.00 B      2.00 M     0.00 B   0.50 s   16.7 %",
      "rm                1      1     0.00 B      0.00 B  1024.00 K   0.00 s    0.0 %",
      "TOTAL             4      3    10.00 M      2.00 M  1024.00 K   0.50 s  100.0 %",
      "",
      "The block layer of the whole machine read 10.00 M and wrote 4.00 M.",
      "",
      "Note: CANCELLED was written, now or earlier, but the file was truncated or",
      "      deleted before the bytes went to the disk; DISK WRITE includes them, SHARE",
      "      does not.",
    ]);
  });

  test("what has no row is one row, and the column adds up", async () => {
    const lines = await show([busy[0]!], {
      rows: 1,
      view: { kilobytes: true },
    });
    expect(lines.slice(2, 6)).toEqual([
      "COMMAND           PROCESSES  ENDED  DISK READ  DISK WRITE  IO WAIT    SHARE",
      "postgres                  1      0  8192.00 K      0.00 K   0.00 s   80.0 %",
      "other: 1 command          2      2     0.00 K   2048.00 K   0.50 s   20.0 %",
      "TOTAL                     3      2  8192.00 K   2048.00 K   0.50 s  100.0 %",
    ]);
  });

  test("by user", async () => {
    const lines = await show(busy, { group: "user" });
    expect(lines.slice(2, 5).map((line) => line.split(/ +/, 3))).toEqual([
      ["USER", "PROCESSES", "ENDED"],
      ["pg", "1", "0"],
      ["root", "3", "3"],
    ]);
  });

  test("-p and -u: their sums alone, and that it is so", async () => {
    const lines = await show(busy, { view: { uids: [26], pids: [5, 10] } });
    expect(lines).toEqual([
      "Watched pid 5, 10 of uid 26 on db1 for 2.00 s, until 2026-11-23 03:27:28.",
      "",
      "COMMAND   PROCESSES  ENDED  DISK READ  DISK WRITE  IO WAIT    SHARE",
      "postgres          1      0    10.00 M      0.00 B   0.00 s  100.0 %",
      "TOTAL             1      0    10.00 M      0.00 B   0.00 s  100.0 %",
      "",
      "The block layer of the whole machine read 10.00 M and wrote 4.00 M.",
    ]);
  });

  test("a filter: likewise", async () => {
    const filter = parseFilter("^dd") as TaskFilter;
    const lines = await show(busy, { view: { filter } });
    expect(lines.slice(0, 5)).toEqual([
      "Watched tasks matching ^dd on db1 for 2.00 s, until 2026-11-23 03:27:28.",
      "",
      "COMMAND  PROCESSES  ENDED  DISK READ  DISK WRITE  IO WAIT    SHARE",
      "dd               2      2     0.00 B      2.00 M   0.50 s  100.0 %",
      "TOTAL            2      2     0.00 B      2.00 M   0.50 s  100.0 %",
    ]);
    const ids = await show(busy, { view: { uids: [0], filter } });
    expect(ids[0]).toStartWith("Watched uid 0 matching ^dd on db1 for 2.00 s");
    const users = await show(busy, { view: { users: ["root", "7"], filter } });
    expect(users[0]).toStartWith(
      "Watched user root, 7 matching ^dd on db1 for",
    );
    expect(users.slice(1)).toEqual(ids.slice(1));
  });

  test("nothing happened", async () => {
    const lines = await show([makeSample({ threads: [row({ tid: 1 })] })]);
    expect(lines.slice(1)).toEqual([
      "",
      "Nothing was read, written or waited for.",
      "",
      "The block layer of the whole machine read 0.00 B and wrote 0.00 B.",
    ]);
  });

  test("nothing is known to have happened", async () => {
    const sample = makeSample({
      threads: [row({ tid: 1 })],
      health: { denied: 3 },
    });
    expect((await show([sample]))[2]).toBe(
      "No task that iotop may read has read, written or waited.",
    );
  });

  test("nothing was watched", async () => {
    expect(await show([])).toEqual([
      "Nothing was watched: the run ended before the first sample.",
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
        expect(lines).toHaveLength(6 + comms.length);
        const table = lines.slice(2, 4 + comms.length);
        const widths = table.map((line) => Bun.stringWidth(line));
        expect(new Set(widths).size).toBe(1);
        for (const line of lines) expect(line).not.toMatch(/[\p{C}\p{DI}]/u);
      }),
    );
  });

  test("cgroups lose their middle, not the table its shape", async () => {
    const cgroup = `/system.slice/${"very-".repeat(20)}long.service`;
    const threads = [row({ tid: 1, cgroup, readBytes: KIB })];
    const lines = await show([makeSample({ threads })], { group: "cgroup" });
    expect(lines[3]).toMatch(/^\/system\.slice.*~.*long\.service  /);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("ids of containers are those of docker ps, and are not cut at their head", async () => {
    const ids = ["9f86d081884c7d65", "a3bf4f1b2b0b822c"].map((head) =>
      head.repeat(4),
    );
    const pod = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${"6b3f".repeat(8)}.slice`;
    const threads = ids.map((id, n) =>
      row({ tid: n + 1, cgroup: `${pod}/cri-${id}.scope`, readBytes: KIB }),
    );
    const samples = [makeSample({ threads })];
    const onStdout = await show(samples, { group: "cgroup" });
    for (const line of onStdout) expect(line.length).toBeLessThanOrEqual(100);
    expect(onStdout[3]).toMatch(/^\/kube.*~.*\/cri-9f86d081884c\.scope  /);
    expect(onStdout[4]).toMatch(/^\/kube.*~.*\/cri-a3bf4f1b2b0b\.scope  /);
    const inFile = await show(samples, { group: "cgroup", file: "night.txt" });
    expect(inFile[3]).toStartWith(`${pod}/cri-9f86d081884c.scope  `);
    expect(new Set(inFile.slice(2, 6).map((line) => line.length)).size).toBe(1);
  });

  test("lines of text fit 80 columns, whatever is watched and lost", async () => {
    const pids = Array.from({ length: 60 }, (_, n) => 100_000 + n);
    const health = { exitEvents: false, lostExits: 123, denied: 4567 };
    const origin = { delayAccounting: false };
    const threads = [row({ tid: pids[0]!, cancelledBytes: MIB })];
    const lines = await show([makeSample({ health, origin, threads })], {
      view: { pids, uids: [1000, 1001] },
    });
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const text = lines.join(" ").replaceAll(/ +/g, " ");
    expect(text).toContain(
      `Watched pid ${pids.join(", ")} of uid 1000, 1001 on`,
    );
    expect(text).toContain(
      "4567 tasks could not be read, for lack of permission",
    );
  });

  test.each([
    [119.994, "119.99 s"],
    [120, "2 min 0 s"],
    [3599.6, "1 h 0 min 0 s"],
    [30_912.2, "8 h 35 min 12 s"],
  ])("%d s are %s", async (seconds, text) => {
    const lines = await show([makeSample({ intervalNs: seconds * 1e9 })]);
    expect(lines[0]).toContain(` for ${text}, until `);
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
    expect(lines[6]).toEndWith(" read ? and wrote ?.");
    expect(lines[4]).toMatch(/^TOTAL +1 +0 +1024\.00 B +\? +\? +100\.0 %$/);
    expect(lines[3]!.split(/ {2,}/)).toEqual([
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
    const notes = async (...delayAccounting: (boolean | null)[]) =>
      (
        await show(
          delayAccounting.map((on) =>
            makeSample({ origin: { delayAccounting: on } }),
          ),
        )
      )
        .slice(6)
        .join(" ")
        .replaceAll(/ +/g, " ");
    expect(await notes(true, true)).toBe("");
    expect(await notes(false, false)).toBe(
      "Note: IO WAIT is unknown: delay accounting was off.",
    );
    expect(await notes(null, null)).toBe(
      "Note: IO WAIT is unknown: delay accounting may have been off.",
    );
    expect(await notes(true, false)).toBe(
      "Note: IO WAIT is incomplete: delay accounting was off for part of the time.",
    );
  });

  test("what was lost, hidden or refused in the whole run is named", async () => {
    const lines = await show([
      makeSample({ health: { lostExits: 1, denied: 3 } }),
      makeSample({ health: { lostExits: 2, denied: 2 } }),
    ]);
    expect(lines.slice(6)).toEqual([
      "Note: the kernel dropped messages about tasks that exited (3 times): what those",
      "      tasks did last is missing.",
      "Note: 3 tasks could not be read, for lack of permission: /proc hides them",
      "      (hidepid).",
    ]);
  });

  test("processes whose cgroup nobody could read are told apart", async () => {
    const threads = [row({ tid: 7, comm: "?", cgroup: null, readBytes: KIB })];
    const sample = makeSample({ threads });
    expect((await show([sample], { group: "cgroup" })).slice(8)).toEqual([
      "Note: CGROUP ? is for processes that exited before their cgroup was read.",
    ]);
    expect((await show([sample])).slice(7)).toEqual([]);
  });

  test("a recording is nobody's to mend", async () => {
    const lines = await show([makeSample({ health: { denied: 3 } })], {
      isRecorded: true,
    });
    expect(lines.slice(6)).toEqual([
      "Note: in the recording, 3 tasks could not be read, for lack of permission.",
    ]);
  });

  test("what a recording does not list by name is a row, with an unknown number of processes", async () => {
    const lines = await show([
      makeSample({
        threads: [row({ tid: 7, comm: "dd", readBytes: KIB })],
        host: { readBytes: 4 * KIB },
      }),
    ]);
    expect(lines.slice(3, 6)).toEqual([
      "dd                            1      0  1024.00 B      0.00 B   0.00 s   25.0 %",
      "not in the recording          ?      ?     3.00 K      0.00 B   0.00 s   75.0 %",
      "TOTAL                         ?      ?     4.00 K      0.00 B   0.00 s  100.0 %",
    ]);
  });
});

describe("several machines, several boots", () => {
  /** The same recording, as if it were of another machine or boot. */
  const elsewhere = (
    samples: readonly Sample[],
    origin: { readonly hostname?: string; readonly bootId?: string },
  ): readonly Sample[] =>
    samples.map((sample) =>
      createSample({ ...sample, origin: { ...sample.origin, ...origin } }),
    );
  const web2 = elsewhere(busy, { hostname: "web2", bootId: "2" });
  const later = elsewhere(busy, { bootId: "3" });
  const processes = (lines: readonly string[]) =>
    lines.slice(3, 7).map((line) => line.split(/ +/, 3));

  test.each<[string, readonly Sample[]]>([
    ["one after the other", [...busy, ...web2]],
    ["mixed", [busy[0]!, web2[0]!, web2[1]!, busy[1]!]],
  ])("machines are told apart: %s", async (_, samples) => {
    const lines = await show(samples);
    expect(lines[0]).toBe(
      "Watched db1 and web2 for 2.00 s, until 2026-11-23 03:27:28.",
    );
    expect(processes(lines)).toEqual([
      ["postgres", "2", "0"],
      ["dd", "4", "4"],
      ["rm", "2", "2"],
      ["TOTAL", "8", "6"],
    ]);
  });

  test("boots of one machine are one after the other", async () => {
    const lines = await show([...busy, ...later]);
    expect(lines[0]).toBe(
      "Watched db1 for 4.00 s over 2 boots, until 2026-11-23 03:27:28.",
    );
    expect(processes(lines)[3]).toEqual(["TOTAL", "8", "6"]);
  });

  test("a replay of both counts as both", async () => {
    const joiner = new RunJoiner();
    const joined = [...busy, ...web2].map((sample) => joiner.add(sample));
    expect(processes(await show(joined))[3]).toEqual(["TOTAL", "8", "6"]);
  });

  test("machines in turns, each with two runs: whoever lived on counts once", async () => {
    const replayed = async (samples: readonly Sample[]) => {
      const joined: Sample[] = [];
      const all = async function* () {
        yield* samples;
      };
      for await (const sample of joinRuns(all())) joined.push(sample);
      const total = (await show(joined)).find((l) => l.startsWith("TOTAL"))!;
      return total.split(/ +/).slice(1, 3).map(Number);
    };
    // By the clocks of another run, it has another key.
    const again = busy.map((sample) =>
      createSample({
        ...sample,
        threads: sample.threads.map(({ task, ...each }) => {
          const [key, processKey] = [`${task.key}9`, `${task.processKey}9`];
          return row({
            ...each,
            tid: task.tid,
            task: { ...task, key, processKey },
          });
        }),
      }),
    );
    const twice = [...busy, ...again];
    const elsewhereToo = elsewhere(twice, { hostname: "web2", bootId: "2" });
    const inTurns = twice.flatMap((each, at) => [each, elsewhereToo[at]!]);
    const one = await replayed(twice);
    // postgres lived on.
    expect(one).toEqual([4 + 3, 6]);
    expect(await replayed(inTurns)).toEqual(one.map((count) => 2 * count));
  });
});

describe("for programs", () => {
  const json = async (samples: readonly Sample[], wanted: Wanted = {}) =>
    JSON.parse((await show(samples, { ...wanted, format: "json" })).join("\n"));
  const AMOUNTS = [
    "read_bytes",
    "write_bytes",
    "cancelled_write_bytes",
    "io_delay_ns",
  ];

  test("one JSON object with exact amounts", async () => {
    expect(await json(busy, { rows: 2 })).toEqual({
      schema: "iotop.report/1",
      hosts: [{ host: "db1", boot_id: busy[0]!.origin.bootId, interval_s: 2 }],
      from: "2026-11-23T03:27:27.120Z",
      to: "2026-11-23T03:27:28.120Z",
      interval_s: 2,
      delay_accounting: "always",
      group: "comm",
      groups: [
        {
          ...{ name: "postgres", processes: 1, ended: 0 },
          ...{ read_bytes: 10 * MIB, write_bytes: 0 },
          ...{ cancelled_write_bytes: 0, io_delay_ns: 0 },
          share_ratio: 0.833333,
        },
        {
          ...{ name: "dd", processes: 2, ended: 2 },
          ...{ read_bytes: 0, write_bytes: 2 * MIB },
          ...{ cancelled_write_bytes: 0, io_delay_ns: 5e8 },
          share_ratio: 0.166667,
        },
      ],
      other: {
        ...{ processes: 1, ended: 1, read_bytes: 0, write_bytes: 0 },
        ...{ cancelled_write_bytes: MIB, io_delay_ns: 0, share_ratio: 0 },
      },
      total: {
        ...{ processes: 4, ended: 3 },
        ...{ read_bytes: 10 * MIB, write_bytes: 2 * MIB },
        ...{ cancelled_write_bytes: MIB, io_delay_ns: 5e8, share_ratio: 1 },
      },
      disk: { read_bytes: 10 * MIB, write_bytes: 4 * MIB },
      health: { unreadable_tasks: 0, lost_exit_events: 0, exit_events: true },
    });
  });

  test("groups and other make the total, whatever happened, listed or not", async () => {
    await fc.assert(
      fc.asyncProperty(
        samplesArbitrary,
        fc.integer({ min: 1, max: 5 }),
        async (samples, rows) => {
          const { groups, other, total } = await json(samples, { rows });
          for (const amount of AMOUNTS) {
            if (total[amount] === null) continue;
            const sum = groups.reduce(
              (all: number, group: any) => all + (group[amount] ?? 0),
              0,
            );
            expect(sum + other[amount]).toBe(total[amount]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test("what has no row has no number of processes", async () => {
    const sample = makeSample({
      threads: [row({ tid: 7, comm: "dd", readBytes: KIB })],
      host: { readBytes: 4 * KIB, writeBytes: null },
    });
    const { other, total } = await json([sample]);
    expect(other).toMatchObject({
      ...{ processes: null, read_bytes: 3 * KIB, write_bytes: null },
      share_ratio: 0.75,
    });
    expect(total).toMatchObject({ processes: null, read_bytes: 4 * KIB });
  });

  test("CSV has the same, with what it is of in front", async () => {
    const lines = await show(busy, { rows: 2, format: "csv" });
    expect(lines).toEqual([
      "row,name,processes,ended,read_bytes,write_bytes,cancelled_write_bytes,io_delay_ns,share_ratio",
      "group,postgres,1,0,10485760,0,0,0,0.833333",
      "group,dd,2,2,0,2097152,0,500000000,0.166667",
      "other,,1,1,0,0,1048576,0,0",
      "total,,4,3,10485760,2097152,1048576,500000000,1",
    ]);
  });

  test("names stay what they are, and harmless", async () => {
    const sample = makeSample({
      threads: [row({ tid: 1, comm: 'a"\x1b[2J\u202e', readBytes: 1 })],
    });
    const [line] = await show([sample], { format: "json" });
    expect(line).not.toMatch(/\p{C}/u);
    expect(JSON.parse(line!).groups[0].name).toBe('a"\x1b[2J\u202e');
    const [, csv] = await show([sample], { format: "csv" });
    expect(csv).toStartWith('group,"a""\ufffd[2J\ufffd",1,');
  });

  test("nothing was watched", async () => {
    expect(await json([])).toMatchObject({
      ...{ hosts: [], from: null, to: null, interval_s: 0, groups: [] },
      total: { processes: 0, read_bytes: null },
      health: null,
    });
    expect(await show([], { format: "csv" })).toHaveLength(3);
  });
});

describe("files", () => {
  const pool = { readBytes: 4096, writeBytes: 2048, toDiskBytes: 2048 };
  const samples = [
    makeSample({ files: [fileDelta(pool), fileDelta({ pid: 43, ...pool })] }),
    makeSample({
      files: [
        fileDelta(pool),
        fileDelta({ inode: 8, path: "/x", writeBytes: 1024 }),
        fileDelta({ inode: 9, path: "/y", writeBytes: 512 }),
      ],
    }),
  ];

  test("one row for programs of one name, and one for all that have none", async () => {
    const text = (await show(samples, { rows: 1 })).join("\n");
    expect(text).toContain(
      [
        "DISK READ  DISK WRITE  TO DISK  COMMAND  DEVICE  FILE",
        "  12.00 K      6.00 K   6.00 K  db       vda     /srv/db/pool",
        "   0.00 B   1536.00 B   0.00 B  -        -       (2 more)",
      ].join("\n"),
    );
  });

  test("for programs: exact, and only if they were asked for", async () => {
    const [json] = await show(samples, { format: "json" });
    expect(JSON.parse(json!).files[0]).toEqual({
      ...{ comm: "db", kind: "file", device: "vda", inode: 7 },
      ...{ path: "/srv/db/pool", direct: false, moved_bytes: null },
      ...{ read_bytes: 12_288, write_bytes: 6144, to_disk_bytes: 6144 },
    });
    const [without] = await show([makeSample()], { format: "json" });
    expect(JSON.parse(without!)).not.toHaveProperty("files");
  });

  test("asked for, and none was used", async () => {
    const text = await show([makeSample({ files: [] })]);
    expect(text).toContain("No file was read or written.");
  });
});

test("a recording has all ends that are counted, even where samples of its replay are merged", async () => {
  const second = (seq: number, ...threads: TaskDelta[]) =>
    makeSample({ seq, timeMs: SAMPLE_TIME_MS + seq * 1000, threads });
  const since = { writeBytes: MIB };
  const idle = row({ tid: 1, comm: "init" });
  const live = [
    second(
      1,
      idle,
      row({ tid: 10, comm: "logger", writeBytes: MIB }),
      row({ tid: 20, comm: "pool", readBytes: KIB }),
      row({ tid: 21, pid: 20, comm: "one", writeBytes: MIB }),
      row({ tid: 22, pid: 20, comm: "two", writeBytes: MIB }),
    ),
    second(
      2,
      idle,
      row({ tid: 10, comm: "logger", since }),
      row({ tid: 20, comm: "pool", since: { readBytes: KIB }, exit: ENDED }),
      row({ tid: 21, pid: 20, comm: "one", writeBytes: KIB, exit: ENDED }),
      row({ tid: 22, pid: 20, comm: "two", since, exit: ENDED }),
    ),
    second(3, idle, row({ tid: 10, comm: "logger", since, exit: ENDED })),
  ];
  const replay = async function* () {
    for (const sample of live) {
      const made = toRecord(sample, { all: false, view: DEFAULT_VIEW });
      yield fromRecord(JSON.parse(encodeRecord(made)));
    }
  };
  const seen = await show(live);
  expect(seen.find((line) => line.startsWith("TOTAL"))).toMatch(/ 2 +2 /);
  const joined = await Array.fromAsync(joinRuns(replay()));
  expect(await show(joined)).toEqual(seen);
  const merged = mergeToLength(joinRuns(replay()), 60e9);
  expect(await show(await Array.fromAsync(merged))).toEqual(seen);
});
