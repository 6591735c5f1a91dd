/** Another user without capabilities: /proc alone, and one line that tells what is missing. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyBinary, ensureBinary, runBinary } from "../support/binary.ts";
import { expectSums, recordWhile, tasksOf } from "../support/json-run.ts";
import { diskFolder, workloadProgram } from "../support/workload.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const NOBODY = 65534;
const LACKS = [lackOfRoot, lackOf("setpriv")];

const AS_NOBODY = [
  "setpriv",
  ...[`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"],
  ...["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"],
];

describe.skipIf(LACKS.some((lack) => lack !== null))(
  needing("without privileges", ...LACKS),
  () => {
    let disk: ReturnType<typeof diskFolder>;
    let command: readonly string[];

    beforeAll(() => {
      // Where everybody may go, unlike the checkout.
      disk = diskFolder();
      chmodSync(disk.path, 0o777);
      const binary = copyBinary(disk.path);
      copyFileSync(workloadProgram(), join(disk.path, "workload"));
      chmodSync(join(disk.path, "workload"), 0o755);
      command = [...AS_NOBODY, binary];
    });
    afterAll(() => disk[Symbol.dispose]());

    test("own tasks are shown with their bytes, and one line explains the rest", async () => {
      const { records, result, stderr, status } = await recordWhile(
        async (oneMoreLine) => {
          const child = Bun.spawn(
            [
              ...AS_NOBODY,
              ...[join(disk.path, "workload"), "write", "6d696e65", "512"],
              join(disk.path, "file"),
            ],
            { stdin: "pipe", stdout: "pipe" },
          );
          try {
            for await (const _ of child.stdout) break;
            await oneMoreLine();
            return child.pid;
          } finally {
            child.kill("SIGKILL");
            await child.exited;
          }
        },
        ["-d", "0.3"],
        { command, cwd: "/" },
      );
      const mine = tasksOf(records, ({ pid }) => pid === result);
      expect(mine.length).toBeGreaterThan(0);
      expect(mine[0]).toMatchObject({ comm: "mine", uid: NOBODY });
      const bytes = mine.reduce(
        (sum, task) => sum + (task.write_bytes ?? 0),
        0,
      );
      expect(bytes).toBeGreaterThanOrEqual(512 * 1024);
      for (const { accounting, health } of records) {
        expect(accounting).toBe("procfs");
        expect(health.exit_events).toBe(false);
        expect(health.unreadable_tasks).toBeGreaterThan(0);
      }
      expectSums(records);
      const told = stderr
        .split("\n")
        .filter((line) => line !== "" && !line.includes("delay accounting"));
      expect(
        told.filter((line) => line.includes("CAP_NET_ADMIN")),
      ).toHaveLength(1);
      expect(status).toBe(0);
    });

    test("what may not be read is ?, never 0", async () => {
      const { status, stdout } = await runBinary(
        ["-b", "-n", "2", "-d", "0.2", "-p", "1"],
        { command, cwd: "/" },
      );
      const rows = stdout.split("\n").filter((line) => /^ +1 /.test(line));
      expect(rows).toHaveLength(2);
      for (const row of rows) expect(row).toMatch(/ root +\? B\/s +\? B\/s /);
      expect(status).toBe(0);
    });

    test("asked for taskstats it says in one line that it may not", async () => {
      const { status, stdout, stderr } = await runBinary(
        ["-b", "-n", "1", "--source", "taskstats"],
        { command, cwd: "/" },
      );
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^iotop: [^\n]*EPERM[^\n]*\n$/);
      expect(status).toBe(1);
    });

    test("a module of one's own need not be safe from others", async () => {
      const path = join(disk.path, "mine.ts");
      writeFileSync(
        path,
        `export default { api: 1, name: "mine", summary: "", create: () => ({ write: (s, ctx) => ctx.print("seen\\n") }) };`,
      );
      chmodSync(path, 0o644);
      const { status, stdout } = await runBinary(
        ["--output", path, "-n", "1", "-d", "0.1"],
        { command, cwd: "/" },
      );
      expect(stdout).toBe("seen\n");
      expect(status).toBe(0);
    });
  },
);
