import { describe, expect, test } from "bun:test";
import type { Sample } from "../../../src/model/sample.ts";
import { makeSample, makeTask, row } from "../../support/samples.ts";
import { ScreenHarness } from "../../support/screen-harness.ts";

process.env.TZ = "UTC";
const MIB = 1024 * 1024;

const TASKS = {
  fio: makeTask({
    tid: 31863,
    comm: "fio",
    cmdline: [
      "fio",
      "--name=rd20",
      "--filename=/data/rd.dat",
      "--rate=20m",
      "--runtime=3600",
    ],
  }),
  postgres: makeTask({
    tid: 812,
    comm: "postgres",
    user: "postgres",
    uid: 105,
    cmdline: [
      "/usr/lib/postgresql/15/bin/postgres",
      "-D",
      "/var/lib/postgresql/15/main",
    ],
  }),
  wide: makeTask({
    tid: 900,
    comm: "日本語",
    cmdline: [
      "日本語プロセス名前日本語プロセス名前",
      "漢字漢字漢字漢字漢字漢字",
    ],
  }),
  evil: makeTask({
    tid: 901,
    comm: "evil",
    cmdline: [
      "evil\x1b[31mred\x1b[2J\x1b[H",
      "rtl\u202eabc",
      "two\nlines",
      "tab\t\x9b",
    ],
  }),
  dd: makeTask({
    tid: 32000,
    comm: "dd",
    cmdline: ["dd", "if=/dev/zero", "of=/data/x"],
  }),
  idle: makeTask({ tid: 2, comm: "kthreadd", isKernelThread: true }),
};

function busySample(
  fields: { seq?: number; bare?: boolean; ended?: boolean } = {},
): Sample {
  const { seq = 1, bare = false, ended = true } = fields;
  const waits = (ioWaitNs: number) =>
    bare ? { ioWaitNs: null, swapWaitNs: null } : { ioWaitNs, swapWaitNs: 0 };
  return makeSample({
    seq,
    origin: { delayAccounting: !bare },
    host: {
      diskReadBytes: 24 * MIB,
      diskWriteBytes: 5 * MIB,
      pressure: { someRatio: 0.12, fullRatio: 0.031 },
    },
    threads: [
      row({ tid: 2, task: TASKS.idle, ...waits(0) }),
      row({ tid: 901, task: TASKS.evil, writeBytes: 4096, ...waits(0) }),
      row({ tid: 900, task: TASKS.wide, readBytes: 65536, ...waits(2e7) }),
      row({
        tid: 812,
        task: TASKS.postgres,
        writeBytes: 5 * MIB,
        readBytes: 128 * MIB,
        ...waits(85e7),
      }),
      row({
        tid: 31863,
        task: TASKS.fio,
        readBytes: 20 * MIB,
        ...waits(31e7),
        born: true,
      }),
      ...(ended
        ? [
            row({
              tid: 32000,
              task: TASKS.dd,
              writeBytes: 2.5 * MIB,
              ...waits(0),
              born: true,
              exit: { code: 1, signal: 0 },
            }),
          ]
        : []),
    ],
  });
}

/** A list of many rows: the first write, the others rest. */
function longSample(count: number, busiest: number): Sample {
  return makeSample({
    threads: Array.from({ length: count }, (_, i) =>
      row({
        tid: 1000 + i,
        comm: `task${i}`,
        writeBytes: i === busiest ? MIB : 0,
      }),
    ),
  });
}

const text = (lines: readonly string[]): string => lines.join("\n");

describe("what is shown", () => {
  test.each([
    [120, 40],
    [80, 24],
    [60, 14],
    [40, 12],
    [20, 5],
  ])("at %d by %d", async (columns, rows) => {
    await using screen = await ScreenHarness.open({ columns, rows });
    await screen.show(busySample());
    expect(text(await screen.show(busySample({ seq: 2 })))).toMatchSnapshot();
  });

  test("in ASCII alone", async () => {
    await using screen = await ScreenHarness.open({
      columns: 80,
      rows: 24,
      unicode: false,
    });
    const shown = text(await screen.show(busySample()));
    expect(shown).toMatch(/^[\x20-\x7e\n]*$/);
    expect(shown).toMatchSnapshot();
  });

  test("in colours, and the same text without", async () => {
    for (const [level, expected] of [
      [0, 0],
      [1, 16],
      [2, 256],
    ] as const) {
      await using screen = await ScreenHarness.open({
        columns: 80,
        rows: 24,
        colorLevel: level,
      });
      await using plain = await ScreenHarness.open({ columns: 80, rows: 24 });
      const shown = await screen.show(busySample());
      expect(shown).toEqual([...(await plain.show(busySample()))]);
      const modes = new Set<number>();
      for (let y = 0; y < 24; y++)
        for (let x = 0; x < 80; x++) {
          const cell = screen.xterm.buffer.active.getLine(y)!.getCell(x)!;
          if (!cell.isFgDefault())
            modes.add(cell.isFgPalette() && cell.getFgColor() > 15 ? 256 : 16);
        }
      expect([...modes]).toEqual(expected === 0 ? [] : [expected]);
    }
  });

  test("without delay accounting: ? and how to turn it on, never a zero", async () => {
    await using screen = await ScreenHarness.open({ columns: 100, rows: 24 });
    const shown = await screen.show(busySample({ bare: true }));
    const fio = shown.find((line) => line.includes("fio"))!;
    expect(fio).not.toContain("%");
    expect(fio.match(/ \? /g)?.length).toBe(2);
    expect(text(shown)).toContain("sysctl kernel.task_delayacct=1");
  });

  test("health in one line, and none when all is well", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    const well = await screen.show(busySample());
    expect(text(well)).not.toContain("missing");
    const ill = await screen.show(makeSample({ health: { lostExits: 2 } }));
    expect(ill[21]).toContain("2 times");
  });

  test("an empty list says why it is empty", async () => {
    await using screen = await ScreenHarness.open({
      columns: 80,
      rows: 24,
      view: { only: true },
    });
    expect(
      (await screen.show(makeSample({ threads: [row({ tid: 1 })] })))[4],
    ).toContain("o shows all");
    await using watching = await ScreenHarness.open({
      columns: 80,
      rows: 24,
      view: { pids: [7] },
    });
    expect(
      (await watching.show(makeSample({ threads: [row({ tid: 1 })] })))[4],
    ).toContain("no such task");
  });

  test("nothing before the first sample but that it is being measured", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    expect(text(screen.lines())).toContain("Measuring");
    expect(text(screen.lines())).not.toContain("0.00");
  });
});

describe("tasks that ended", () => {
  const burst = makeSample({
    threads: [
      row({ tid: 1, comm: "init" }),
      ...Array.from({ length: 100 }, (_, i) =>
        row({
          tid: 500 + i,
          comm: "dd",
          writeBytes: MIB,
          born: true,
          exit: { code: 0, signal: 0 },
        }),
      ),
      row({
        tid: 900,
        comm: "cp",
        readBytes: 4096,
        exit: { code: 0, signal: 9 },
      }),
    ],
  });

  test("are one row a name, whose figures are the sums; each, or none, by key", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    const shown = await screen.show(burst);
    expect(shown[4]).toMatch(
      /^x +- +- +root +0.00 B\/s +100.00 M\/s .* dd \(100 ended\)/,
    );
    expect(shown[5]).toMatch(/^x +900 .* cp \(signal 9\)$/);
    expect(shown[6]).toContain("init");
    const each = await screen.type("e");
    expect(each.filter((line) => line.includes("dd (ended)")).length).toBe(18);
    const none = await screen.type("e");
    expect(text(none)).not.toContain("dd");
    expect(none[4]).toContain("init");
  });

  test("lie under a cursor that stays on the group", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(burst);
    await screen.type("j");
    const shown = await screen.show(burst);
    expect(text(shown)).not.toContain("has ended");
  });
});

describe("tasks that ended, with sums", () => {
  const exit = { code: 0, signal: 0 };
  const dd = (tid: number, fields: object = {}) =>
    row({ tid, comm: "dd", writeBytes: 262_144, exit, ...fields });
  const living = (fields: object = {}) =>
    row({
      tid: 812,
      task: TASKS.postgres,
      since: { writeBytes: 500_000 },
      ...fields,
    });
  const burst = (from: number, count: number) =>
    makeSample({
      timeMs: (clockMs += 1000),
      threads: [
        living(),
        ...Array.from({ length: count }, (_, i) => dd(from + i)),
      ],
    });
  const quiet = () =>
    makeSample({ timeMs: (clockMs += 1000), threads: [living()] });
  let clockMs = Date.UTC(2026, 10, 23);
  const rowsOf = (lines: readonly string[]): readonly string[] =>
    lines.slice(4).filter((line) => /root|postgres/.test(line));

  test("stay, one row a name, and the status line counts them", async () => {
    await using screen = await ScreenHarness.open({
      columns: 100,
      rows: 16,
      view: { accumulated: true, only: true },
    });
    await screen.show(burst(500, 30));
    await screen.show(quiet());
    await screen.show(burst(600, 1));
    const shown = await screen.show(quiet());
    expect(rowsOf(shown)).toEqual([
      expect.stringMatching(
        /^x +- +- +root +0\.00 B +7\.75 M .* dd \(31 ended\)$/,
      ),
      expect.stringMatching(/^ +812 .* 488\.28 K .* postgres /),
    ]);
    expect(text(shown)).toContain("1 threads");
    expect(text(shown)).toContain("1 active, 31 ended");
    expect(text(shown)).toMatchSnapshot();
  });

  test("were added up with rates too, by thread and by process", async () => {
    await using screen = await ScreenHarness.open({ columns: 100, rows: 16 });
    await screen.show(burst(500, 30));
    expect(text(await screen.show(quiet()))).not.toContain("dd");
    expect(text(await screen.type("a"))).toContain("dd (30 ended)");
    expect(text(await screen.type("p"))).toContain("dd (30 ended)");
    expect(text(await screen.type("a"))).not.toContain("dd");
  });

  test("each: those of the interval one by one, those before in one row; hidden: none", async () => {
    await using screen = await ScreenHarness.open({
      columns: 100,
      rows: 24,
      view: { accumulated: true },
    });
    await screen.show(burst(500, 30));
    await screen.show(burst(600, 3));
    const commands = (lines: readonly string[]) =>
      rowsOf(lines).flatMap((line) => line.match(/dd \(.*\)/) ?? []);
    expect(commands(screen.lines())).toEqual(["dd (33 ended)"]);
    expect(commands(await screen.type("e"))).toEqual([
      "dd (30 ended)",
      ...["dd (ended)", "dd (ended)", "dd (ended)"],
    ]);
    expect(commands(await screen.show(quiet()))).toEqual(["dd (33 ended)"]);
    const hidden = await screen.type("e");
    expect(commands(hidden)).toEqual([]);
    expect(text(hidden)).toContain("1 active, 33 ended");
  });

  test("lie under a cursor that stays: on the task that ends, and on the group that it becomes part of", async () => {
    await using screen = await ScreenHarness.open({
      columns: 100,
      rows: 16,
      view: { accumulated: true },
    });
    const selected = (): string => {
      for (let y = 4; y < 14; y++) {
        const line = screen.xterm.buffer.active.getLine(y)!;
        if (line.getCell(3)!.isInverse() !== 0)
          return (
            line.translateToString().match(/dd.*\)|dd|postgres/)?.[0] ?? ""
          );
      }
      return "none";
    };
    const first = { writeBytes: 1e6 };
    await screen.show(
      makeSample({ threads: [living(), dd(400, { exit: null, ...first })] }),
    );
    await screen.type("j");
    expect(selected()).toBe("dd");
    await screen.show(
      makeSample({
        timeMs: (clockMs += 1000),
        threads: [living(), dd(400, first)],
      }),
    );
    expect(selected()).toBe("dd (ended)");
    await screen.show(quiet());
    expect(selected()).toBe("dd (ended)");
    await screen.show(burst(500, 1));
    expect(selected()).toBe("dd (2 ended)");
    await screen.show(quiet());
    await screen.show(burst(501, 5));
    expect(selected()).toBe("dd (7 ended)");
    expect(text(screen.lines())).not.toContain("has ended");
    await screen.type("a");
    expect(text(await screen.show(quiet()))).toContain("dd has ended");
  });

  test("cost nothing to show while nobody ends", async () => {
    await using screen = await ScreenHarness.open({
      columns: 80,
      rows: 16,
      view: { accumulated: true },
    });
    let names = 0;
    const cmdline = ["dd", "if=/dev/zero"];
    const task = makeTask({ tid: 400, cmdline: null });
    Object.defineProperty(task, "cmdline", {
      get: () => (names++, cmdline),
    });
    await screen.show(
      makeSample({
        timeMs: (clockMs += 200),
        threads: [row({ tid: 400, task, writeBytes: 1024, exit })],
      }),
    );
    const sample = () => makeSample({ timeMs: (clockMs += 200) });
    await screen.show(sample());
    const before = screen.prints.join("").length;
    names = 0;
    for (let i = 0; i < 5; i++) await screen.show(sample());
    expect(screen.lines()[4]).toContain("dd if=/dev/zero (ended)");
    // Looked at for what may change, and drawn anew once at most: here is no graph that moves.
    expect(names).toBeLessThanOrEqual(6);
    const printed = screen.prints.join("").slice(before);
    expect(printed).not.toContain("dd");
  });
});

describe("the grid", () => {
  test("stays whole under hostile names: every row has its columns where the titles are", async () => {
    const names = [
      "a\x1b[2Jb",
      "\x1b]0;owned\x07x",
      "new\nline",
      "cr\rx",
      "\u202ertl\u2066",
      "zero\u200bwidth\u200d",
      "日本語日本語日本語",
      "👨‍👩‍👧🇩🇪☺️",
      "e\u0301\u0302\u0303",
      "\x9b31m",
      "\x00\x7f",
      "क्षि",
      "\u0301first",
      "\ufeff",
      "\ud800",
      "x".repeat(5000),
      "",
      " ",
    ];
    const sample = makeSample({
      threads: names.map((name, i) =>
        row({
          tid: 100 + i,
          comm: name.slice(0, 15),
          user: name.slice(0, 9),
          cmdline: [name, name],
        }),
      ),
    });
    for (const [columns, rows] of [
      [120, 40],
      [80, 24],
      [40, 30],
    ] as const) {
      await using screen = await ScreenHarness.open({ columns, rows });
      const shown = await screen.show(sample);
      const titles = shown.findIndex((line) => line.includes("COMMAND"));
      const io = shown[titles]!.indexOf("IO▽") + 2;
      const zero = columns === 40 ? / 0$/ : /0\.00 %$/;
      for (let i = 0; i < names.length; i++) {
        const line = screen.xterm.buffer.active.getLine(titles + 1 + i)!;
        expect(line.translateToString(false, 0, io)).toMatch(zero);
        expect(line.translateToString(false, 0, 6)).toBe(`   ${100 + i}`);
      }
      expect(text(shown)).not.toContain("owned\n");
    }
  });

  test("follows the window", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 40 });
    await screen.show(busySample());
    const small = text(await screen.resize(40, 12));
    await using fresh = await ScreenHarness.open({ columns: 40, rows: 12 });
    expect(small).toBe(text(await fresh.show(busySample())));
  });

  test("is printed once a frame, without newlines, and not at all when nothing changed", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(busySample());
    const before = screen.prints.length;
    await screen.show(busySample({ seq: 1 }));
    // The same sample again moves the graphs of the totals, and nothing else.
    expect(screen.prints.length - before).toBeLessThanOrEqual(1);
    expect(screen.prints.join("")).not.toContain("\n");
    await screen.type("s");
    const frozen = screen.prints.length;
    await screen.show(busySample({ seq: 3 }));
    expect(screen.prints.length).toBe(frozen);
  });
});

describe("keys", () => {
  const commandsOf = (lines: readonly string[]): readonly string[] =>
    lines.flatMap((line) => line.match(/task\d+/) ?? []);

  test("q asks for the end", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.type("q");
    expect(screen.stops).toBe(1);
  });

  test("o hides who did nothing, p folds, a sums up", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(busySample());
    expect(text(screen.lines())).toContain("[kthreadd]");
    expect(text(await screen.type("o"))).not.toContain("[kthreadd]");
    expect(text(await screen.type("p"))).toContain(" PID ");
    expect(text(await screen.type("a"))).toContain("sums since 03:27:27");
  });

  test("sorting moves the arrow and the rows", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(busySample());
    expect(screen.lines()[3]).toContain("IO▽");
    const byId = await screen.type("\x1b[H");
    expect(byId[3]).toContain("TID△");
    expect(byId[4]).toContain("kthreadd");
    const reversed = await screen.type("r");
    expect(reversed[3]).toContain("TID▽");
    expect(reversed[4]).toContain("dd if=");
    expect((await screen.type("\x1b[D"))[3]).toContain("COMMAND△");
  });

  test("a click on a title sorts", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(busySample());
    const x = screen.lines()[3]!.indexOf("DISK WRITE") + 3;
    expect((await screen.type(`\x1b[<0;${x};4M`))[3]).toContain("DISK WRITE▽");
  });

  test("the cursor stays on its task while the list sorts anew, and scrolls with it", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(longSample(60, 30));
    const selected = (): string | undefined => {
      for (let y = 4; y < 22; y++) {
        const line = screen.xterm.buffer.active.getLine(y)!;
        if (line.getCell(3)!.isInverse() !== 0)
          return line.translateToString().match(/task\d+/)?.[0];
      }
      return undefined;
    };
    expect(selected()).toBeUndefined();
    await screen.type("j");
    expect(selected()).toBe("task30");
    await screen.show(longSample(60, 50));
    expect(selected()).toBe("task30");
    expect(commandsOf(screen.lines())).not.toContain("task50");
    await screen.type("\x1b");
    await Bun.sleep(80);
    await screen.settle();
    expect(selected()).toBeUndefined();
    expect(commandsOf(screen.lines())[0]).toBe("task50");
  });

  test("a page down shows the next rows, and the last page is full", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(longSample(40, 0));
    await screen.type("\x1b[6~\x1b[6~\x1b[6~\x1b[6~");
    const commands = commandsOf(screen.lines());
    expect(commands.length).toBe(18);
    expect(commands.at(-1)).toBe("task39");
  });

  test("a task under the cursor that ends is told of, and the cursor does not go to another", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(busySample());
    await screen.type("\x1b[F");
    await screen.type("jj");
    expect(screen.lines().join("")).toContain(
      "dd if=/dev/zero of=/data/x (exit 1)",
    );
    expect(
      text(await screen.show(busySample({ seq: 2, ended: false }))),
    ).toContain("dd has ended");
  });

  test("frozen, the picture stays; going on shows the newest sample", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(longSample(5, 0));
    expect(text(await screen.type(" "))).toContain("[frozen]");
    expect(commandsOf(await screen.show(longSample(5, 3)))[0]).toBe("task0");
    expect(commandsOf(await screen.type(" "))[0]).toBe("task3");
  });

  test("the help tells how things stand, and fits any window", async () => {
    for (const [columns, rows] of [
      [120, 50],
      [80, 24],
      [40, 12],
      [20, 5],
    ] as const) {
      await using screen = await ScreenHarness.open({ columns, rows });
      await screen.show(busySample());
      await screen.type("o");
      const shown = text(await screen.type("?"));
      expect(shown).toContain("help");
      if (rows >= 24) expect(shown).toContain("wait [on]");
      await screen.type("o");
      if (rows >= 24) expect(text(screen.lines())).toContain("wait [off]");
      await screen.type("h");
      expect(text(screen.lines())).not.toContain("help ─");
    }
  });

  test("any other key draws everything anew", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    const shown = [...(await screen.show(busySample()))];
    await new Promise<void>((done) =>
      screen.xterm.write("\x1b[5;1Hrubbish from another program", done),
    );
    expect(screen.lines()).not.toEqual(shown);
    expect(await screen.type("=")).toEqual(shown);
  });

  test("a message shows in the smallest window too", async () => {
    await using screen = await ScreenHarness.open({ columns: 20, rows: 5 });
    await screen.show(busySample());
    expect((await screen.warn("statsd: refused"))[4]).toContain(
      "statsd: refused",
    );
  });
});

test("10,000 rows: a key is answered within 50 ms", async () => {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 40 });
  const sample = makeSample({
    threads: Array.from({ length: 10_000 }, (_, i) =>
      row({
        tid: 1000 + i,
        pid: 1000 + (i % 2000),
        comm: `task${i}`,
        readBytes: (i * 7919) % 100_000,
      }),
    ),
  });
  await screen.show(sample);
  const times: number[] = [];
  for (const key of [
    "j",
    "r",
    "o",
    "p",
    "a",
    "\x1b[C",
    "\x1b[6~",
    "c",
    "k",
    "?",
    "?",
  ].flatMap((key) => [key, key])) {
    const start = performance.now();
    await screen.type(key);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  // The median: a single one may meet the garbage collector, or another process.
  expect(times[times.length >> 1]!).toBeLessThan(50);
});
