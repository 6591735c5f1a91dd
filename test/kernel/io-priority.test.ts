// waits: it starts programs
import { expect, setDefaultTimeout, test } from "bun:test";
import { getPriority } from "node:os";
import {
  readIoPriority,
  writeIoPriority,
} from "../../src/kernel/io-priority.ts";
import { ESRCH } from "../../src/kernel/errors.ts";
import { Procfs } from "../../src/kernel/procfs.ts";
import { eventually } from "../support/eventually.ts";
import { lackOf, needing } from "../support/needs.ts";

setDefaultTimeout(120_000);

const LACK = lackOf("ionice");
const priorityOf = async (command: readonly string[]) => {
  const child = Bun.spawn([...command, "sleep", "100"]);
  try {
    // The command in front replaces itself by sleep once all is set.
    await eventually(
      () => new Procfs().readStat(child.pid)?.comm,
      (comm) => comm === "sleep",
    );
    return readIoPriority(child.pid);
  } finally {
    child.kill();
    await child.exited;
  }
};

test.skipIf(LACK !== null).each([
  [["ionice", "-c", "2", "-n", "0"], { class: "be", level: 0 }],
  [["ionice", "-c", "2", "-n", "7"], { class: "be", level: 7 }],
  [["ionice", "-c", "3"], { class: "idle", level: 0 }],
] as const)(needing("%j", LACK), async (command, expected) => {
  expect(await priorityOf(command)).toMatchObject({ class: expected.class });
  if (expected.class === "be")
    expect(await priorityOf(command)).toEqual({ ...expected });
});

/** What the kernel makes of a nice value so much above ours: task_nice_ioprio in linux/ioprio.h. */
const levelAbove = (added: number): number =>
  Math.floor((Math.min(getPriority() + added, 19) + 20) / 5);

test.each([0, 10, 19])("%d nicer than we are, the level follows", async (n) => {
  const level = levelAbove(n);
  expect(await priorityOf(["nice", "-n", `${n}`])).toEqual({
    class: "be",
    level,
  });
});

test("what was set is what is read", async () => {
  const child = Bun.spawn(["sleep", "100"]);
  try {
    for (const value of [
      { class: "be", level: 0 },
      { class: "be", level: 7 },
      { class: "idle", level: 0 },
      { class: "be", level: 3 },
    ] as const) {
      expect(writeIoPriority(child.pid, value)).toBe(0);
      expect(readIoPriority(child.pid)).toEqual(value);
    }
    // Without one of its own it has that of its nice value again, whatever level is named.
    expect(writeIoPriority(child.pid, { class: "none", level: 5 })).toBe(0);
    const level = levelAbove(0);
    expect(readIoPriority(child.pid)).toEqual({ class: "be", level });
  } finally {
    child.kill();
    await child.exited;
  }
  expect(writeIoPriority(child.pid, { class: "be", level: 4 })).toBe(ESRCH);
});

test("a task that is not there has none", () => {
  expect(readIoPriority(4_194_000)).toBeNull();
});
