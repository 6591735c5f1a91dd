/**
 * A machine with five culprits and an idle majority, sample by sample: what the screen is judged by. A reader of
 * 30 MB/s, a buffered writer of 10 MB/s, a loop of short-lived writers, a pool of four reading threads, and a log that
 * waits for each write.
 */
import type { Sample, TaskDelta, TaskInfo } from "../../../src/model/sample.ts";
import {
  device,
  makeSample,
  makeTask,
  row,
  type RowFields,
} from "../samples.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The clock of the last of twelve samples says 23:04:12. */
const BEGIN_MS = Date.UTC(2026, 10, 24, 23, 4, 0);
const FIO_START_MS = Date.UTC(2026, 10, 24, 22, 50, 19);
const BOOT_MS = Date.UTC(2026, 10, 24, 6, 0, 0);

export interface CulpritFields {
  /** How many samples, one a second; 12 by default. */
  readonly samples?: number;
  /** In this sample, from 1, one task writes 160 MiB and ends. */
  readonly burstIn?: number;
  /** False: the kernel does not count waits. */
  readonly waits?: boolean;
  /** From this sample on, a task is stuck in state D. */
  readonly stuckFrom?: number;
  /** After this sample, no task of the loop ends any more. */
  readonly loopUntil?: number;
  /** How many tasks of the loop end in a sample, from 1; 22 by default. */
  readonly loopTasks?: (sample: number) => number;
}

const fio = (
  tid: number,
  user: string,
  uid: number,
  args: readonly string[],
  more: Partial<TaskInfo> = {},
): TaskInfo =>
  makeTask({
    tid,
    comm: "fio",
    user,
    uid,
    startMs: FIO_START_MS + (tid % 100) * 10,
    cmdline: ["fio", ...args],
    ...more,
  });

const POOL_ARGS = [
  "--name=pool",
  "--thread",
  "--numjobs=4",
  "--filename=/srv/db/pool.dat",
  "--size=128M",
  "--rw=randread",
  "--direct=1",
  "--bs=4k",
  "--rate=1m",
];
const POOL_PID = 18365;
const POOL_CGROUP = "/system.slice/pool.service";
const poolThread = (tid: number, more: Partial<TaskInfo> = {}): TaskInfo =>
  fio(tid, "www-data", 33, POOL_ARGS, {
    pid: POOL_PID,
    processKey: `process ${POOL_PID}`,
    cgroup: POOL_CGROUP,
    ...more,
  });

/** The tasks that every sample has, by the names of the culprits. */
export const CULPRITS = {
  archive: fio(
    18710,
    "backup",
    34,
    [
      "--name=archive",
      "--filename=/srv/archive/a.dat",
      "--size=256M",
      "--rw=read",
      "--direct=1",
      "--bs=256k",
      "--rate=30m",
    ],
    { cgroup: "/system.slice/backup.service" },
  ),
  buflog: fio(
    18538,
    "man",
    6,
    [
      "--name=buflog",
      "--filename=/srv/log/b.dat",
      "--size=128M",
      "--rw=write",
      "--bs=64k",
      "--rate=10m",
    ],
    { cgroup: "/system.slice/logs.service" },
  ),
  pool: poolThread(POOL_PID),
  poolThreads: [
    poolThread(18618),
    poolThread(18620),
    poolThread(18617, { ioPriority: { class: "idle", level: 0 } }),
    poolThread(18619),
  ],
  poolHelper: poolThread(18366),
  wal: fio(
    18541,
    "news",
    9,
    [
      "--name=wal",
      "--filename=/srv/log/wal.dat",
      "--size=16M",
      "--rw=write",
      "--bs=8k",
      "--rate=400k",
      "--fdatasync=1",
    ],
    { cgroup: "/system.slice/wal.service" },
  ),
  stuck: makeTask({
    tid: 2947,
    comm: "dd",
    startMs: FIO_START_MS,
    cmdline: ["dd", "if=/dev/zero", "of=/mnt/stuck/x", "bs=64k", "count=100"],
    cgroup: "/user.slice/user-0.slice",
  }),
} as const;

const DAEMONS: readonly (readonly [number, string, string, number])[] = [
  [1, "/sbin/init", "root", 0],
  [412, "/lib/systemd/systemd-journald", "root", 0],
  [430, "/lib/systemd/systemd-udevd", "root", 0],
  [601, "/usr/sbin/cron -f", "root", 0],
  [602, "/usr/bin/dbus-daemon --system --nofork", "messagebus", 104],
  [640, "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", "root", 0],
  [702, "nginx: master process /usr/sbin/nginx", "root", 0],
  [703, "nginx: worker process", "www-data", 33],
  [812, "/usr/lib/postgresql/15/bin/postgres -D /srv/db", "postgres", 105],
];

/** They keep their rows from sample to sample, as a task does that rests. */
const idleRows = (): TaskDelta[] => {
  const tasks: TaskInfo[] = DAEMONS.map(([tid, command, user, uid]) =>
    makeTask({
      tid,
      comm: command.split(" ", 1)[0]!.split("/").at(-1)!.slice(0, 15),
      cmdline: command.split(" "),
      user,
      uid,
      startMs: BOOT_MS + tid,
    }),
  );
  const kernel = ["kthreadd", "ksoftirqd/0", "kswapd0", "jbd2/vda1-8"];
  for (let i = 0; i < 91; i++)
    tasks.push(
      makeTask({
        tid: 2 + i,
        comm: kernel[i] ?? `kworker/u8:${i}`,
        isKernelThread: true,
        startMs: BOOT_MS,
      }),
    );
  for (let i = 0; i < 80; i++)
    tasks.push(
      makeTask({
        tid: 15_500 + i,
        comm: "sleep",
        cmdline: ["sleep", "7200"],
        startMs: FIO_START_MS,
      }),
    );
  return tasks.map((task) => row({ tid: task.tid, task }));
};

/** Deterministic noise from -1 to 1, as rates that are asked for have it. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43_758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** A rate, in whole KiB as the kernel counts. */
const wobble = (bytes: number, seed: number, share = 0.02): number =>
  Math.round((bytes * (1 + share * noise(seed))) / KIB) * KIB;

/** 180 idle tasks, and what the culprits did in each second. */
export function culprits(fields: CulpritFields = {}): readonly Sample[] {
  const {
    samples = 12,
    waits = true,
    burstIn,
    stuckFrom,
    loopUntil = samples,
    loopTasks = () => 22,
  } = fields;
  const idle = idleRows().map((each) =>
    waits
      ? each
      : row({
          tid: each.task.tid,
          task: each.task,
          ioWaitNs: null,
          swapWaitNs: null,
        }),
  );
  const sums = new Map<string, { readBytes: number; writeBytes: number }>();
  let nextPid = 20_000;
  return Array.from({ length: samples }, (_, i) => {
    const seq = i + 1;
    const timeMs = BEGIN_MS + seq * 1000;
    const living = (
      task: TaskInfo,
      io: { readBytes?: number; writeBytes?: number; ioWaitNs?: number },
      more: Partial<RowFields> = {},
    ): TaskDelta => {
      const before = sums.get(task.key);
      const since = {
        readBytes: (before?.readBytes ?? 0) + (io.readBytes ?? 0),
        writeBytes: (before?.writeBytes ?? 0) + (io.writeBytes ?? 0),
      };
      sums.set(task.key, since);
      const unknown = waits ? {} : { ioWaitNs: null, swapWaitNs: null };
      return row({ tid: task.tid, task, ...io, since, ...unknown, ...more });
    };
    const at = (nth: number): number => seq * 31 + nth;
    const pool = [0.51, 0.49, 0.29, 0.1].map((share, nth) =>
      living(CULPRITS.poolThreads[nth]!, {
        readBytes: wobble(MIB, at(nth), 0.01),
        ioWaitNs: Math.round(share * 1e9 * (1 + 0.03 * noise(at(nth + 4)))),
      }),
    );
    const ending = (
      comm: string,
      args: readonly string[],
      user: string,
      uid: number,
      writeBytes: number,
      ioWaitNs: number,
    ): TaskDelta => {
      const tid = nextPid++;
      const startMs = timeMs - 20;
      const cmdline = [comm, ...args];
      const task = makeTask({
        tid,
        processKey: `${tid}.${startMs}`,
        comm,
        user,
        uid,
        startMs,
        cmdline,
        cgroup: "/user.slice/user-1000.slice",
      });
      return living(
        task,
        { writeBytes, ioWaitNs },
        { born: true, exit: { code: 0, signal: 0 } },
      );
    };
    const loop =
      seq > loopUntil
        ? []
        : Array.from({ length: loopTasks(seq) }, () =>
            ending(
              "dd",
              ["if=/dev/zero", "of=/srv/s", "bs=64k", "count=4"],
              "games",
              5,
              256 * KIB,
              5e5,
            ),
          );
    const burst =
      seq === burstIn
        ? [ending("cp", ["/srv/a", "/mnt/a"], "root", 0, 160 * MIB, 2e8)]
        : [];
    const stuck =
      stuckFrom !== undefined && seq >= stuckFrom
        ? [
            living(
              CULPRITS.stuck,
              {},
              { blockedNs: (seq - stuckFrom + 1) * 1e9 },
            ),
          ]
        : [];
    return makeSample({
      seq,
      timeMs,
      origin: { delayAccounting: waits },
      host: {
        diskReadBytes: wobble(34.0 * MIB, at(20)),
        diskWriteBytes: wobble(6.31 * MIB, at(21)),
        pressure: { someRatio: 0.09, fullRatio: 0.02 },
        hasSwap: false,
        devices: [
          device({
            readBytes: wobble(34.0 * MIB, at(20)),
            writeBytes: wobble(6.31 * MIB, at(21)),
            reads: 1147 + Math.round(9 * noise(at(22))),
            writes: 82,
            readNs: 0.114e9,
            writeNs: 0.033e9,
            busyNs: 0.12e9,
            queueNs: 0.3e9,
          }),
          device({ name: "sdb" }),
        ],
      },
      threads: [
        ...idle,
        living(CULPRITS.archive, {
          readBytes: wobble(30.1 * MIB, at(8)),
          ioWaitNs: 5e7,
        }),
        living(CULPRITS.buflog, {
          writeBytes: wobble(10 * MIB, at(9)),
          ioWaitNs: 0,
        }),
        living(CULPRITS.pool, { ioWaitNs: 0 }),
        living(CULPRITS.poolHelper, { ioWaitNs: 0 }),
        ...pool,
        living(CULPRITS.wal, {
          writeBytes: wobble(400 * KIB, at(10), 0.05),
          ioWaitNs: 3e7,
        }),
        ...stuck,
        ...loop,
        ...burst,
      ],
    });
  });
}

/** So many processes; one of them is `needle-7`. */
export function needles(tasks = 2000): Sample {
  const users = ["alice", "bob", "carol", "dave"] as const;
  return makeSample({
    timeMs: BEGIN_MS,
    threads: Array.from({ length: tasks }, (_, i) => {
      const name = i === 1234 ? "needle-7" : `hay-${i}`;
      const user = users[i % users.length]!;
      return row({
        tid: 3000 + i,
        comm: name,
        cmdline: [`/usr/bin/${name}`, "--serve"],
        user,
        uid: 1000 + (i % users.length),
        startMs: FIO_START_MS,
        readBytes: i % 50 === 0 ? (1 + (i % 7)) * 64 * KIB : 0,
      });
    }),
  });
}
