// waits: it starts programs
import { describe, expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { resolve } from "node:path";
import { inNetworkOf } from "../../src/kernel/network-namespace.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";

const network = (process = "self"): string =>
  readlinkSync(`/proc/${process}/ns/net`);
/** Those that are open of a namespace: others come and go with the runtime's threads. */
const descriptors = (): number =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith("net:");
    } catch {
      return false;
    }
  }).length;

/** A process in a network of its own. */
function startApart(): Disposable & { readonly pid: number } {
  const child = Bun.spawn(["unshare", "-n", "sleep", "60"]);
  while (network(String(child.pid)) === network()) Bun.sleepSync(1);
  return { pid: child.pid, [Symbol.dispose]: () => child.kill("SIGKILL") };
}

const LACK = lackOf("unshare") ?? lackOfRoot;

describe.skipIf(LACK !== null)(
  needing("the network of another process", LACK),
  () => {
    test("is entered for the work, and left", () => {
      using other = startApart();
      const before = { network: network(), descriptors: descriptors() };
      const inside = inNetworkOf(other.pid, () => network("thread-self"));
      expect(inside).toBe(network(String(other.pid)));
      expect({ network: network(), descriptors: descriptors() }).toEqual(
        before,
      );
    });

    test("is left also when the work fails", () => {
      using other = startApart();
      const before = network("thread-self");
      const failing = () =>
        inNetworkOf(other.pid, () => {
          throw new RangeError("no");
        });
      expect(failing).toThrow(RangeError);
      expect(network("thread-self")).toBe(before);
    });
  },
);

test("of nobody there is none", () => {
  const before = descriptors();
  expect(() => inNetworkOf(4_194_304, () => {})).toThrow(
    expect.objectContaining({ name: "SysError", code: "ENOENT" }),
  );
  expect(descriptors()).toBe(before);
});

test("takes CAP_SYS_ADMIN", () => {
  const script = `import { inNetworkOf } from "${resolve(import.meta.dir, "../../src/kernel/network-namespace.ts")}";
    try { inNetworkOf(process.pid, () => {}); } catch ({ name, code }) { console.log(name, code); }`;
  const without =
    lackOfRoot === null ? ["setpriv", "--bounding-set=-sys_admin"] : [];
  const { stdout } = Bun.spawnSync([
    ...without,
    process.execPath,
    "-e",
    script,
  ]);
  expect(stdout.toString()).toBe("SysError EPERM\n");
});
