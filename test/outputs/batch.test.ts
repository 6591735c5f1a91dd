import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import batch from "../../outputs/batch/index.ts";
import { unknownDelta } from "../../src/model/delta.ts";
import type { Sample } from "../../src/model/sample.ts";
import {
  DEFAULT_SCREEN,
  type ScreenSettings,
} from "../../src/model/options/screen-settings.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../src/model/view/task-filter.ts";
import type { View } from "../../src/model/view/view.ts";
import { makeContext } from "../support/context.ts";
import { device, fileDelta, makeSample, row } from "../support/samples.ts";

setDefaultTimeout(120_000);

const show = (view: Partial<View>, ...samples: Sample[]) =>
  showWith({}, view, ...samples);

async function showWith(
  screen: Partial<ScreenSettings>,
  view: Partial<View>,
  ...samples: Sample[]
): Promise<string[]> {
  const ctx = makeContext(view, {
    screen: { ...DEFAULT_SCREEN, ...screen },
  });
  const output = batch.create({});
  for (const sample of samples) await output.write(sample, ctx);
  expect(ctx.printed.length).toBeLessThanOrEqual(samples.length);
  return ctx.printed.join("").split("\n").slice(0, -1);
}

const rd20 = {
  tid: 31863,
  comm: "fio",
  cmdline: ["/usr/bin/fio", "--name=rd20"],
  readBytes: 21_021_327,
  ioWaitNs: 48_900_000,
};
const buf = {
  tid: 31879,
  user: "www-data",
  comm: "fio",
  cmdline: ["fio", "--name=buf"],
  writeBytes: 10_538_189,
};
const busy = makeSample({
  threads: [
    row({ tid: 1, comm: "init", cmdline: ["/sbin/init"] }),
    row(buf),
    row(rd20),
  ],
  host: { diskReadBytes: 24_295_506, diskWriteBytes: 5_200_937 },
});

describe("layout", () => {
  test("of iotop 0.6, titles and cells aligned", async () => {
    expect(await show({}, busy)).toEqual([
      "Total DISK READ:        20.05 M/s | Total DISK WRITE:        10.05 M/s",
      "Current DISK READ:      23.17 M/s | Current DISK WRITE:       4.96 M/s",
      "    TID PRIO USER       DISK READ  DISK WRITE  SWAPIN      IO COMMAND",
      "  31863 be/4 root       20.05 M/s    0.00 B/s  0.00 %  4.89 % fio --name=rd20",
      "  31879 be/4 www-data    0.00 B/s   10.05 M/s  0.00 %  0.00 % fio --name=buf",
      "      1 be/4 root        0.00 B/s    0.00 B/s  0.00 %  0.00 % init",
    ]);
  });

  test("with a line for each device", async () => {
    const devices = [
      device({
        ...{ readBytes: 2048, reads: 4, readNs: 10_000_000 },
        ...{ writeBytes: 1_048_576, writes: 80, writeNs: 32_000_000 },
        ...{ queueNs: 300_000_000, busyNs: 1_200_000_000 },
      }),
      device({ name: "vda1", kind: "partition" }),
      device({
        name: "dm-0",
        label: "vg 1-\x1b",
        kind: "stacked",
        reads: null,
      }),
    ];
    const ctx = makeContext({ timestamp: true, devices: true });
    const output = batch.create({});
    await output.write(makeSample({ host: { devices } }), ctx);
    await output.write(makeSample({ host: { devices: null } }), ctx);
    const lines = ctx.printed.join("").split("\n");
    expect(lines.slice(2, 4)).toEqual([
      "03:27:28 vda DISK READ:           2.00 K/s | vda DISK WRITE:        1024.00 K/s | reads 4.00/s 2.50 ms | writes 80.00/s 0.40 ms | queue 0.30 | busy 99.99 %",
      "03:27:28 vg\\x201-\\e DISK READ:       0.00 B/s | vg\\x201-\\e DISK WRITE:       0.00 B/s | reads ?/s ? ms | writes 0.00/s - ms | queue 0.00 | busy 0.00 %",
    ]);
    expect(lines.filter((line) => line.includes(" busy "))).toHaveLength(2);
  });

  test("-P -o -k -t -q", async () => {
    const view: Partial<View> = {
      processes: true,
      only: true,
      kilobytes: true,
      timestamp: true,
      quiet: 1,
    };
    expect(await show(view, busy, busy)).toEqual([
      "03:27:28 Total DISK READ:     20528.64 K/s | Total DISK WRITE:     10291.20 K/s",
      "03:27:28 Current DISK READ:   23726.08 K/s | Current DISK WRITE:    5079.04 K/s",
      "    TIME     PID PRIO USER        DISK READ   DISK WRITE  SWAPIN      IO COMMAND",
      "03:27:28   31863 be/4 root     20528.64 K/s     0.00 K/s  0.00 %  4.89 % fio --name=rd20",
      "03:27:28   31879 be/4 www-data     0.00 K/s 10291.20 K/s  0.00 %  0.00 % fio --name=buf",
      "03:27:28 Total DISK READ:     20528.64 K/s | Total DISK WRITE:     10291.20 K/s",
      "03:27:28 Current DISK READ:   23726.08 K/s | Current DISK WRITE:    5079.04 K/s",
      "03:27:28   31863 be/4 root     20528.64 K/s     0.00 K/s  0.00 %  4.89 % fio --name=rd20",
      "03:27:28   31879 be/4 www-data     0.00 K/s 10291.20 K/s  0.00 %  0.00 % fio --name=buf",
    ]);
  });

  test("--filter: the rows that it matches, and the totals of all", async () => {
    const filter = parseFilter("=rd[0-9]+$") as TaskFilter;
    expect(await show({ filter }, busy)).toEqual([
      "Total DISK READ:        20.05 M/s | Total DISK WRITE:        10.05 M/s",
      "Current DISK READ:      23.17 M/s | Current DISK WRITE:       4.96 M/s",
      "    TID PRIO USER       DISK READ  DISK WRITE  SWAPIN      IO COMMAND",
      "  31863 be/4 root       20.05 M/s    0.00 B/s  0.00 %  4.89 % fio --name=rd20",
    ]);
  });

  test("--sort and --no-fullcmdline; hidden columns stay, as scripts count fields", async () => {
    const tail = async (screen: Partial<ScreenSettings>) =>
      (await showWith(screen, {}, busy))
        .slice(3)
        .map((line) => line.replace(/^ *(\d+).*% /, "$1 "));
    expect(await tail({ sort: "write" })).toEqual([
      "31879 fio --name=buf",
      "1 init",
      "31863 fio --name=rd20",
    ]);
    expect(
      await tail({ sort: "tid", descending: false, fullCommand: false }),
    ).toEqual(["1 init", "31863 fio", "31879 fio"]);
    expect(await tail({ hidden: ["user", "command"] })).toEqual(await tail({}));
  });

  test("--by: a line for each group, of which ids, priorities and users are said no more", async () => {
    const by = async (
      groupBy: ScreenSettings["groupBy"],
      view: Partial<View>,
    ) => (await showWith({ groupBy }, view, busy)).slice(2);
    expect(await by("command", {})).toEqual([
      "    PID PRIO USER       DISK READ  DISK WRITE  SWAPIN      IO COMMAND",
      "      - -    -          20.05 M/s   10.05 M/s  0.00 %  4.89 % fio",
      "      - -    -           0.00 B/s    0.00 B/s  0.00 %  0.00 % init",
    ]);
    expect(await by("user", { only: true, quiet: 2 })).toEqual([
      "      - -    root       20.05 M/s    0.00 B/s  0.00 %  4.89 % root",
      "      - -    www-data    0.00 B/s   10.05 M/s  0.00 %  0.00 % www-data",
    ]);
  });

  test("--si: units of 1,000", async () => {
    const ctx = makeContext({ si: true });
    await batch.create({}).write(busy, ctx);
    expect(ctx.printed[0]).toStartWith(
      "Total DISK READ:        21.02 M/s | Total DISK WRITE:        10.54 M/s",
    );
  });

  test("-A: means since the start, of those that ended too; Total is their sum, Current a rate of the interval", async () => {
    const quiet = makeSample({
      seq: 2,
      threads: [
        row({ ...buf, writeBytes: 0, since: { writeBytes: 10_538_189 } }),
        row({ ...rd20, readBytes: 0, since: { readBytes: 21_021_327 } }),
      ],
    });
    const lines = await show({ mean: true, only: true, quiet: 2 }, busy, quiet);
    expect(lines.slice(-4, -2)).toEqual([
      "Total DISK READ:        10.02 M/s | Total DISK WRITE:         5.03 M/s",
      "Current DISK READ:       0.00 B/s | Current DISK WRITE:       0.00 B/s",
    ]);
    expect(lines.slice(-2).map((line) => line.slice(0, 45))).toEqual([
      "  31863 be/4 root       10.02 M/s    0.00 B/s",
      "  31879 be/4 www-data    0.00 B/s    5.03 M/s",
    ]);
  });

  test("-q once, -qq no titles, -qqq rows alone", async () => {
    const count = async (quiet: View["quiet"]) => {
      const lines = await show({ quiet, only: true }, busy, busy);
      const starting = (text: RegExp) =>
        lines.filter((line) => text.test(line)).length;
      return [starting(/^Total/), starting(/^ +TID/), starting(/fio/)];
    };
    expect(await count(0)).toEqual([2, 2, 4]);
    expect(await count(1)).toEqual([2, 1, 4]);
    expect(await count(2)).toEqual([2, 0, 4]);
    expect(await count(3)).toEqual([0, 0, 4]);
  });

  test("no trailing blanks after a task without a name", async () => {
    const sample = makeSample({ threads: [row({ tid: 8, comm: "" })] });
    const [line] = await show({ quiet: 3 }, sample);
    expect(line).toBe(
      "      8 be/4 root        0.00 B/s    0.00 B/s  0.00 %  0.00 %",
    );
  });

  test("nothing to say is nothing printed", async () => {
    expect(await show({ quiet: 3, only: true }, makeSample())).toEqual([]);
  });

  test("-a: bytes since watching began", async () => {
    const sample = makeSample({
      threads: [
        row({ tid: 5, comm: "dd", since: { readBytes: 3 * 1024 ** 3 } }),
        row({ tid: 6, comm: "idle" }),
      ],
    });
    const lines = await show({ accumulated: true, only: true }, sample);
    expect(lines[0]).toBe(
      "Total DISK READ:           3.00 G | Total DISK WRITE:           0.00 B",
    );
    expect(lines[1]).toMatch(/^Current DISK READ: +0\.00 B\/s \| /);
    expect(lines[3]).toBe(
      "      5 be/4 root          3.00 G      0.00 B  0.00 %  0.00 % dd",
    );
    expect(lines).toHaveLength(4);
  });

  test("-p and -u", async () => {
    const ids = async (view: Partial<View>) =>
      (await show({ ...view, quiet: 3 }, busy)).map((line) =>
        parseInt(line, 10),
      );
    expect(await ids({ pids: [1, 31879] })).toEqual([31879, 1]);
    expect(await ids({ uids: [7] })).toEqual([]);
  });

  test("ids of seven digits, long users and large -k numbers widen their column for all lines", async () => {
    const wide = makeSample({
      threads: [
        row({ ...rd20, tid: 4_194_303, readBytes: 3 * 1024 ** 4 }),
        row({ ...buf, user: "systemd-漢network" }),
      ],
    });
    const lines = await show({ kilobytes: true }, wide, busy);
    const ends = lines
      .filter((line) => !/ DISK READ:/.test(line))
      .map((line) =>
        Bun.stringWidth(line.slice(0, line.search(/ (fio|init|COMMAND)/))),
      );
    expect(new Set(ends).size).toBe(1);
    expect(lines[0]!.indexOf("|")).toBe(lines[1]!.indexOf("|"));
    expect(lines[0]!.length).toBe(lines[1]!.length);
  });
});

describe("honesty", () => {
  test("a task that ended is a row, its end told behind the command", async () => {
    const ended = (tid: number, code: number | null, signal: number | null) =>
      row({ tid, comm: "dd", ioWaitNs: 9 - tid, exit: { code, signal } });
    const sample = makeSample({
      threads: [
        ended(1, 0, 0),
        ended(2, 1, 0),
        ended(3, 0, 9),
        ended(4, null, null),
      ],
    });
    const lines = await show({ quiet: 3 }, sample);
    expect(lines.map((line) => line.replace(/.*%/, ""))).toEqual([
      " dd (exited)",
      " dd (exited 1)",
      " dd (killed 9)",
      " dd (exited ?)",
    ]);
  });

  test("delay accounting off: ?", async () => {
    const sample = makeSample({
      origin: { delayAccounting: false },
      threads: [row({ ...rd20, ioWaitNs: null, swapWaitNs: null })],
    });
    const [line] = await show({ quiet: 3 }, sample);
    expect(line).toContain(" 0.00 B/s     ? %     ? % fio");
  });

  test("nothing known, totals included: ? with the unit of the known", async () => {
    const io = {
      ...unknownDelta(),
      since: unknownDelta(),
      ioPriority: null,
      exit: { code: null, signal: null },
    };
    const sample = makeSample({
      threads: [row({ tid: 7, comm: "dd", ...io })],
      host: { diskReadBytes: null, diskWriteBytes: null },
    });
    const of = async (view: Partial<View>) =>
      (await show({ quiet: 2, ...view }, sample)).map((line) =>
        line.replace(/ +/g, " "),
      );
    const current = (unit: string) =>
      `Current DISK READ: ? ${unit} | Current DISK WRITE: ? ${unit}`;
    const total = (unit: string) =>
      current(unit).replaceAll("Current", "Total");
    const task = (unit: string) =>
      ` 7 ? root ? ${unit} ? ${unit} ? % ? % dd (exited ?)`;
    expect(await of({})).toEqual([total("B/s"), current("B/s"), task("B/s")]);
    expect(await of({ kilobytes: true })).toEqual(
      [total, current, task].map((line) => line("K/s")),
    );
    const sums = { accumulated: true } as const;
    expect(await of(sums)).toEqual([total("B"), current("B/s")]);
    const lives = makeSample({
      threads: [row({ tid: 7, comm: "dd", ...io, exit: null })],
    });
    const [, , line] = await show(
      { quiet: 2, kilobytes: true, ...sums },
      lives,
    );
    expect(line).toMatch(/^ +7 \? +root +\? K +\? K +\? % +\? % dd$/);
  });
});

describe("-a keeps tasks that ended", () => {
  const exit = { code: 0, signal: 0 };
  const dd = (tid: number, fields: object = {}) =>
    row({ tid, comm: "dd", writeBytes: 262_144, exit, ...fields });
  const cp = row({
    tid: 77,
    comm: "cp",
    cmdline: ["cp", "a", "b"],
    readBytes: 4096,
    ioWaitNs: 500_000_000,
    ioPriority: null,
    exit: { code: 0, signal: 9 },
  });
  const idle = row({ tid: 5, comm: "ls", exit });
  const writer = row({ tid: 9, comm: "fio", writeBytes: 409_600 });
  const run = [
    makeSample({ threads: [writer, dd(31), dd(32), idle] }),
    makeSample({ threads: [row({ tid: 9, comm: "fio" }), dd(33), cp] }),
    makeSample({ threads: [writer] }),
  ];

  test("and did I/O: with their sums, those of one name in one line", async () => {
    const view = { accumulated: true, quiet: 2 } as const;
    const lines = await show(view, ...run);
    expect(lines.filter((line) => !/^Current/.test(line))).toMatchSnapshot();
  });

  test("-o and -P show the same ones, -u and -p those of their users and ids", async () => {
    const kept = async (view: Partial<View>) =>
      (await show({ accumulated: true, quiet: 3, ...view }, ...run))
        .slice(-4)
        .filter((line) => line.includes("(") && !line.includes("fio"))
        .slice(-2)
        .map((line) => line.replace(/ +/g, " "));
    const both = [
      " - - root 0.00 B 768.00 K 0.00 % 0.00 % dd (3 exited)",
      " 77 ? root 4.00 K 0.00 B 0.00 % 0.00 % cp a b (killed 9)",
    ];
    expect(await kept({})).toEqual(both);
    expect(await kept({ only: true })).toEqual(both);
    expect(await kept({ processes: true })).toEqual(both);
    expect((await kept({ pids: [77] })).at(-1)).toBe(both[1]!);
    expect((await kept({ pids: [77, 33] })).at(-2)).toContain("33 be/4");
    expect(await kept({ uids: [33] })).toEqual([]);
  });

  test("without it, a task that ended is in the sample in which it did, and in no other", async () => {
    const lines = await show({ quiet: 3 }, ...run);
    const ended = lines.filter((line) => line.includes("("));
    expect(ended).toHaveLength(5);
  });
});

describe("the fields before COMMAND are eleven", () => {
  const amount = fc.constantFrom(null, 0, 1024, 3 * 1024 ** 4);
  const name = fc.string({
    unit: fc.oneof(
      fc.constantFrom(" ", "\t", "\xa0", "\u2003", "\u3000", "\\", "é", "x"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
    maxLength: 8,
  });
  const fields = fc.record({
    tid: fc.integer({ min: 1, max: 4_194_304 }),
    user: name,
    comm: fc.constantFrom("command", "[kworker/0:1]"),
    cmdline: fc.constantFrom(null, ["command", "a  b"]),
    readBytes: amount,
    writeBytes: amount,
    cancelledBytes: amount,
    ioWaitNs: amount,
    swapWaitNs: amount,
    ioPriority: fc.constantFrom(
      null,
      { class: "idle", level: 0 } as const,
      { class: "rt", level: 3 } as const,
    ),
    exit: fc.constantFrom(null, { code: 0, signal: 0 }),
  });
  const views = fc.record({
    kilobytes: fc.boolean(),
    accumulated: fc.boolean(),
    processes: fc.boolean(),
  });

  test("whatever is known, and whatever users are called", async () => {
    const samples = fc.array(fc.array(fields, { maxLength: 6 }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(samples, views, async (runs, view) => {
        const lines = await show(
          { quiet: 3, ...view },
          ...runs.map((rows) => makeSample({ threads: rows.map(row) })),
        );
        for (const line of lines) {
          // As Python splits: at every white space of Unicode.
          const parts = line.trim().split(/\s+/u);
          expect(parts[11]).toMatch(/^(command|\[kworker)/);
          expect([parts[8], parts[10]]).toEqual(["%", "%"]);
        }
      }),
    );
  });

  test("blanks in a name are spelled out", async () => {
    const user = async (text: string) =>
      (
        await show(
          { quiet: 3 },
          makeSample({ threads: [row({ tid: 1, user: text })] }),
        )
      )[0]!.split(/ +/)[3];
    expect(await user("corp\\jane doe")).toBe("corp\\jane\\x20doe");
    expect(await user("a\xa0b\u3000c")).toBe("a\\xa0b\\u{3000}c");
    expect(await user("")).toBe("?");
  });
});

test("whatever tasks are called: one line each, printable, fields where a parser splits them", async () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom("\n", "\x1b[2J", "\u202e", "\u0301", " ", "\ud800", "漢"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 2 }),
    ),
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.array(text), async (comm, cmdline) => {
      const sample = makeSample({ threads: [row({ tid: 77, comm, cmdline })] });
      const lines = await show({ timestamp: true }, sample);
      expect(lines).toHaveLength(4);
      for (const line of lines) {
        expect(line).not.toMatch(/[\p{C}\p{DI}]| $/u);
        expect(line).toMatch(/^\d\d:\d\d:\d\d |^    TIME /);
      }
      const fields = lines[3]!.split(/ +/);
      expect(fields.slice(0, 4)).toEqual(["03:27:28", "77", "be/4", "root"]);
    }),
  );
});

describe("files", () => {
  const pool = fileDelta({
    readBytes: 4096,
    writeBytes: 2048,
    toDiskBytes: 512,
  });
  const names = fileDelta({
    ...{ pid: null, comm: null, path: "/a b\n\x1b[2J", device: "my disk" },
    ...{ inode: 8, toDiskBytes: 8192, direct: true },
  });
  const ahead = fileDelta({ kind: "not-attributed", readBytes: -512 });
  const sample = makeSample({ intervalNs: 2e9, files: [pool, names, ahead] });
  const tail = (lines: readonly string[]) => lines.slice(3);

  test("stand below the tasks, as rates", async () => {
    expect(tail(await show({}, sample))).toEqual([
      "DISK READ   DISK WRITE     TO DISK  PID  COMMAND  DEVICE      FILE",
      " 0.00 B/s     0.00 B/s    4.00 K/s    -  -        my\\x20disk  /a b\\n\\e[2J (direct)",
      " 2.00 K/s  1024.00 B/s  256.00 B/s   42  db       vda         /srv/db/pool",
    ]);
  });

  test("as sums with -a, as means with -A", async () => {
    const sums = tail(
      await show({ accumulated: true, quiet: 2 }, sample, sample),
    );
    expect(sums.at(-1)).toContain("8.00 K");
    const means = await show(
      { mean: true, quiet: 3 },
      sample,
      makeSample({ files: [] }),
    );
    expect(means.at(-1)).toContain("1365.33 B/s");
  });

  test("positions have one column", async () => {
    const moved = fileDelta({
      ...{ readBytes: null, writeBytes: null, toDiskBytes: null },
      ...{ device: null, inode: null, movedBytes: 4096 },
    });
    expect(tail(await show({}, makeSample({ files: [moved] })))).toEqual([
      "POSITION MOVED  PID  COMMAND  DEVICE  FILE",
      "      4.00 K/s   42  db       -       /srv/db/pool",
    ]);
  });

  test("if none was used, there is no table", async () => {
    expect(tail(await show({}, makeSample({ files: [ahead] })))).toEqual([]);
  });
});
