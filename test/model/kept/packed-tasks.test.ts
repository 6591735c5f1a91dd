import { expect, test } from "bun:test";
import {
  packTasks,
  unpackTasks,
} from "../../../src/model/kept/packed-tasks.ts";
import { makeTask, row } from "../../support/samples.ts";

const exit = { code: 0, signal: 0 };

test("an ended task is bytes, whatever is known of it", () => {
  const usual = makeTask({ tid: 9, comm: "cc1" });
  const tasks = [
    makeTask({
      tid: 3,
      cmdline: ["tar", "", "-x", "tar", "a\0b"],
      cgroup: "/a.slice/b",
    }),
    makeTask({
      tid: 4,
      cmdline: [],
      isKernelThread: true,
      longName: "kworker/0",
    }),
    makeTask({
      tid: 5,
      cmdline: [""],
      ioPriority: { class: "idle", level: 7 },
    }),
    makeTask({
      tid: 6,
      cmdline: null,
      cgroup: "/a.slice/b",
      cgroupInherited: true,
    }),
    makeTask({ tid: 7, comm: "\ud800é\n", uid: 65534, user: "nobody" }),
    makeTask({ tid: 8, state: "Z", startMs: 1.5, key: "8.1.5+2" }),
    { ...usual, processKey: usual.key },
  ];
  const packed = packTasks(tasks.map((task) => ({ task, exit })));
  expect(packed.objects).toEqual([]);
  expect(unpackTasks(packed)).toEqual(tasks);
});

test("one that lives is the same object, and so is an ended thread: its process's arguments are read when somebody asks", () => {
  const rows = [
    row({ tid: 8, pid: 7, exit }),
    row({ tid: 9, exit }),
    row({ tid: 10 }),
  ];
  const packed = packTasks(rows);
  const tasks = unpackTasks(packed);
  expect(tasks).toEqual(rows.map(({ task }) => task));
  expect(packed.objects).toHaveLength(2);
  expect(tasks[0]).toBe(rows[0]!.task);
  expect(tasks[2]).toBe(rows[2]!.task);
});

test("tasks of a loop take less than 32 bytes each, and living ones none", () => {
  const ended = Array.from({ length: 2000 }, (_, i) =>
    makeTask({
      tid: 5000 + i,
      comm: "cat",
      cmdline: ["cat", "/etc/passwd"],
      cgroup: "/user.slice/session-1.scope",
    }),
  ).map((task) => ({ task: { ...task, processKey: task.key }, exit }));
  expect(packTasks(ended).bytes.byteLength / ended.length).toBeLessThan(32);
  const living = ended.map(({ task }) => ({ task, exit: null }));
  expect(packTasks(living).bytes.byteLength).toBe(0);
});
