/** What other users' processes may make as large as they like does not decide how much memory iotop takes. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ensureBinary, startBinary } from "../support/binary.ts";
import { compileProgram } from "../support/c-program.ts";

setDefaultTimeout(120_000);
beforeAll(ensureBinary);

let folder: string;
let program: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-size-"));
  chmodSync(folder, 0o777);
  // Where everybody may go, unlike the checkout. Once: while somebody reads the arguments of one that has ended, the file
  // is still busy.
  program = join(folder, "boaster");
  copyFileSync(
    compileProgram("boaster", resolve(import.meta.dir, "../support/boaster.c")),
    program,
  );
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A process of nobody that writes, and claims to have arguments of so many MiB. */
async function startBoaster(mib: number): Promise<AsyncDisposable> {
  const file = join(folder, `written-${mib}`);
  const child = Bun.spawn([program, String(mib), file], {
    stdin: "pipe",
    stdout: "pipe",
    ...(process.getuid!() === 0 ? { uid: 65534, gid: 65534 } : {}),
  });
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("ready\n");
  return {
    async [Symbol.asyncDispose]() {
      await child.stdin.end();
      expect(await child.exited).toBe(0);
    },
  };
}

/** The most memory that a process ever had, MiB: VmHWM. */
const peakMib = (pid: number): number =>
  Number(
    /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1],
  ) / 1024;

describe.each([64, 6144])("arguments of %d MiB", (mib) => {
  test.each([
    [["-bo"]],
    [["-b"]],
    [["-boP"]],
    [["--output", "jsonl"]],
    [["--output", "jsonl,all", "-P"]],
  ])("%p", async (args) => {
    await using _boaster = await startBoaster(mib);
    await using iotop = startBinary([...args, "-d", "0.2", "-n", "200"]);
    // Three samples that have it in them.
    const stdout = await iotop.until(
      (text) => text.split("boaster").length > 3,
      100_000,
    );
    expect(stdout).toContain("…");
    expect(peakMib(iotop.pid)).toBeLessThan(150);
    for (const line of stdout.split("\n"))
      if (!line.startsWith("{")) expect(line.length).toBeLessThan(140_000);
  });
});
