import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../../../src/model/view/task-filter.ts";
import type { View } from "../../../../src/model/view/view.ts";
import { makeSample, makeTask, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { MIB, TASKS, text } from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

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
    expect(shown[4]).toMatch(/^x +100× +- +root +0 +100M .* dd \(100 ended\)/);
    expect(shown[5]).toMatch(/^x +900 .* cp \(signal 9\)$/);
    expect(shown[6]).toContain("init");
    const each = await screen.type("e");
    expect(each.filter((line) => line.includes("dd (ended)")).length).toBe(19);
    const none = await screen.type("e");
    expect(text(none)).not.toContain("dd");
    expect(none[4]).toContain("init");
  });

  test("lie under a cursor that stays on the group", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(burst);
    await screen.type("j");
    const shown = await screen.show(burst);
    expect(text(shown)).not.toContain("has exited");
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
      expect.stringMatching(/^x +31× +- +root +0 +7\.75M .* dd \(31 ended\)$/),
      expect.stringMatching(/^ +812 .* 488K .* postgres /),
    ]);
    expect(text(shown)).toContain("1 process ");
    expect(text(shown)).toMatch(/ 1 active +31 ended/);
    expect(text(shown)).toMatchSnapshot();
  });

  test("were added up with rates too, by thread and by process", async () => {
    await using screen = await ScreenHarness.open({ columns: 100, rows: 16 });
    await screen.show(burst(500, 30));
    expect(text(await screen.show(quiet()))).toContain("dd (30 ended 1 s ago)");
    for (let i = 0; i < 60; i++) await screen.show(quiet());
    expect(text(screen.lines())).not.toContain("dd");
    expect(text(await screen.type("a"))).toContain("dd (30 ended)");
    expect(text(await screen.type("p"))).toContain("dd (30 ended)");
    expect(text(await screen.type("p"))).toContain("dd (30 ended)");
    expect(text(await screen.type("aaa"))).not.toContain("dd");
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
    expect(text(hidden)).toMatch(/ 1 active +33 ended/);
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
    expect(text(screen.lines())).not.toContain("has exited");
    await screen.type("aaa");
    await screen.show(quiet());
    expect(selected()).toBe("dd (5 ended 1 s ago)");
    for (let i = 0; i < 60; i++) await screen.show(quiet());
    expect(text(screen.lines())).toContain("dd has exited");
  });

  test("cost nothing to show while nobody ends", async () => {
    await using screen = await ScreenHarness.open({
      columns: 48,
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
    expect(screen.lines()[4]).toContain("dd if=/dev/z… (ended)");
    // Looked at for what may change, and drawn anew once at most: here is no graph that moves.
    expect(names).toBeLessThanOrEqual(7);
    const printed = screen.prints.join("").slice(before);
    expect(printed).not.toContain("dd");
  });
});

test("a group has what the selected processes did in it, by the names that they had then", async () => {
  await using screen = await ScreenHarness.open({
    ...{ columns: 100, rows: 16 },
    view: { accumulated: true, uids: [7] },
    screen: { groupBy: "command" },
  });
  const at = (seq: number, comm: string) =>
    makeSample({
      seq,
      timeMs: Date.UTC(2026, 10, 23, 0, 0, seq),
      threads: [
        row({
          ...{ tid: 300, uid: 7, comm, writeBytes: MIB },
          since: { writeBytes: seq * MIB },
        }),
        row({ tid: 400, comm: "bash", writeBytes: 16 * MIB }),
      ],
    });
  const shown = () =>
    screen
      .lines()
      .flatMap((line) => line.match(/(\S+M) .* (bash|dd)$/)?.slice(1) ?? []);
  await screen.show(at(1, "bash"));
  // An execve.
  await screen.show(at(2, "dd"));
  await screen.show(at(3, "dd"));
  expect(shown()).toEqual(["2.00M", "dd", "1.00M", "bash"]);
  await screen.type("[");
  expect(shown()).toEqual(["1.00M", "dd", "1.00M", "bash"]);
  await screen.type("[");
  expect(shown()).toEqual(["1.00M", "bash"]);
});

test.each([{}, { uids: [7] }])(
  "looking back, a group has what threads of other names did in its processes: %p",
  async (selected) => {
    await using screen = await ScreenHarness.open({
      ...{ columns: 100, rows: 16 },
      view: { accumulated: true, ...selected },
      screen: { groupBy: "command" },
    });
    const at = (seq: number) =>
      makeSample({
        seq,
        timeMs: Date.UTC(2026, 10, 23, 0, 0, seq),
        threads: [
          row({ tid: 300, uid: 7, comm: "java" }),
          row({
            ...{ tid: 301, pid: 300, uid: 7, comm: "flusher" },
            ...{ writeBytes: MIB, since: { writeBytes: seq * MIB } },
          }),
        ],
      });
    const shown = () =>
      screen
        .lines()
        .flatMap((line) => /(\S+M) .* java$/.exec(line)?.slice(1) ?? []);
    for (const seq of [1, 2, 3]) await screen.show(at(seq));
    expect(shown()).toEqual(["3.00M"]);
    await screen.type("[");
    expect(shown()).toEqual(["2.00M"]);
    await screen.type("[");
    expect(shown()).toEqual(["1.00M"]);
  },
);

describe("a process that is found by one of its threads alone", () => {
  const exit = { code: 0, signal: 0 };
  const did = (bytes: number, isEnd: boolean) =>
    isEnd
      ? { writeBytes: 1024, since: { writeBytes: bytes + 1024 }, exit }
      : { writeBytes: bytes };
  const pool = (isEnd = false) => [
    row({ tid: 300, comm: "java", ...did(4 * MIB, isEnd) }),
    row({ tid: 301, pid: 300, comm: "flusher", ...did(MIB, isEnd) }),
  ];
  const other = (isEnd = false) =>
    row({ tid: 400, comm: "java", ...did(16 * MIB, isEnd) });
  const at = (seconds: number, ...threads: TaskDelta[]) =>
    makeSample({ timeMs: Date.UTC(2026, 10, 23, 0, 0, seconds), threads });
  const open = (view: Partial<View>) =>
    ScreenHarness.open({
      ...{ columns: 100, rows: 16, view },
      screen: { mode: "processes" },
    });
  const javas = (lines: readonly string[]): readonly string[] =>
    lines.filter((line) => line.includes(" java"));

  test.each([
    ["--filter", { filter: parseFilter("^flusher$") as TaskFilter }],
    ["-p with the id of the thread", { pids: [301] }],
    ["-u and --filter", { filter: parseFilter("fl") as TaskFilter, uids: [0] }],
  ])("stays in the sums as with -b, %s", async (_, found) => {
    await using screen = await open({ accumulated: true, ...found });
    await screen.show(at(1, ...pool(), other()));
    const ended = await screen.show(at(2, ...pool(true), other(true)));
    expect(javas(ended)).toEqual([
      expect.stringMatching(/^x +300 .* 5\.00M .* java \(ended\)$/),
    ]);
    const later = await screen.show(at(3, row({ tid: 1, comm: "init" })));
    expect(javas(later)).toEqual([
      expect.stringMatching(/^x +300 .* 5\.00M .* java \(ended\)$/),
    ]);
    // So does its group.
    expect(javas(await screen.type("y"))).toEqual([
      expect.stringMatching(/^ +0× .* 5\.00M .* java$/),
    ]);
    expect(javas(await screen.type("["))).toEqual([
      expect.stringMatching(/^ +1× .* 5\.00M .* java$/),
    ]);
    expect(javas(await screen.type("["))).toEqual([
      expect.stringMatching(/^ +1× .* 5\.00M .* java$/),
    ]);
    await screen.type("]] yyyyy");
    // The samples before are as they were.
    expect(javas(await screen.type("["))).toEqual(javas(ended));
    await screen.type("]");
    expect(text(await screen.type("a"))).toContain("MEAN");
    expect(javas(screen.lines())).toHaveLength(1);
  });

  test("stays for a while with rates, too", async () => {
    await using screen = await open({ pids: [301] });
    await screen.show(at(1, ...pool(), other()));
    await screen.show(at(2, ...pool(true), other(true)));
    const later = await screen.show(at(3, row({ tid: 1, comm: "init" })));
    expect(javas(later)).toEqual([
      expect.stringMatching(/^x +300 .* java \(ended 1 s ago\)$/),
    ]);
  });

  test("stays from when it is looked for; what had ended before is found by its own name", async () => {
    await using screen = await open({ accumulated: true });
    await screen.show(at(1, other(), ...pool()));
    await screen.show(at(2, other(true), ...pool()));
    await screen.type("/flusher\r");
    await screen.show(at(3, ...pool(true)));
    const later = await screen.show(at(4, row({ tid: 1, comm: "init" })));
    expect(javas(later)).toEqual([
      expect.stringMatching(/^x +300 .* java \(ended\)$/),
    ]);
    screen.feed("/\x1b");
    const all = await screen.until(/2× .* java/);
    expect(javas(all)).toHaveLength(1);
    const both = [expect.stringMatching(/^x +2× .* java \(2 ended\)/)];
    expect(javas(await screen.type("/java\r"))).toEqual(both);
    const next = await screen.show(at(5, row({ tid: 1, comm: "init" })));
    expect(javas(next)).toEqual(both);
  });
});
