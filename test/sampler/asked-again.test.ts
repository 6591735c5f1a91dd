/** What happens while a scan asks some tasks once more. */
import { describe, expect, test } from "bun:test";
import type { FakeTask } from "../support/fake-linux/fake-linux-tasks.ts";
import {
  allBytes,
  bytes,
  during,
  KIB,
  pair,
  start,
} from "../support/fake-linux/fake-watch.ts";

describe("a second execve while the scan asks about the first", () => {
  const moments = {
    "before the threads are asked": ["read stat 1000"],
    "before the thread is asked": [
      "read stat 1000",
      "answer 1000",
      "answer 1002",
    ],
    "after all answers": ["read stat 1000", "answer 1002", "receive"],
  };
  for (const [moment, looks] of Object.entries(moments))
    for (const ends of [false, true])
      test(`by a thread that is new, ${moment}${ends ? ", and its end" : ""}`, () => {
        const rig = start();
        const { linux } = rig;
        const { main, other } = pair(linux);
        linux.exec(other);
        const young = linux.clone(main.process);
        linux.io(other, { readBytes: 4 * KIB });
        linux.io(young, { readBytes: 16 * KIB });
        const samples = [
          during(rig, looks, () => {
            linux.exec(young);
            if (ends) linux.exit(young);
          }),
          rig.sample(),
        ];
        expect(allBytes(samples)).toBe(20 * KIB);
        expect(samples.map(({ health }) => health.vanished)).toEqual([0, 0]);
      });

  test("by a thread that was asked before the first one: what each did is in its own row", () => {
    const rig = start();
    const { linux } = rig;
    const { main, other: first } = pair(linux);
    const second = linux.clone(main.process);
    const samples = [rig.sample()];
    linux.io(first, { readBytes: 4 * KIB });
    linux.io(second, { readBytes: 16 * KIB });
    let third!: FakeTask;
    samples.push(
      during(rig, ["answer 1002", "receive"], () => {
        linux.exec(first);
        third = linux.clone(main.process);
        linux.io(third, { readBytes: 64 * KIB });
        linux.exec(third);
        linux.io(third, { readBytes: 256 * KIB });
      }),
    );
    samples.push(rig.sample());
    expect(allBytes(samples)).toBe((4 + 16 + 64 + 256) * KIB);
    expect(bytes(samples, second.comm)).toBe(16 * KIB);
    expect(bytes(samples, third.comm)).toBe(320 * KIB);
    expect(samples.map(({ health }) => health.vanished)).toEqual([0, 0, 0]);
  });
});
