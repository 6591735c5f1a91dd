import { expect, test } from "bun:test";
import { LONGEST_BYTES } from "../../src/kernel/files.ts";
import { Procfs } from "../../src/kernel/procfs.ts";
import { ProcfsTaskFacts } from "../../src/sampler/task-facts-from-procfs.ts";

/** A machine on which every process says that its arguments are as long as may be. */
class Boasters extends Procfs {
  readonly limits: number[] = [];

  override readCmdline(_tid: number, limitBytes = 0): readonly string[] {
    this.limits.push(limitBytes);
    return ["x".repeat(limitBytes)];
  }
}

test("arguments are read short when many long ones are kept, and long again when they are not", () => {
  const procfs = new Boasters();
  const identity = new ProcfsTaskFacts(procfs);
  const kept = Array.from({ length: 10_000 }, (_, tid) =>
    identity.readCmdline(tid),
  );
  const keptBytes = kept.reduce((sum, each) => sum + each![0]!.length, 0);
  // 10,000 times 128 KiB would be 1.3 GB.
  expect(keptBytes).toBeLessThan(64 << 20);
  expect(procfs.limits[0]).toBe(LONGEST_BYTES);
  expect(new Set(procfs.limits)).toEqual(new Set([LONGEST_BYTES, 4096]));
  for (const each of kept) identity.forgetCmdline(each);
  identity.readCmdline(1);
  expect(procfs.limits.at(-1)).toBe(LONGEST_BYTES);
});
