// waits: it starts programs
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { startAndEndChild } from "../../src/kernel/short-lived.ts";
import {
  TASKSTATS_REFUSAL,
  TaskstatsClient,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";

/** Children of this thread that nobody has waited for. Other tests may have left some. */
const children = (): number =>
  readFileSync("/proc/thread-self/children", "utf8").split(" ").length;

test("the child has ended, and nobody need wait for it", () => {
  const before = children();
  for (let i = 0; i < 100; i++) {
    expect(startAndEndChild()).toBe(true);
    if (i % 10 === 0) Bun.gc(true);
  }
  expect(children()).toBeLessThanOrEqual(before);
});

test("programs are started as before", async () => {
  startAndEndChild();
  const child = Bun.spawn(["sh", "-c", "exit 7"]);
  startAndEndChild();
  expect(await child.exited).toBe(7);
});

test.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("the kernel has told of the end at once"),
  () => {
    using client = new TaskstatsClient();
    client.listen();
    for (let i = 0; i < 20; i++) {
      client.drain();
      startAndEndChild();
      const ours = client
        .drain()
        .filter(({ record }) => record.ppid === process.pid);
      expect(ours.length).toBeGreaterThanOrEqual(1);
    }
  },
);
