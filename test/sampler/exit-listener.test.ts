/** Which ends are listened for, and whether any was heard. */
import { describe, expect, test } from "bun:test";
import { resolveFamily } from "../../src/kernel/genetlink.ts";
import { ExitListener } from "../../src/sampler/exit-listener.ts";
import type { TaskTracker } from "../../src/sampler/tracker.ts";
import {
  FakeKernel,
  type FakeKernelOptions,
} from "../support/fake-linux/fake-kernel.ts";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";

/** Where what was heard goes. */
const deaf = { exit() {} } as unknown as TaskTracker;

function listen(cpus: string | null, options: FakeKernelOptions = {}) {
  const linux = new FakeLinux();
  const init = linux.fork(0, 1);
  const kernel = new FakeKernel(linux, options);
  const socket = kernel.openSocket();
  const family = resolveFamily(socket, "TASKSTATS");
  const listener = new ExitListener(socket, family, cpus, linux.clock);
  /** Ends a task on the CPU. @returns the messages heard */
  const endOn = (cpu: number): number => {
    kernel.cpu = cpu;
    const child = linux.fork(init.tid);
    linux.exitProcess(child.process);
    linux.reap(child.process);
    return listener.drain(deaf).messages;
  };
  return { kernel, listener, endOn };
}

describe("every CPU that can ever be there is listened on", () => {
  test("as the system names them", () => {
    const { listener, endOn } = listen("0-1");
    expect(listener.cpus).toBe("0-1");
    expect([0, 1].map(endOn)).toEqual([1, 1]);
  });

  test.each<[string, string | null, FakeKernelOptions]>([
    ["are not known", null, { possibleCpus: [0, 1, 2] }],
    ["are only one", null, { possibleCpus: [0] }],
    ["have gaps", null, { possibleCpus: [0, 2, 5] }],
    ["are less than there is room", null, { roomForCpus: 512 }],
    ["are named wrongly", "0-7", { possibleCpus: [0, 1, 2, 3] }],
    ["are named in words", "all of them", { possibleCpus: [0, 1, 2] }],
  ])("also where they %s", (_, cpus, options) => {
    const { endOn, kernel, listener } = listen(cpus, options);
    const { possibleCpus = [0, 1] } = options;
    expect(possibleCpus.map(endOn)).toEqual(possibleCpus.map(() => 1));
    listener[Symbol.dispose]();
    expect(kernel.listeners).toBe(0);
  });

  test("what no CPU is accepted for is refused as a whole", () => {
    expect(() => listen(null, { isInitialNamespace: false })).toThrow(
      expect.objectContaining({ name: "NetlinkError", code: "EINVAL" }),
    );
    expect(() => listen(null, { isAllowed: false })).toThrow(
      expect.objectContaining({ name: "NetlinkError", code: "EPERM" }),
    );
  });
});

test("a doubt lasts until a message is heard", () => {
  const { listener, endOn } = listen("0");
  expect(listener.isDoubted).toBe(false);
  listener.isDoubted = true;
  expect([endOn(1), listener.isDoubted]).toEqual([0, true]);
  expect([endOn(0), listener.isDoubted]).toEqual([1, false]);
  expect([endOn(1), listener.isDoubted]).toEqual([0, false]);
});
