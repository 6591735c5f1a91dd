/** The trace says why a record was given to a life. */
import { expect, test } from "bun:test";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import { FakeSampler } from "../support/fake-linux/fake-sampler.ts";

function watched() {
  const linux = new FakeLinux();
  linux.fork(0, 1);
  const lines: string[] = [];
  const trace = { write: (line: string) => lines.push(line) };
  const rig = new FakeSampler(linux, { trace });
  rig.watch();
  linux.sleep(1000);
  lines.length = 0;
  /** What was decided since, without times and slots. */
  const decisions = (): string[] =>
    lines
      .splice(0)
      .map((line) => line.replace(/^\S+ /, "").replace(/ age=\S+|#\d+/g, ""));
  return { linux, rig, decisions };
}

test("a life that no scan sees is one decision", () => {
  const { linux, rig, decisions } = watched();
  const task = linux.fork(1);
  linux.exit(task);
  linux.reap(task.process);
  rig.sample();
  expect(decisions()).toEqual([
    "tid=1000 pid=1000 event=exit holder=none because=else verdict=begin",
  ]);
});

test("an execve in another thread: the message waits, and is of the thread that is missing", () => {
  const { linux, rig, decisions } = watched();
  const main = linux.fork(1);
  const other = linux.clone(main.process);
  rig.sample();
  decisions();
  linux.exec(other);
  rig.sample();
  expect(decisions()).toEqual([
    "tid=1000 pid=1000 event=exit holder=live because=fits verdict=same",
    "tid=1000 pid=1000 event=answer holder=ended because=else verdict=recheck",
    "tid=1000 pid=1000 event=answer holder=ended because=isRechecked verdict=journal",
    "tid=1000 pid=1000 event=alive holder=ended because=else verdict=exec",
  ]);
});

test("answers of tasks that simply live on leave no line", () => {
  const { linux, rig, decisions } = watched();
  const task = linux.fork(1);
  rig.sample();
  decisions();
  linux.io(task, { readBytes: 4096 });
  rig.sample();
  expect(decisions()).toEqual([]);
});
