// waits: it starts programs
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOM = join(import.meta.dir, "../../src/kernel/thread-pool.ts");

/** Opens FIFOs that nobody reads, each of which takes a thread for good, and then writes a file. */
const PROGRAM = `
  import { open, writeFile } from "node:fs/promises";
  import { makeRoomForThreads } from ${JSON.stringify(ROOM)};
  const [dir, fifos, threads] = process.argv.slice(2);
  makeRoomForThreads(Number(threads));
  for (let i = 0; i < Number(fifos); i++) void open(dir + "/fifo" + i, "w");
  await writeFile(dir + "/file", "x");
  console.log("written");
  process.exit(0);
`;

test("calls that never return leave a thread for the others", async () => {
  const dir = mkdtempSync(join(tmpdir(), "iotop-pool-"));
  const stuck = navigator.hardwareConcurrency + 3;
  for (let i = 0; i < stuck; i++)
    Bun.spawnSync(["mkfifo", join(dir, `fifo${i}`)]);
  // In one file, as in the executable: to load a second one takes threads already.
  await Bun.write(join(dir, "program.ts"), PROGRAM);
  const built = await Bun.build({
    entrypoints: [join(dir, "program.ts")],
    target: "bun",
    outdir: join(dir, "out"),
  });
  const args = [built.outputs[0]!.path, dir, `${stuck}`, `${stuck + 1}`];
  const child = Bun.spawn([process.execPath, ...args], {
    stdout: "pipe",
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  expect(await child.stdout.text()).toBe("written\n");
  rmSync(dir, { recursive: true });
}, 90_000);
