import { expect, setDefaultTimeout, test } from "bun:test";
import { makeSample, row } from "../../../support/samples.ts";
import { needles } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

const TASK = /(?:hay|needle)-\d+ --serve/;
const rowsOf = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => TASK.test(line));
const TAB = "\t";

test("11: f and a user leave only the rows of that user, and the totals as they are", async () => {
  await using screen = await ScreenHarness.open({ columns: 100, rows: 24 });
  await screen.show(needles());
  const totals = screen.lines().slice(0, 2);
  await screen.type(`falice${TAB}`);
  await screen.until(/500 of 2,000/);
  const hint = screen.lines()[23]!;
  expect(hint).toStartWith(" filter  user: alice  pid:   name:");
  expect(hint).toContain("tab next  ⏎ keep  esc drop");
  expect(rowsOf(screen.lines()).length).toBeGreaterThan(10);
  for (const line of rowsOf(screen.lines())) expect(line).toContain(" alice ");
  expect(screen.lines().slice(0, 2)).toEqual(totals);
});

test("several users, ids and names narrow it further, and Enter keeps them", async () => {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
  await screen.show(needles());
  await screen.type("falice, 1001");
  await screen.until(/1,000 of 2,000/);
  await screen.type(`${TAB}3000,3001,3002${TAB}`);
  await screen.until(/2 of 2,000/);
  await screen.type("hay-1,hay-2");
  await screen.until(/ 1 of 2,000/);
  await screen.type("\r");
  expect(rowsOf(screen.lines())).toHaveLength(1);
  expect(rowsOf(screen.lines())[0]).toContain("hay-1 --serve");
  expect(screen.lines().join("\n")).toContain("pid 3000 3001 3002");
  await screen.show(needles());
  expect(rowsOf(screen.lines())).toHaveLength(1);
  // It is there to be changed, and Esc drops it.
  await screen.type("f");
  expect(screen.lines()[23]).toStartWith(
    " filter  user: alice,1001  pid: 3000,3001,3002  name: hay-1,hay-2",
  );
  await screen.type("\x1b");
  await screen.until(/hay-300 --serve/);
});

test("what is no id is named, and is not kept", async () => {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
  await screen.show(needles());
  await screen.type(`f${TAB}12x\r`);
  expect(screen.lines()[23]).toContain("no pid: 12x");
  await screen.type("\x7f");
  expect(screen.lines()[23]).not.toContain("no pid");
  // Back to the last line, and on to the first.
  await screen.type("\x1b[Z\x1b[Zneedle-7");
  await screen.until(/name: needle-7/);
});

test("-u and -p are in its lines, and can be changed", async () => {
  await using screen = await ScreenHarness.open({
    columns: 120,
    rows: 24,
    view: { uids: [1002], pids: [3002, 3006] },
  });
  await screen.show(needles());
  expect(rowsOf(screen.lines())).toHaveLength(2);
  await screen.type("f");
  expect(screen.lines()[23]).toStartWith(
    " filter  user: carol  pid: 3002,3006  name:",
  );
  await screen.type(`${TAB}\x15`);
  await screen.until(/500 of 2,000/);
});

test.each([{ uids: [7] }, { users: ["ann"] }])(
  "with sums, ended tasks of other users come back when %j goes",
  async (users) => {
    await using screen = await ScreenHarness.open({
      ...{ columns: 100, rows: 24, view: { ...users, accumulated: true } },
    });
    const ended = { exit: { code: 0, signal: 0 }, writeBytes: 4096 };
    await screen.show(
      makeSample({
        threads: [
          row({ tid: 70, comm: "hers", uid: 7, user: "ann", ...ended }),
          row({ tid: 80, comm: "his", uid: 8, user: "bob", ...ended }),
        ],
      }),
    );
    await screen.show(makeSample());
    const shown = screen.lines().join("\n");
    expect([/ hers /, / his /].map((name) => name.test(shown))).toEqual([
      true,
      false,
    ]);
    await screen.type("f\x15\r");
    await screen.until(/ his /);
  },
);
