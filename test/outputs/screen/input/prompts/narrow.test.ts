/** Questions about a task in narrow windows: what is about to happen is always shown, or it does not happen. */
import { expect, setDefaultTimeout, test } from "bun:test";
import type { Controls } from "../../../../../src/model/controls.ts";
import { FakeTasks } from "../../../../support/fake-tasks.ts";
import { makeSample, row } from "../../../../support/samples.ts";
import { ScreenHarness } from "../../../../support/screen/screen-harness.ts";
import { text } from "../../../../support/screen/screen-samples.ts";
import {
  makeDetails,
  makeThread,
} from "../../../../support/screen/task-details.ts";

setDefaultTimeout(60_000);

async function openScreen(
  columns: number,
  { tasks = new FakeTasks(), pid = 11426, comm = "fio", unicode = true } = {},
): Promise<ScreenHarness> {
  tasks.details = makeDetails({
    threadCount: 2,
    threads: [makeThread(pid), makeThread(pid + 1)],
  });
  const controls: Controls = {
    pace: null,
    tasks,
    settings: null,
    replay: null,
    files: null,
  };
  const screen = await ScreenHarness.open({
    ...{ columns, rows: 24, controls, unicode },
    screen: { mode: "processes" },
  });
  const task = { pid, comm, user: "backup", readBytes: 4096 };
  await screen.show(
    makeSample({
      uptimeS: 5000,
      threads: [row({ tid: pid, ...task }), row({ tid: pid + 1, ...task })],
    }),
  );
  await screen.type("\x1b[B");
  return screen;
}

test.each([
  [
    80,
    " signal 11426 fio of backup, since 03:26:28:  [TERM]  y sends",
    "y sends  esc no  ←→ other",
  ],
  [70, " signal 11426 fio of backup:  [TERM] ", "y sends  esc no  ←→ other"],
  [60, " signal 11426 fio:  [TERM] ", "y sends  esc no  ←→ other"],
  [40, " 11426 fio [TERM] ", "y sends  esc no  ←→"],
  [20, " 11426 [TERM]", "y"],
])("K in %i columns", async (columns, left, right) => {
  await using screen = await openScreen(columns);
  const hint = (await screen.type("K")).at(-1)!;
  expect(hint).toStartWith(left);
  expect(hint).toEndWith(right);
});

test.each([
  [80, " 11426 fio, 2 threads → rt [be] idle [4] 0-7 ", "t one  esc no  ←→"],
  [60, " 11426 fio → rt [be] idle [4] 0-7 ", "⏎ set  t one  esc no  ←→"],
  [40, " 11426 [be/4]", "⏎ set  t one  esc no  ←→"],
  [24, " 11426 all [be/4]", "⏎"],
  [20, " all [be/4]", "⏎"],
])("i in %i columns", async (columns, left, right) => {
  await using screen = await openScreen(columns);
  const hint = (await screen.type("i")).at(-1)!;
  expect(hint).toStartWith(left);
  expect(hint).toEndWith(right);
  expect((await screen.type("2\x1b[D")).at(-1)).toMatch(/\[rt\/2]|\[rt] be/);
});

test.each([
  ["K", "[TERM]", "y"],
  ["i", "[be/4]", "enter"],
])(
  "%s of the longest pid and name, in all widths and in ASCII",
  async (key, choice, answer) => {
    for (let columns = 20; columns <= 66; columns++) {
      const long = { pid: 4194302, comm: "kworker/u8:2-ev", unicode: false };
      await using screen = await openScreen(columns, long);
      const hint = (await screen.type(key)).at(-1)!;
      expect(hint.replace("[be] idle [4]", "[be/4]")).toContain(choice);
      expect(hint).toMatch(new RegExp(`  ${answer}\\b`));
    }
  },
);

test.each([
  ["K", "y"],
  ["i", "\r"],
])(
  "%s does nothing where its choice has no room, and says so",
  async (key, answer) => {
    const said = /too narrow to ask: widen the window/;
    const tasks = new FakeTasks();
    await using narrow = await openScreen(14, { tasks });
    expect(words(await narrow.type(key))).toMatch(said);
    // One that was asked in time, and is answered too late.
    await using screen = await openScreen(40, { tasks });
    await screen.type(key);
    await screen.resize(14, 24);
    expect(words(await screen.type(answer))).toMatch(said);
    expect(tasks.calls).toEqual([]);
  },
);

const words = (lines: readonly string[]): string =>
  text(lines).replaceAll(/\s+/g, " ");
