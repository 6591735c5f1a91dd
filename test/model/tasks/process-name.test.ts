import { expect, test } from "bun:test";
import { commandOf } from "../../../src/model/tasks/command.ts";
import { foldThreads } from "../../../src/model/tasks/fold.ts";
import { namingProcess } from "../../../src/model/tasks/process-name.ts";
import { makeTask, row } from "../../support/samples.ts";

const nameOf = (comm: string, cmdline: readonly string[] | null) =>
  namingProcess(makeTask({ tid: 6, pid: 5, comm, cmdline })).comm;

test.each<[string, string, readonly string[] | null]>([
  ["iotop", "Bun Pool 1", ["/usr/local/bin/iotop", "-n", "3"]],
  // As a recording has it: one line.
  ["iotop", "Bun Pool 1", ["./dist/iotop -n 3"]],
  ["iotop", "iotop", ["/usr/bin/python3", "/usr/sbin/iotop", "-b"]],
  ["python3", "Thread-1", ["/usr/bin/python3 /usr/sbin/iotop -b"]],
  ["nginx", "worker", ["nginx: worker process"]],
  ["bash", "loader", ["-bash"]],
  ["a-name-of-15-by", "x", ["/opt/a-name-of-15-bytes-and-more"]],
  ["worker", "worker", null],
  ["worker", "worker", []],
  ["worker", "worker", [""]],
  ["worker", "worker", ["/"]],
])("%s, by a thread %p of %p", (name, comm, cmdline) => {
  expect(nameOf(comm, cmdline)).toBe(name);
});

test("a main thread has its own name, and is itself", () => {
  const main = makeTask({ tid: 5, comm: "x", cmdline: ["/bin/y"] });
  expect(namingProcess(main)).toBe(main);
});

test("all else is the thread's; one object for one", () => {
  const thread = makeTask({ tid: 6, pid: 5, comm: "x", cmdline: ["/bin/y"] });
  const process = namingProcess(thread);
  expect(namingProcess(thread)).toBe(process);
  for (const field of Object.keys(thread) as (keyof typeof thread)[])
    if (field !== "comm") expect(process[field]).toBe(thread[field]);
});

test("a process of which only other threads are listed is named by its program", () => {
  const cmdline = ["/usr/bin/iotop", "-b"];
  const [one, two] = foldThreads(
    [
      row({ tid: 6, pid: 5, comm: "Bun Pool 0", cmdline, readBytes: 1024 }),
      row({ tid: 18, pid: 17, comm: "Bun Pool 1", cmdline }),
      row({ tid: 19, pid: 17, comm: "Heap Helper", cmdline, writeBytes: 1024 }),
    ],
    new Map(),
  );
  expect(one!.task.comm).toBe("iotop");
  expect(one!).toMatchObject({ readBytes: 1024, count: 1 });
  expect(two!.task.comm).toBe("iotop");
  expect(commandOf(two!.task)).toBe("iotop -b");
});

test("one whose last thread known has ended keeps that thread's name: its pid may be another program's by now", () => {
  const cmdline = ["/usr/bin/other"];
  const [ended] = foldThreads(
    [
      row({
        tid: 6,
        pid: 5,
        comm: "pool",
        cmdline,
        exit: { code: 0, signal: 0 },
      }),
    ],
    new Map(),
  );
  expect(ended!.task.comm).toBe("pool");
});
