/** How the parts that talk to the kernel meet its "no". */
import { expect, test } from "bun:test";
import { resolveFamily } from "../../src/kernel/genetlink.ts";
import { ExitListener } from "../../src/sampler/exit-listener.ts";
import { FakeKernel } from "../support/fake-linux/fake-kernel.ts";
import { FakeLinux } from "../support/fake-linux/fake-linux.ts";
import { FakeSampler } from "../support/fake-linux/fake-sampler.ts";

const code = (expected: string) => expect.objectContaining({ code: expected });

test("a kernel without taskstats", () => {
  const kernel = new FakeKernel(new FakeLinux(), { hasTaskstats: false });
  expect(() => resolveFamily(kernel.openSocket(), "TASKSTATS")).toThrow(
    code("ENOENT"),
  );
});

test("without CAP_NET_ADMIN asking for oneself tells so", () => {
  const linux = new FakeLinux();
  linux.fork(0, 1);
  const rig = new FakeSampler(linux, { isAllowed: false, hearsExits: false });
  expect(() => rig.watch()).toThrow(code("EPERM"));
});

test("in another namespace nobody may listen", () => {
  const linux = new FakeLinux();
  const kernel = new FakeKernel(linux, { isInitialNamespace: false });
  const socket = kernel.openSocket();
  const family = resolveFamily(socket, "TASKSTATS");
  expect(() => new ExitListener(socket, family, "0-1", linux.clock)).toThrow(
    code("EINVAL"),
  );
});

test("a listener that is disposed of is registered no more", () => {
  const linux = new FakeLinux();
  const kernel = new FakeKernel(linux);
  const socket = kernel.openSocket();
  const family = resolveFamily(socket, "TASKSTATS");
  {
    using _listener = new ExitListener(socket, family, "0-1", linux.clock);
    expect(kernel.listeners).toBe(1);
  }
  expect(kernel.listeners).toBe(0);
});
