import { describe, expect, test } from "bun:test";
import {
  commandLines,
  placeLines,
  titleParts,
} from "../../../../outputs/screen/panes/details-title.ts";
import { createFormat } from "../../../../src/model/text/format.ts";
import type { TaskDetails } from "../../../../src/model/tasks/task-details.ts";
import { SAMPLE_TIME_MS, makeTask, row } from "../../../support/samples.ts";
import {
  makeDetails,
  makeThread,
} from "../../../support/screen/task-details.ts";
import { utcTime } from "../../../support/utc-time.ts";

const format = createFormat({ kilobytes: false, localTime: utcTime });

const title = (
  fields: Partial<Parameters<typeof titleParts>[0]> = {},
  columns = 80,
) =>
  titleParts(
    {
      row: row({ tid: 7, comm: "db" }),
      ...{ asProcess: true, details: null, hasEnded: false },
      ...{ activeThreads: 0, timeMs: SAMPLE_TIME_MS },
      ...fields,
    },
    columns,
    format,
  ).join(" | ");

describe("the title", () => {
  test("has the day of a start that is not today's", () => {
    expect(title()).toBe("7 db | root | be/4 | since 03:26:28");
    const startMs = SAMPLE_TIME_MS - 3 * 86_400_000;
    expect(title({ row: row({ tid: 7, comm: "db", startMs }) }, 120)).toContain(
      "since 2026-11-20 03:27:28 (3 d)",
    );
  });

  test.each([
    [{ code: 0, signal: 0 }, "ended"],
    [{ code: 3, signal: 0 }, "ended (status 3)"],
    [{ code: 0, signal: 15 }, "ended (signal 15)"],
    [null, "ended"],
  ])("of %j says %s", (exit, text) => {
    const task = row({ tid: 7, comm: "db", exit });
    expect(title({ row: task, hasEnded: true })).toStartWith(
      `7 db | ${text} | root`,
    );
  });

  test("of a thread names its process", () => {
    const thread = row({ tid: 8, pid: 7, comm: "db" });
    expect(title({ row: thread, asProcess: false })).toEndWith("thread of 7");
  });

  test("says that threads have other priorities, and which", () => {
    const idle = { class: "idle", level: 0 } as const;
    const be7 = { class: "be", level: 7 } as const;
    const threads = [7, 8, 9].map((tid) => makeThread(tid));
    const withOther = (...others: readonly (typeof idle | typeof be7)[]) =>
      title({
        details: makeDetails({
          threads: [
            ...threads,
            ...others.map((ioPriority, i) =>
              makeThread(20 + i, { ioPriority }),
            ),
          ],
        }),
      });
    expect(withOther()).toContain("| be/4 |");
    expect(withOther(idle)).toContain("| !be/4 (1 of 4 idle) |");
    expect(withOther(idle, be7)).toContain("| !be/4 (2 of 5 other) |");
  });
});

describe("the place", () => {
  const place = (details: Partial<TaskDetails>, columns = 80) =>
    placeLines(
      row({ tid: 7, cgroup: "/system.slice/db.service" }),
      makeDetails({
        cwd: "/srv",
        parent: { pid: 1, comm: "init" },
        ...details,
      }),
      columns,
      format,
    )
      .map((spans) => spans.map(({ text }) => text).join(""))
      .join("\n");

  test("has the unit, or the whole cgroup where there is room", () => {
    expect(place({})).toBe(
      "parent 1 init   cwd /srv   unit db.service   container -",
    );
    const cgroup = "/system.slice/db.service";
    expect(place({ cgroup }, 120)).toBe(
      `parent 1 init   cwd /srv   cgroup ${cgroup}`,
    );
  });

  test("has the program if the command names another one, or it was deleted", () => {
    const cmdline = ["db", "-D"];
    expect(place({ cmdline, exe: "/usr/bin/db" })).not.toContain("exe");
    expect(place({ cmdline, exe: "/usr/bin/db" }, 120)).toContain(
      "exe /usr/bin/db",
    );
    expect(place({ cmdline, exe: "db" }, 120)).not.toContain("exe");
    expect(place({ cmdline, exe: "/usr/bin/db (deleted)" })).toContain(
      "exe /usr/bin/db (deleted)",
    );
  });

  test("that nobody may see is unknown", () => {
    expect(place({ cwd: null, parent: null })).toStartWith("parent ?   cwd ?");
  });
});

describe("the command", () => {
  const lines = (task: ReturnType<typeof makeTask>, columns = 40) =>
    commandLines(task, null, columns, format).map((spans) =>
      spans.map(({ text }) => text).join(""),
    );

  test("is whole, with the path of the program and empty arguments", () => {
    const task = makeTask({
      tid: 7,
      cmdline: ["/usr/sbin/mysqld", "--user=mysql", "", "--log=/var/log/x"],
    });
    expect(lines(task)).toEqual([
      "/usr/sbin/mysqld --user=mysql ''",
      "  --log=/var/log/x",
    ]);
  });

  test("cannot do anything to the terminal", () => {
    const task = makeTask({ tid: 7, cmdline: ["a\x1b[2J", "b\nc\u202e"] });
    expect(lines(task).join("")).toMatch(/^[\x20-\x7e]+$/);
  });

  test("of a kernel thread, and of one that has none, is its name", () => {
    const longName = "kworker/0:1-events";
    const kernel = makeTask({ tid: 7, isKernelThread: true, longName });
    expect(lines(kernel)).toEqual(["[kworker/0:1-events]"]);
    expect(lines(makeTask({ tid: 7, comm: "x", cmdline: null }))).toEqual([
      "x",
    ]);
  });
});
