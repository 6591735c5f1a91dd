import { expect, test } from "bun:test";
import { Turns } from "../../../src/host/sinks/turns.ts";

test("steps wait for each other, and a failed one stops none that follow", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const steps = [
    turns.take(async () => {
      await first.promise;
      done.push("a");
    }),
    turns.take(() => Promise.reject(new Error("b"))),
    turns.take(async () => void done.push("c")),
  ];
  const idle = turns.idle().then(() => done.push("idle"));
  expect(done).toEqual([]);
  first.resolve();
  const ends = await Promise.allSettled(steps);
  await idle;
  expect(ends.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(done).toEqual(["a", "c", "idle"]);
});
