/** No message about an ended task is relied on before one has come. */
import { expect, test } from "bun:test";
import { SysError } from "../../src/kernel/errors.ts";
import { resolveFamily } from "../../src/kernel/genetlink.ts";
import { ExitListener } from "../../src/sampler/exit-listener.ts";
import type { TaskTracker } from "../../src/sampler/tracker.ts";
import {
  openExitListener,
  type OpenedExitListener,
} from "../../src/sources/open-exit-listener.ts";
import {
  FakeKernel,
  type FakeKernelOptions,
} from "../support/fake-linux/fake-kernel.ts";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";

const tracker = { exit() {} } as unknown as TaskTracker;

interface Place extends FakeKernelOptions {
  readonly isInitialNetwork?: boolean;
  /** Whether the initial network namespace may be entered. */
  readonly mayEnter?: boolean;
  /** Whether a process may be started. */
  readonly mayFork?: boolean;
}

function openIn(place: Place): OpenedExitListener & {
  readonly kernel: FakeKernel;
  /** A task ends, and what there is to be heard of it is heard. */
  end(): void;
} {
  const linux = new FakeLinux();
  const init = linux.fork(0, 1);
  const kernel = new FakeKernel(linux, place);
  let isInitialNetwork = place.isInitialNetwork ?? true;
  const end = (): void => {
    const child = linux.fork(init.tid);
    linux.exitProcess(child.process);
    linux.reap(child.process);
  };
  const exits = openExitListener({
    listen() {
      const socket = kernel.openSocket({ isInitialNetwork });
      const family = resolveFamily(socket, "TASKSTATS");
      return new ExitListener(socket, family, "0-1", linux.clock);
    },
    inInitialNetwork(work) {
      if (place.mayEnter === false) throw new SysError("setns", 1);
      const before = isInitialNetwork;
      isInitialNetwork = true;
      try {
        return work();
      } finally {
        isInitialNetwork = before;
      }
    },
    endTask() {
      if (place.mayFork === false) return false;
      end();
      return true;
    },
    tracker,
  });
  return {
    ...exits,
    kernel,
    end() {
      end();
      exits.listener?.drain(tracker);
    },
  };
}

test("on the host they come, and there is nothing to be said", () => {
  const { listener, notice, kernel } = openIn({});
  expect(listener!.isDoubted).toBe(false);
  expect(notice).toBeNull();
  expect(kernel.listeners).toBe(1);
});

test("in a network namespace of one's own they come to a socket of the initial one", () => {
  const { listener, notice, kernel } = openIn({ isInitialNetwork: false });
  expect(listener!.isDoubted).toBe(false);
  expect(notice).toBeNull();
  expect(kernel.listeners).toBe(1);
});

test.each<[string, Place, string]>([
  [
    "in a network namespace of one's own that cannot be left",
    { isInitialNetwork: false, mayEnter: false },
    "initial network namespace",
  ],
  [
    "in another pid or user namespace",
    { isInitialNamespace: false },
    "initial namespaces",
  ],
])("%s there are none, and it is said", (_, place, why) => {
  const { listener, notice, kernel } = openIn(place);
  expect(listener).toBeNull();
  expect(kernel.listeners).toBe(0);
  expect(notice!.text).toContain(why);
  expect(notice!.text.length).toBeLessThanOrEqual(80);
  expect(notice!.explains).toEqual(["exit-events"]);
});

test("without CAP_NET_ADMIN asking for a task will say more", () => {
  const { listener, notice } = openIn({ isAllowed: false });
  expect([listener, notice]).toEqual([null, null]);
});

test("where no process can be started the first message heard is the proof", () => {
  const { listener, notice, end } = openIn({ mayFork: false });
  expect(listener!.isDoubted).toBe(true);
  expect(notice!.text).toContain("no process can be started");
  end();
  expect(listener!.isDoubted).toBe(false);
});

test("nor does it believe without proof where none comes", () => {
  const place = { mayFork: false, isInitialNetwork: false };
  const { listener, end } = openIn(place);
  for (let i = 0; i < 5; i++) end();
  expect(listener!.isDoubted).toBe(true);
});

test("a refusal that is none of the kernel's is not taken for one", () => {
  const failing = () =>
    openExitListener({
      listen: () => {
        throw new RangeError("ours");
      },
      inInitialNetwork: (work) => work(),
      endTask: () => true,
      tracker,
    });
  expect(failing).toThrow(RangeError);
});
