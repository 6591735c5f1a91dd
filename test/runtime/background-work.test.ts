// waits: it runs a runtime of 100 MB, before and after it is changed
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  TARGETS,
  findBun,
  nativeTarget,
  type Target,
} from "../../src/runtime/targets.ts";
import { stopWastedWork } from "../../src/runtime/background-work.ts";
import { BuildError } from "../../src/runtime/build-error.ts";

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "iotop-work-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Those whose runtime is installed: this machine's always is. */
const targets = (Object.keys(TARGETS) as Target[]).filter((target) => {
  try {
    return existsSync(findBun(target));
  } catch {
    return false;
  }
});

/** Keeps the CPU busy in one function, frees memory, and names its threads. */
const BUSY = `
  let sum = 0;
  const add = (i) => { sum = (sum + i * 7) % 1000; };
  const endMs = performance.now() + 400;
  while (performance.now() < endMs) for (let i = 0; i < 1000; i++) add(i);
  for (let i = 0; i < 100; i++) new ArrayBuffer(65536);
  Bun.gc(true);
  await Bun.sleep(1);
  const { readdirSync, readFileSync } = require("node:fs");
  for (const tid of readdirSync("/proc/self/task"))
    console.log("thread", readFileSync("/proc/self/task/" + tid + "/comm", "utf8"));
`;

/** What it says of its threads, and of what it has compiled. */
function run(runtime: string): string {
  const { stdout, stderr } = Bun.spawnSync([runtime, "-e", BUSY], {
    env: {
      BUN_JSC_reportDFGCompileTimes: "1",
      BUN_JSC_reportFTLCompileTimes: "1",
    },
  });
  return `${stdout}${stderr}`;
}

/** How often it collects garbage while it waits for more than a second. */
function countCollections(runtime: string): number {
  const { stdout, stderr } = Bun.spawnSync(
    [runtime, "-e", "await Bun.sleep(1200)"],
    { env: { PATH: "/bin", BUN_JSC_logGC: "1" } },
  );
  return `${stdout}${stderr}`.split(": START ").length - 1;
}

describe("stopWastedWork", () => {
  const pristine = findBun(nativeTarget());
  const changed = join(folder, "bun");
  const binary = readFileSync(pristine);
  stopWastedWork(binary);
  writeFileSync(changed, binary, { mode: 0o755 });

  test("leaves two tiers of the compiler, and no thread that frees memory", () => {
    const usual = run(pristine);
    expect(usual).toContain("using FTL");
    expect(usual).toContain("thread mi-scavenger");
    const said = run(changed);
    expect(said).toContain("using DFG");
    expect(said).not.toContain("using FTL");
    expect(said).not.toContain("mi-scavenger");
  });

  test("leaves no timer that collects garbage", () => {
    expect(countCollections(pristine)).toBeGreaterThan(0);
    expect(countCollections(changed)).toBe(0);
  });

  test.each(targets)("knows the runtime of %s, once", (target) => {
    const binary = readFileSync(findBun(target));
    stopWastedWork(binary);
    const again = Buffer.from(binary);
    expect(() => stopWastedWork(again)).toThrow(BuildError);
    expect(again.equals(binary)).toBe(true);
  });

  test("refuses what is no runtime", () => {
    expect(() => stopWastedWork(Buffer.from("#!/bin/sh\n"))).toThrow(
      "where this bun compiles a third time is not known",
    );
  });
});
