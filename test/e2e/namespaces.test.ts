/** In chroots, containers and namespaces: every end is heard, or it is said that none is. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  readFileSync,
  readdirSync,
  readlinkSync,
} from "node:fs";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { BINARY, ensureBinary, runBinary } from "../support/binary.ts";
import { runDds } from "../support/machine/dd.ts";
import {
  parseLines,
  recordWhile,
  sumOf,
  tasksOf,
} from "../support/json-run.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import { diskFolder } from "../support/workload.ts";

const LACK = lackOfRoot ?? lackOf("unshare", "setpriv");

setDefaultTimeout(120_000);
beforeAll(ensureBinary);

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

describe.skipIf(LACK !== null || TASKSTATS_REFUSAL !== null)(
  needing(needsTaskstats("programs shorter than a sample"), LACK),
  () => {
    test.concurrent.each([
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

    test.concurrent.each([
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

const FOREIGN = "in the /proc of another pid namespace";

describe.skipIf(LACK !== null)(needing(FOREIGN, LACK), () => {
  const ARGS = ["--output", "jsonl,all", "-P", "-d", "0.2", "-n", "3"];
  const SAID = "this /proc belongs to another pid namespace";

  test.concurrent.each([
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
    expect(stderr).toMatch(
      /^iotop: taskstats: \/proc belongs to another [^\n]*\n$/,
    );
    expect(status).toBe(1);
  });
});

describe.skipIf(LACK !== null)(
  needing("a /proc that does not show all", LACK),
  () => {
    const ARGS = ["--output", "jsonl", "-d", "0.2", "-n", "3"];
    const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534"];
    const WITH_NET_ADMIN = [
      ...[...NOBODY, "--clear-groups", "--inh-caps=+net_admin"],
      "--ambient-caps=+net_admin",
    ];
    const PLAIN = [
      ...[...NOBODY, "--clear-groups", "--inh-caps=-all"],
      "--bounding-set=-all",
    ];

    /** iotop with a /proc mounted like that, in a folder that everybody may read. */
    async function runIn(options: string, as: readonly string[]) {
      using folder = diskFolder();
      chmodSync(folder.path, 0o755);
      const binary = join(folder.path, "iotop");
      copyFileSync(BINARY, binary);
      chmodSync(binary, 0o755);
      const mount = `mount -t proc -o ${options} proc /proc || exit 99`;
      const command = [
        ...["unshare", "-m", "sh", "-c", `${mount}\nexec "$@"`, "sh"],
        ...[...as, binary],
      ];
      const outcome = await runBinary(ARGS, { command, cwd: "/" });
      expect(outcome.status).toBe(0);
      const records = parseLines(outcome.stdout);
      expect(records).toHaveLength(3);
      return { ...outcome, records };
    }

    test.concurrent.each([
      ["hidepid=2", "with CAP_NET_ADMIN", WITH_NET_ADMIN],
      ["hidepid=invisible", "with CAP_NET_ADMIN", WITH_NET_ADMIN],
      ["hidepid=1", "with CAP_NET_ADMIN", WITH_NET_ADMIN],
      ["hidepid=4", "with CAP_NET_ADMIN", WITH_NET_ADMIN],
      ["hidepid=2", "without privileges", PLAIN],
      ["hidepid=1", "without privileges", PLAIN],
    ])(
      "%s for nobody %s: the hidden are counted, and none has vanished",
      async (options, _, as) => {
        const { records, stderr } = await runIn(options, as);
        for (const { health, total, accounting } of records) {
          // At least the threads of this test's own process, which is not nobody's.
          const threads = readdirSync("/proc/self/task").length;
          expect(health.unreadable_tasks).toBeGreaterThan(threads);
          expect(total.tasks).toBeGreaterThan(0);
          if (accounting === "taskstats") expect(health.vanished_tasks).toBe(0);
        }
        expect(
          lines(stderr, "hidepid") + lines(stderr, "only your own tasks"),
        ).toBe(1);
      },
    );

    test("hidepid for all but a group: its members see all", async () => {
      const options = "hidepid=2,gid=65534";
      const { records, stderr } = await runIn(options, WITH_NET_ADMIN);
      for (const { health } of records) expect(health.unreadable_tasks).toBe(0);
      expect(lines(stderr, "hidepid")).toBe(0);
    });

    test("in a pid namespace of its own nobody knows how many are hidden", async () => {
      using folder = diskFolder();
      chmodSync(folder.path, 0o755);
      const binary = join(folder.path, "iotop");
      copyFileSync(BINARY, binary);
      chmodSync(binary, 0o755);
      const script = `mount -t proc -o hidepid=2 proc /proc || exit 99
        "$@"; exit $?`;
      const { stdout, status } = await runBinary(ARGS, {
        command: [
          ...["unshare", "-mpf", "sh", "-c", script, "sh"],
          ...[...PLAIN, binary],
        ],
        cwd: "/",
      });
      const unreadable = parseLines(stdout).map(
        ({ health }) => health.unreadable_tasks,
      );
      expect(unreadable).toEqual([null, null, null]);
      expect(status).toBe(0);
    });

    test("processes alone: what else it would say is unknown, and never 0", async () => {
      const { records, stderr } = await runIn("subset=pid", ["env"]);
      for (const record of records) {
        const { boot_id, delay_accounting, disk, pressure } = record;
        expect({ boot_id, delay_accounting, pressure }).toEqual({
          boot_id: null,
          delay_accounting: null,
          pressure: null,
        });
        expect(disk.read_bytes).toBeNull();
        expect(record.uptime_s).toBeGreaterThan(1);
        expect(record.total.io_delay_ns).toBeNull();
        expect(record.host).toBe(hostname());
      }
      expect(records[1]!.uptime_s).toBeGreaterThan(records[0]!.uptime_s);
      expect(lines(stderr, "sysctl")).toBe(0);
    });
  },
);

describe("what is missing has its true reason", () => {
  const run = (args: readonly string[], command = [BINARY]) =>
    runBinary([...args, "-n", "1", "-d", "0.1"], { command });

  test("--source procfs was asked for", async () => {
    const { stderr, status } = await run(["-b", "--source", "procfs"]);
    expect(lines(stderr, "/proc alone does not report tasks that exit")).toBe(
      1,
    );
    expect(stderr).not.toMatch(/run as root|sudo|the kernel does not report/);
    expect(status).toBe(0);
  });

  test.skipIf(LACK !== null)(
    needing("root without capabilities is not told to become root", LACK),
    async () => {
      const powerless = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"];
      const command = [...powerless, BINARY];
      const { stderr, status } = await run(["-b"], command);
      expect(lines(stderr, "CAP_NET_ADMIN")).toBe(1);
      expect(stderr).not.toMatch(/as root|sudo/);
      expect(status).toBe(0);
      const refused = await run(["-b", "--source", "taskstats"], command);
      expect(refused.stderr).toMatch(/^iotop: [^\n]*\(EPERM\)\n$/);
      expect(refused.status).toBe(1);
    },
  );

  test("an id that nobody has is said once, and waited for", async () => {
    const args = ["-b", "-p", "4194304", "-p", String(process.pid), "-n", "2"];
    const { stderr, status } = await runBinary([...args, "-d", "0.1"]);
    expect(lines(stderr, "-p 4194304: no such process or thread now")).toBe(1);
    expect(status).toBe(0);
  });
});
