/** Enter shows all about the selected task; Esc closes it. The live half is in test/e2e. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Controls } from "../../../../src/model/controls.ts";
import { withFiles } from "../../../../src/model/create-sample.ts";
import { eventually } from "../../../support/eventually.ts";
import { FakeTasks } from "../../../support/fake-tasks.ts";
import { poolDetails } from "../../../support/screen/pool-details.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { fileDelta } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

interface Opened extends AsyncDisposable {
  readonly screen: ScreenHarness;
  readonly tasks: FakeTasks;
  /** How often files were asked for. */
  readonly wants: () => number;
}

/** F1 with the pool selected, its details open since the third sample. */
async function openPool(
  columns: number,
  rows: number,
  setup: { readonly isRecorded?: boolean; readonly unicode?: boolean } = {},
): Promise<Opened> {
  const tasks = new FakeTasks();
  let wants = 0;
  const files = { want: () => (wants++, null) };
  const controls: Controls = {
    pace: null,
    tasks,
    settings: null,
    replay: null,
    files,
  };
  const screen = await ScreenHarness.open({
    ...{ columns, rows, view: { processes: true } },
    ...(setup.unicode === false
      ? { unicode: false, graph: "ascii" as const }
      : { graph: "blocks" as const }),
    ...(setup.isRecorded ? {} : { controls }),
  });
  let n = 0;
  for (const sample of culprits()) {
    tasks.details = poolDetails(++n);
    await screen.show(sample);
    if (n === 3) await screen.type("/name=pool\r\x1b[B\r");
  }
  return {
    screen,
    tasks,
    wants: () => wants,
    [Symbol.asyncDispose]: () => screen[Symbol.asyncDispose](),
  };
}

const shownIn = (screen: ScreenHarness): string => screen.lines().join("\n");

describe("80x24", () => {
  test("the command is whole, with the unit, the life and the file", async () => {
    await using opened = await openPool(80, 24);
    const lines = opened.screen.lines();
    const at = lines.findIndex((line) => line.startsWith("─ 18365 fio"));
    expect(at).toBeGreaterThan(5);
    expect(lines[at]).toContain(
      "─ www-data ─ !be/4 (1 of 6 idle) ─ since 22:50:19 ─",
    );
    const command = `${lines[at + 1]} ${lines[at + 2]!.trim()}`;
    expect(command).toBe(
      "fio --name=pool --thread --numjobs=4 --filename=/srv/db/pool.dat --size=128M --rw=randread --direct=1 --bs=4k --rate=1m",
    );
    expect(lines[at + 3]).toBe(
      "parent 1 init   cwd /srv/db   unit pool.service   container -",
    );
    expect(lines[at + 4]).toMatch(/READ +WRITE +CANCEL +LOGIC R .*IO$/);
    expect(lines[at + 5]).toMatch(/^now .* 1\.02k\/s /);
    expect(lines[at + 6]).toMatch(/^watched .* \? +\? /);
    expect(lines[at + 7]).toMatch(/^lifetime .* 128M .* 870k +2\.00k +\?$/);
    expect(lines[at + 8]).toMatch(/^R\+W .* now .* most$/);
    expect(lines[at + 9]).toContain("fd 3 r");
    expect(lines[at + 9]).toContain("/srv/db/pool.dat");
  });

  test("Tab shows the threads and their states, and then the beginning again", async () => {
    await using opened = await openPool(80, 24);
    await opened.screen.type("\t");
    const shown = shownIn(opened.screen);
    expect(shown).toContain("THREAD (4 active of 6)");
    expect(shown).toMatch(/ 18618 be\/4 .* D {2}fio/);
    expect(shown).toMatch(/ 18617 idle .* S {2}fio/);
    expect(shown).not.toContain("lifetime");
    await opened.screen.type("\t\t");
    expect(shownIn(opened.screen)).toContain("lifetime");
  });

  test("Esc closes it, and Enter too", async () => {
    await using opened = await openPool(80, 24);
    await opened.screen.type("\x1b");
    await eventually(
      () => shownIn(opened.screen),
      (shown) => !shown.includes("lifetime"),
    );
    expect(shownIn(await pressed(opened, "\r"))).toContain("lifetime");
    expect(shownIn(await pressed(opened, "\r"))).not.toContain("lifetime");
  });

  test("one task is looked at, once a sample, and only while it is open", async () => {
    await using opened = await openPool(80, 24);
    // From the third sample to the twelfth.
    expect(opened.tasks.inspected).toEqual(Array(10).fill(18365));
    await opened.screen.type("\tco\t");
    expect(opened.tasks.inspected.length).toBe(10);
    await opened.screen.type("\r");
    await opened.screen.show(culprits({ samples: 13 }).at(-1)!);
    expect(opened.tasks.inspected.length).toBe(10);
  });

  test("j leads to the details of the next task, from their first line on", async () => {
    await using opened = await openPool(80, 24);
    await opened.screen.type("\t/\x15fio\r");
    await opened.screen.type("kkkkkkkkk");
    const first = shownIn(opened.screen);
    await opened.screen.type("j");
    const second = shownIn(opened.screen);
    const title = (shown: string) => /^─ (\d+) fio/m.exec(shown)?.[1];
    expect(title(first)).toBeDefined();
    expect(title(second)).not.toBe(title(first));
    expect(second).toContain("lifetime");
  });
});

const pressed = async (
  { screen }: Opened,
  keys: string,
): Promise<ScreenHarness> => {
  await screen.type(keys);
  return screen;
};

test("120x40: threads and files stand side by side, the most in one look", async () => {
  await using opened = await openPool(120, 40);
  const shown = shownIn(opened.screen);
  expect(shown).toContain(
    "since 22:50:19 (13 min) ─ unit pool.service ─ container - ─",
  );
  expect(shown).toContain("cgroup /system.slice/pool.service");
  expect(shown).toMatch(
    / 18618 be\/4 .* D {2}fio +│ +3 r +112M +128M {2}\/srv\/db\/pool\.dat/,
  );
  expect(shown).toMatch(/^IO .* now .* most$/m);
});

test("a task that ended stays as it was last seen, and says so", async () => {
  await using opened = await openPool(80, 24);
  opened.tasks.details = null;
  await opened.screen.show(culprits({ samples: 13 }).at(-1)!);
  const shown = shownIn(opened.screen);
  expect(shown).toContain("─ 18365 fio ─ ended ─");
  expect(shown).toContain("/srv/db/pool.dat");
});

test("a recording shows what the sample has, and what cannot be known", async () => {
  await using opened = await openPool(80, 24, { isRecorded: true });
  const shown = shownIn(opened.screen);
  expect(shown).toMatch(/^lifetime .* \?$/m);
  expect(shown).toContain("--rw=randread --direct=1 --bs=4k --rate=1m");
  expect(shown).toContain("not recorded: working directory, open files");
  expect(shown).not.toContain("fd 3");
  expect(opened.tasks.inspected).toEqual([]);
});

test("without Unicode it is ASCII alone", async () => {
  await using opened = await openPool(120, 40, { unicode: false });
  expect(shownIn(opened.screen)).toContain("- 18365 fio - www-data -");
  expect(shownIn(opened.screen)).toMatch(/^[\n\x20-\x7e]*$/);
});

test.each([
  [20, 5],
  [40, 12],
  [300, 100],
])("%dx%d has room for it", async (columns, rows) => {
  await using opened = await openPool(columns, rows);
  const lines = opened.screen.lines();
  expect(lines.some((line) => line.startsWith("─ 18365 fio"))).toBe(true);
  expect(lines.some((line) => line.includes("fio --n"))).toBe(true);
});

test.each([
  [80, 24],
  [120, 40],
])(
  "%dx%d: F shows bytes by file, which nobody else pays for",
  async (columns, rows) => {
    await using opened = await openPool(columns, rows);
    expect(opened.wants()).toBe(0);
    await opened.screen.type("F");
    expect(opened.wants()).toBe(1);
    expect(shownIn(opened.screen)).toContain("counting files from now on");
    const sample = culprits({ samples: 13 }).at(-1)!;
    const { processKey } = sample.threads.find(
      ({ task }) => task.pid === 18365,
    )!.task;
    const readBytes = 64 * 1024 ** 2;
    await opened.screen.show(
      withFiles(sample, [fileDelta({ processKey, readBytes })]),
    );
    expect(shownIn(opened.screen)).toMatch(/ READ +WRITE TO DISK {2}FILE/);
    expect(shownIn(opened.screen)).toMatch(/64\.0M +0 +0 {2}\/srv\/db\/pool/);
    await opened.screen.type("F");
    expect(shownIn(opened.screen)).toContain("/srv/db/pool.dat");
    const before = opened.wants();
    await opened.screen.type("\r");
    await opened.screen.type("o");
    expect(opened.wants()).toBe(before);
  },
);

test("F opens the details, if they are closed", async () => {
  await using opened = await openPool(80, 24);
  await opened.screen.type("\r");
  expect(shownIn(await pressed(opened, "F"))).toContain("counting files");
});
