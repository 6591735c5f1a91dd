import { expect, test } from "bun:test";
import {
  parseFilter,
  type TaskFilter,
} from "../../../src/model/view/task-filter.ts";
import { makeTask } from "../../support/samples.ts";

function filterOf(text: string): TaskFilter {
  const filter = parseFilter(text);
  if (typeof filter === "string") throw new Error(filter);
  return filter;
}

const THREAD = makeTask({
  tid: 4712,
  pid: 4711,
  comm: "ib_io_rd-1",
  cmdline: ["/usr/sbin/mysqld", "--user=mysql"],
});

test.each([
  ["the id", "^4712$"],
  ["the id of its process", "^4711$"],
  ["its own name", "^ib_io"],
  ["the command line as it was given", "^/usr/sbin/mysqld --user"],
  ["the command as it is shown", "^mysqld --user=mysql \\[ib_io_rd-1\\]$"],
  ["the name of the program", "^mysqld$"],
])("a thread is found by %s", (_what, text) => {
  expect(filterOf(text).matches(THREAD)).toBe(true);
});

test("what is wrong is said", () => {
  expect(parseFilter("fio(")).toBe("unclosed (");
  expect(filterOf("MYSQL").matches(THREAD)).toBe(false);
});

test("a task is read once, and anew under another name", () => {
  let reads = 0;
  const task = Object.defineProperty(
    { ...makeTask({ tid: 7, comm: "sh" }) },
    "cmdline",
    {
      get: () => {
        reads++;
        return ["sh", "-c", "true"];
      },
    },
  );
  const filter = filterOf("fio");
  expect(filter.matches(task)).toBe(false);
  const first = reads;
  expect(first).toBeGreaterThan(0);
  expect(filter.matches(task)).toBe(false);
  expect(reads).toBe(first);
  Object.assign(task, { comm: "fio" });
  expect(filter.matches(task)).toBe(true);
});

test("a kernel thread is looked at again, as it works for others later", () => {
  const task = {
    ...makeTask({ tid: 7, comm: "kworker/0:1", isKernelThread: true }),
    longName: "kworker/0:1-events",
  };
  const filter = filterOf("writeback");
  expect(filter.matches(task)).toBe(false);
  task.longName = "kworker/0:1-writeback";
  expect(filter.matches(task)).toBe(true);
});

test("an expression that takes too long is not looked for in long command lines any more, and says so", () => {
  const filter = parseFilter("a.{200}c", 0) as TaskFilter;
  const long = (tid: number) =>
    makeTask({ tid, comm: "x", cmdline: ["x", "ab".repeat(2000)] });
  expect(filter.isSlow).toBe(false);
  expect(filter.matches(long(7))).toBe(false);
  expect(filter.isSlow).toBe(true);
  const short = ["x", `a${"b".repeat(200)}c`];
  expect(filter.matches(makeTask({ tid: 8, cmdline: short }))).toBe(true);
  expect(filterOf("fio.*wal").isSlow).toBe(false);
});

test("a command line of megabytes takes no longer than one of 32 KiB", () => {
  const long = makeTask({ tid: 7, cmdline: ["x", "y".repeat(8 << 20), "end"] });
  expect(filterOf("end$").matches(long)).toBe(false);
  const short = makeTask({ tid: 7, cmdline: ["x", "y".repeat(30_000), "end"] });
  expect(filterOf("end$").matches(short)).toBe(true);
});
