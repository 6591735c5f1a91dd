/** The keys that act on a task, on a host that notes what it is asked for. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Controls } from "../../../../../src/model/controls.ts";
import type { ScreenSettings } from "../../../../../src/model/options/screen-settings.ts";
import { FakeTasks } from "../../../../support/fake-tasks.ts";
import { makeSample, row } from "../../../../support/samples.ts";
import { ScreenHarness } from "../../../../support/screen/screen-harness.ts";
import { text } from "../../../../support/screen/screen-samples.ts";
import {
  makeDetails,
  makeThread,
} from "../../../../support/screen/task-details.ts";

setDefaultTimeout(60_000);

const POOL = { pid: 700, comm: "fio", user: "backup" } as const;
const sample = (seq = 1) =>
  makeSample({
    seq,
    uptimeS: 5000,
    threads: [
      row({ tid: 700, ...POOL, readBytes: 4096 }),
      row({ tid: 701, ...POOL, readBytes: 8192 }),
    ],
  });

async function openScreen(
  tasks: FakeTasks | null,
  mode: ScreenSettings["mode"] = "processes",
): Promise<ScreenHarness> {
  const controls: Controls = {
    pace: null,
    tasks,
    settings: null,
    replay: null,
    files: null,
  };
  const screen = await ScreenHarness.open({
    ...{ columns: 110, rows: 24, controls },
    screen: { mode },
  });
  await screen.show(sample());
  await screen.type("\x1b[B");
  return screen;
}

const hintOf = (lines: readonly string[]): string => lines.at(-1)!;

function pool(): FakeTasks {
  const tasks = new FakeTasks();
  tasks.details = makeDetails({
    threadCount: 2,
    threads: [makeThread(700), makeThread(701)],
  });
  return tasks;
}

describe("i", () => {
  test("sets the class of all threads of a process", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks);
    expect(hintOf(await screen.type("i"))).toMatch(
      /^ ionice 700 fio, 2 threads, be\/4 → rt \[be\] idle \[4\] 0-7 /,
    );
    expect(hintOf(await screen.type("\x1b[C"))).toMatch(/ be \[idle\]  /);
    const lines = await screen.type("\r");
    expect(tasks.calls).toEqual(["process 700 idle/0"]);
    expect(text(lines)).toContain("700 fio, 2 threads: idle now");
    expect(hintOf(lines)).not.toContain("ionice");
  });

  test("sets the level by a digit or an arrow, and of one thread by t", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks);
    expect(hintOf(await screen.type("i7\x1b[At"))).toContain(
      "ionice 700 fio, one thread, be/4 → rt [be] idle [6] 0-7",
    );
    await screen.type("\x1b[D\r");
    expect(tasks.calls).toEqual(["thread 700 rt/6"]);
  });

  test("asks for one thread where the rows are threads", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks, "threads");
    const hint = hintOf(await screen.type("i"));
    const tid = /ionice (70[01]) fio, one thread/.exec(hint)?.[1];
    await screen.type("\r");
    expect(tasks.calls).toEqual([`thread ${tid} be/4`]);
  });

  test("asks for the one thread that the cursor is on in the tree", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks, "tree");
    await screen.type("\x1b[B");
    const hint = hintOf(await screen.type("i"));
    const tid = /ionice (70[01]) fio, one thread/.exec(hint)?.[1];
    await screen.type("\x1b[C\r");
    expect(tasks.calls).toEqual([`thread ${tid} idle/0`]);
    // A signal is for the process all the same.
    await screen.type("Ky");
    expect(tasks.calls[1]).toBe("signal 15 to 700 seen at 5000");
  });

  test("changes nothing by Esc, or where a digit or a key means nothing", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks);
    expect(hintOf(await screen.type("i89qKx"))).toContain("[be] idle [4]");
    await screen.type("\x1b");
    await Bun.sleep(60);
    await screen.settle();
    expect(hintOf(screen.lines())).not.toContain("ionice 700");
    expect([tasks.calls, screen.stops]).toEqual([[], 0]);
  });

  test("says why it was not done", async () => {
    const tasks = pool();
    tasks.refusal = "not allowed: 700 fio is a process of backup";
    await using screen = await openScreen(tasks);
    expect(text(await screen.type("i\r"))).toContain(tasks.refusal);
  });
});

describe("K", () => {
  test("sends TERM after y, and nothing before it", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks);
    const hint = hintOf(await screen.type("K\r"));
    expect(hint).toStartWith(
      " signal 700 fio of backup, since 03:26:28:  [TERM]",
    );
    expect(hint).toContain("y sends");
    expect(tasks.calls).toEqual([]);
    const lines = await screen.type("y");
    expect(tasks.calls).toEqual(["signal 15 to 700 seen at 5000"]);
    expect(text(lines)).toContain("TERM sent to 700 fio");
  });

  test("sends what the arrows choose, round about", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks);
    expect(hintOf(await screen.type("K\x1b[C"))).toContain("[KILL]");
    await screen.type("\x1b[D\x1b[Dy");
    expect(tasks.calls).toEqual(["signal 12 to 700 seen at 5000"]);
  });

  test("means the task that was there when it was pressed", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks);
    await screen.type("K");
    await screen.show(
      makeSample({
        ...{ seq: 2, uptimeS: 6000 },
        threads: [row({ tid: 900, readBytes: 1 })],
      }),
    );
    await screen.type("y");
    expect(tasks.calls).toEqual(["signal 15 to 700 seen at 5000"]);
  });

  test("k is another key", async () => {
    await using screen = await openScreen(pool());
    expect(hintOf(await screen.type("k"))).not.toContain("signal 700");
  });
});

describe("Ctrl-T", () => {
  test("turns delay accounting off and on, and says what that means", async () => {
    const tasks = pool();
    await using screen = await openScreen(tasks);
    expect(text(await screen.type("\x14"))).toContain("restores it");
    await screen.show(makeSample({ origin: { delayAccounting: false } }));
    expect(text(await screen.type("\x14"))).toContain(
      "for tasks that start from now on",
    );
    expect(tasks.calls).toEqual([
      "delay accounting off",
      "delay accounting on",
    ]);
  });
});

describe("where nothing can be changed", () => {
  test.each([["i"], ["K"]])("%s says read-only", async (key) => {
    const tasks = pool();
    tasks.lock = "read-only";
    await using screen = await openScreen(tasks);
    expect(text(await screen.type(key))).toContain("read-only");
    await screen.type("y\r");
    expect(tasks.calls).toEqual([]);
  });

  test.each([["i"], ["K"], ["\x14"]])(
    "%j says that it is a recording",
    async (key) => {
      await using screen = await openScreen(null);
      expect(text(await screen.type(key))).toContain("this is a recording");
    },
  );

  test("without a cursor, and on a task that has ended, it says so", async () => {
    const tasks = pool();
    const controls: Controls = {
      pace: null,
      tasks,
      settings: null,
      replay: null,
      files: null,
    };
    await using screen = await ScreenHarness.open({
      ...{ columns: 110, rows: 24, controls },
    });
    const exit = { code: 0, signal: 0 };
    await screen.show(makeSample({ threads: [row({ tid: 5, exit })] }));
    expect(text(await screen.type("K"))).toContain("no task is selected");
    expect(text(await screen.type("ej"))).not.toContain("signal");
    expect(text(await screen.type("K"))).toContain("task5 has exited");
    expect(tasks.calls).toEqual([]);
  });
});
