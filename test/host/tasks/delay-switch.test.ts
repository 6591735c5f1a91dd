// waits: it starts programs
/** The switch is a file of the test's own here; that of the machine is in test/e2e. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DelaySwitch } from "../../../src/host/tasks/delay-switch.ts";

const folder = mkdtempSync(join(tmpdir(), "iotop-switch-"));
const path = join(folder, "task_delayacct");
const value = (): string => readFileSync(path, "utf8").trim();
beforeEach(() => writeFileSync(path, "0\n"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the switch", () => {
  test("is put back at the end, once", () => {
    const accounting = new DelaySwitch(path);
    expect(accounting.set(true)).toBeNull();
    expect(value()).toBe("1");
    accounting[Symbol.dispose]();
    expect(value()).toBe("0");
    writeFileSync(path, "1\n");
    accounting[Symbol.dispose]();
    expect(value()).toBe("1");
  });

  test("is put back to what it was before the first change", () => {
    writeFileSync(path, "1\n");
    const accounting = new DelaySwitch(path);
    for (const on of [false, true, false]) accounting.set(on);
    accounting[Symbol.dispose]();
    expect(value()).toBe("1");
  });

  test("stays as somebody else has set it meanwhile", () => {
    writeFileSync(path, "1\n");
    const accounting = new DelaySwitch(path);
    accounting.set(false);
    writeFileSync(path, "1\n");
    accounting[Symbol.dispose]();
    expect(value()).toBe("1");
    writeFileSync(path, "0\n");
    const other = new DelaySwitch(path);
    other.set(true);
    writeFileSync(path, "0\n");
    other[Symbol.dispose]();
    expect(value()).toBe("0");
  });

  test("that was never touched is not written", () => {
    new DelaySwitch(join(folder, "none"))[Symbol.dispose]();
    expect(readFileSync(path, "utf8")).toBe("0\n");
  });

  test("that is not there is named in one sentence, and no file is made", () => {
    const missing = join(folder, "missing");
    const accounting = new DelaySwitch(missing);
    expect(accounting.set(true)).toContain("kernel.task_delayacct");
    accounting[Symbol.dispose]();
    expect(() => readFileSync(missing)).toThrow();
  });

  test("is put back by an exit that nobody foresaw", () => {
    const script = `
      import { DelaySwitch } from ${JSON.stringify(join(import.meta.dir, "../../../src/host/tasks/delay-switch.ts"))};
      const accounting = new DelaySwitch(${JSON.stringify(path)});
      accounting.set(true);
      if (process.argv.at(-1) === "throw") throw new Error("no");
      process.exit(3);`;
    for (const how of ["throw", "exit"]) {
      const { exitCode } = Bun.spawnSync(
        [process.execPath, "-e", script, how],
        { stderr: "ignore" },
      );
      expect(exitCode).not.toBe(0);
      expect(value()).toBe("0");
    }
  });
});
