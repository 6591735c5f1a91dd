/** In chroots, containers and namespaces: every end is heard, or it is said that none is. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, readlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import { BINARY, ensureBinary, runBinary } from "../support/binary.ts";
import { runDds } from "../support/dd.ts";
import {
  parseLines,
  recordWhile,
  sumOf,
  tasksOf,
} from "../support/json-run.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(120_000);
beforeAll(ensureBinary);

const canUnshare =
  Bun.which("unshare") !== null &&
  Bun.spawnSync(["unshare", "-mpnf", "true"]).exitCode === 0;

/** iotop behind what a shell does first, in namespaces of its own. */
const behind = (flags: string, script: string): readonly string[] => [
  ...["unshare", flags, "sh", "-c", `${script}\nexec "$0" "$@"`, BINARY],
];

const WITHOUT_SYS = "umount -R -l /sys || exit 99";
const WITHOUT_SYS_ADMIN = [
  ...["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"],
];
const PROCESSES_ALONE = "mount -t proc -o subset=pid proc /proc || exit 99";

/** Short programs on each CPU while iotop runs. */
async function watchEachCpu(command: readonly string[]) {
  using disk = diskFolder();
  const run = await recordWhile(
    async () => {
      const runs = [];
      for (let cpu = 0; cpu < availableParallelism(); cpu++)
        runs.push(await runDds(5, disk.path, undefined, cpu));
      return runs;
    },
    ["-d", "0.5"],
    { command },
  );
  const told = run.result.map(({ comm }) =>
    sumOf(tasksOf(run.records, (task) => task.comm === comm)),
  );
  const written = run.result.map((each) => each.written);
  const heard = new Set(run.records.map(({ health }) => health.exit_events));
  return { ...run, told, written, heard: [...heard] };
}

/** As JSON lines have it: null of a thread of the kernel. */
const commandOf = (pid: number): string | null =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8")
    .replace(/\0$/, "")
    .replaceAll("\0", " ") || null;

const lines = (stderr: string, part: string): number =>
  stderr.split("\n").filter((line) => line.includes(part)).length;

describe.skipIf(!canUnshare || TASKSTATS_REFUSAL !== null)(
  needsTaskstats("programs shorter than a sample"),
  () => {
    test.each([
      ["without /sys", "-m", WITHOUT_SYS],
      [
        "without /sys, in a /proc of processes alone",
        "-m",
        `${WITHOUT_SYS}; ${PROCESSES_ALONE}`,
      ],
      ["in a network of its own", "-n", ":"],
      ["without /sys, in a network of its own", "-nm", WITHOUT_SYS],
    ])(
      "%s those of every CPU are told to the byte",
      async (_, flags, script) => {
        const seen = await watchEachCpu(behind(flags, script));
        expect(seen.told).toEqual(seen.written);
        expect(seen.heard).toEqual([true]);
        expect(lines(seen.stderr, "missed")).toBe(0);
        expect(seen.status).toBe(0);
      },
    );

    test("in a network of its own it only borrows that of the host", async () => {
      const networkOf = (pid: number | "self"): string =>
        readlinkSync(`/proc/${pid}/ns/net`);
      const { result } = await recordWhile(
        async () => {
          const { stdout } = Bun.spawnSync([
            ...["pgrep", "-P", String(process.pid), "-x", "iotop"],
          ]);
          return networkOf(Number(stdout.toString()));
        },
        ["-d", "0.2"],
        { command: behind("-n", ":") },
      );
      expect(result).toMatch(/^net:\[\d+\]$/);
      expect(result).not.toBe(networkOf("self"));
    });

    test.each([
      [
        "in a network of its own that it may not leave",
        [...["unshare", "-n"], ...WITHOUT_SYS_ADMIN, BINARY],
        "network namespace",
      ],
      [
        "in a pid namespace of its own",
        behind("-pmf", "mount -t proc proc /proc || exit 99"),
        "initial namespaces",
      ],
    ])("%s it says that they are missed", async (_, command, why) => {
      const args = ["--output", "jsonl", "-d", "0.2", "-n", "3"];
      const seen = await runBinary(args, { command });
      const health = parseLines(seen.stdout).map((record) => record.health);
      expect(health.map((each) => each.exit_events)).toEqual([
        ...[false, false, false],
      ]);
      expect(lines(seen.stderr, why)).toBe(1);
      expect(lines(seen.stderr, "missed")).toBe(1);
      expect(seen.status).toBe(0);
    });
  },
);

describe.skipIf(!canUnshare)("in the /proc of another pid namespace", () => {
  const ARGS = ["--output", "jsonl,all", "-P", "-d", "0.2", "-n", "3"];
  const SAID = "this /proc is of another pid namespace";

  test.each([
    ["the one above", ["unshare", "-pf", BINARY]],
    ["one further above", ["unshare", "-pf", "unshare", "-pf", BINARY]],
  ])("%s, rows are of one task each", async (_, command) => {
    const { stdout, stderr, status } = await runBinary(ARGS, { command });
    const records = parseLines(stdout);
    expect(records).toHaveLength(3);
    for (const pid of [1, 2, process.pid]) {
      const rows = tasksOf(records, (task) => task.pid === pid);
      expect(rows).toHaveLength(3);
      for (const { comm, cmdline, io_prio } of rows)
        expect({ comm, cmdline, io_prio }).toEqual({
          comm: readFileSync(`/proc/${pid}/comm`, "utf8").trimEnd(),
          cmdline: commandOf(pid),
          // A question to the kernel about this id would be about another task.
          io_prio: null,
        });
    }
    expect(records[0]).toMatchObject({ accounting: "procfs" });
    expect(records[0]!.health.exit_events).toBe(false);
    expect(lines(stderr, SAID)).toBe(1);
    expect(status).toBe(0);
  });

  test("taskstats that was asked for is refused, in one line", async () => {
    const { stdout, stderr, status } = await runBinary(
      ["-b", "-n", "1", "--source", "taskstats"],
      { command: ["unshare", "-pf", BINARY] },
    );
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^iotop: taskstats: \/proc is of another [^\n]*\n$/);
    expect(status).toBe(1);
  });
});
