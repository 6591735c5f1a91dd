import { describe, expect, test } from "bun:test";
import type { IoPriority, TaskInfo } from "../../../../src/model/sample.ts";
import { makeSample, makeTask, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

/** A task that counts how often its I/O priority and its user are read, and whose name may change. */
function watchedTask(tid: number) {
  const seen = { reads: 0, userReads: 0, comm: "sleeper", level: 4 };
  const plain = makeTask({ tid, cmdline: null });
  const task: TaskInfo = Object.defineProperties({ ...plain } as TaskInfo, {
    comm: { get: () => seen.comm },
    user: {
      get(): string {
        seen.userReads++;
        return "root";
      },
    },
    ioPriority: {
      get(): IoPriority {
        seen.reads++;
        return { class: "be", level: seen.level };
      },
    },
  });
  return { task, seen };
}

const START_MS = Date.UTC(2026, 10, 23);
const sampleOf = (rows: ReturnType<typeof row>[], ms: number) =>
  makeSample({ threads: rows, timeMs: START_MS + ms });

describe("the row of a task that rests", () => {
  test("is looked at every two seconds for what is read on use, and drawn anew if that changed", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    const { task, seen } = watchedTask(70);
    const idle = row({ tid: 70, task });
    for (let ms = 0; ms < 10_000; ms += 200)
      await screen.show(sampleOf([idle], ms));
    expect(seen.reads).toBeGreaterThanOrEqual(5);
    expect(seen.reads).toBeLessThanOrEqual(7);
    expect(seen.userReads).toBe(1);
    seen.level = 7;
    const shown = await screen.show(sampleOf([idle], 12_000));
    expect(shown[4]).toContain("be/7");
    expect(seen.userReads).toBe(2);
  });

  test("takes a new name at once", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    const { task, seen } = watchedTask(70);
    const idle = row({ tid: 70, task });
    expect((await screen.show(sampleOf([idle], 0)))[4]).toContain("sleeper");
    seen.comm = "renamed";
    expect((await screen.show(sampleOf([idle], 200)))[4]).toContain("renamed");
  });

  test("follows every key that changes how rows look", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    const task = makeTask({
      tid: 70,
      comm: "short",
      cmdline: ["/bin/long", "-x"],
    });
    const idle = row({ tid: 70, task, since: { readBytes: 4096 } });
    expect((await screen.show(sampleOf([idle], 0)))[4]).toContain("long -x");
    expect((await screen.type("c"))[4]).toContain("short");
    expect((await screen.type("c"))[4]).toContain("long -x");
    expect((await screen.type("a"))[4]).toContain("4.00K ");
    expect((await screen.type("1"))[4]).not.toContain("70");
    const narrow = (await screen.resize(60, 24))[4]!;
    expect(narrow.length).toBeLessThanOrEqual(60);
    expect(narrow).toContain("long -x");
  });
});

test("the row of a task that moves is read with every sample", async () => {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
  const { task, seen } = watchedTask(70);
  for (let ms = 0; ms < 2000; ms += 200)
    await screen.show(
      sampleOf([row({ tid: 70, task, readBytes: 1024 + ms })], ms),
    );
  expect(seen.reads).toBe(10);
});
