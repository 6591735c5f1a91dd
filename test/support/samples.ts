/** Literal samples for tests: say what matters, the rest is a quiet machine. */
import type { CgroupDelta } from "../../src/model/groups/cgroup-delta.ts";
import { createSample } from "../../src/model/create-sample.ts";
import { COUNTERS, COUNTER_ENTRIES } from "../../src/model/counters.ts";
import type { FileDelta } from "../../src/model/files/file-delta.ts";
import { Row, addDeltas, sumDeltas, zeroDelta } from "../../src/model/delta.ts";
import type {
  DeviceDelta,
  EndedThreads,
  Exit,
  Health,
  HostDelta,
  IoDelta,
  Lifetime,
  Origin,
  Sample,
  TaskDelta,
  TaskInfo,
} from "../../src/model/sample.ts";

/** 2026-11-23T03:27:28.120Z */
export const SAMPLE_TIME_MS = Date.UTC(2026, 10, 23, 3, 27, 28, 120);

/** Every counter measured, nothing moved. What taskstats has not is unknown. */
export const IDLE: IoDelta = zeroDelta(
  (counter) => COUNTER_ENTRIES[counter].taskstats !== null,
);

/** Of the tests' processes, for a pid that is used once. */
export const processKeyOf = (pid: number): string => `process ${pid}`;

/** What ended threads of a process had done before. */
export const past = (
  pid: number,
  since: Partial<IoDelta>,
  count = 1,
): Sample["endedThreads"] =>
  new Map([[processKeyOf(pid), background({ ...IDLE, ...since }, count)]]);

export const background = (since: IoDelta, count: number): EndedThreads => ({
  since,
  lifetime: null,
  count,
  hasUnseenThread: false,
});

/** A task that began a minute before the sample, later for higher ids. */
export function makeTask(
  fields: Partial<TaskInfo> & { readonly tid: number },
): TaskInfo {
  const { tid } = fields;
  const startMs = fields.startMs ?? SAMPLE_TIME_MS - 60_000 + (tid % 1000);
  const comm = fields.comm ?? `task${tid}`;
  const isKernelThread = fields.isKernelThread ?? false;
  const pid = fields.pid ?? tid;
  return {
    key: `${tid}.${startMs}`,
    pid,
    processKey: processKeyOf(pid),
    ppid: isKernelThread ? 2 : 1,
    startMs,
    comm,
    uid: 0,
    isKernelThread,
    user: "root",
    cmdline: isKernelThread ? [] : [comm],
    longName: null,
    ioPriority: { class: "be", level: 4 },
    cgroup: isKernelThread ? "/" : "/system.slice",
    cgroupInherited: false,
    state: "S",
    ...fields,
  };
}

export interface RowFields extends Partial<TaskInfo>, Partial<IoDelta> {
  readonly tid: number;
  /** Instead of the fields above: an object that several rows share. */
  readonly task?: TaskInfo;
  readonly elapsedNs?: number;
  /** What had happened since watching began, this interval included; by default nothing else had. */
  readonly since?: Partial<IoDelta>;
  readonly count?: number;
  readonly born?: boolean;
  readonly exit?: Exit | null;
  readonly blockedNs?: number | null;
  /** By default what was done since watching began: the task is as old as that. */
  readonly lifetime?: Lifetime | null;
}

/** One row; whatever is not given is idle, measured and one second long. */
export function row(fields: RowFields): TaskDelta {
  const {
    task,
    elapsedNs,
    since,
    lifetime,
    count,
    born,
    exit,
    blockedNs,
    ...rest
  } = fields;
  const io: Record<string, unknown> = { ...IDLE };
  const about: Record<string, unknown> = {};
  const counters: readonly string[] = COUNTERS;
  for (const [name, value] of Object.entries(rest)) {
    (counters.includes(name) ? io : about)[name] = value;
  }
  const delta = io as unknown as IoDelta;
  return new Row({
    task:
      task ?? makeTask(about as Partial<TaskInfo> & { readonly tid: number }),
    io: delta,
    elapsedNs: elapsedNs ?? 1e9,
    since: { ...delta, ...since },
    count: count ?? 1,
    born: born ?? false,
    exit: exit ?? null,
    blockedNs: blockedNs === undefined ? 0 : blockedNs,
    lifetime:
      lifetime === undefined ? lifetimeOf({ ...delta, ...since }) : lifetime,
  });
}

/** A disk that did nothing; whatever is given differs. */
export const device = (fields: Partial<DeviceDelta> = {}): DeviceDelta => ({
  name: "vda",
  label: null,
  kind: "disk",
  liesOn: [],
  isPhysical: true,
  readBytes: 0,
  writeBytes: 0,
  reads: 0,
  writes: 0,
  readNs: 0,
  writeNs: 0,
  busyNs: 0,
  queueNs: 0,
  inFlight: 0,
  ...fields,
});

/** What a process did with a file; whatever is not given is nothing. */
export const fileDelta = (fields: Partial<FileDelta> = {}): FileDelta => ({
  pid: 42,
  processKey: processKeyOf(42),
  comm: "db",
  kind: "file",
  device: "vda",
  inode: 7,
  path: "/srv/db/pool",
  direct: false,
  readBytes: 0,
  writeBytes: 0,
  toDiskBytes: 0,
  movedBytes: null,
  ...fields,
});

/** What the kernel counted for a cgroup in a second: nothing, unless it is given. */
export const cgroupDelta = (
  path: string,
  toDiskBytes: number | null = 0,
  fromDiskBytes = toDiskBytes === null ? null : 0,
): CgroupDelta => ({ path, fromDiskBytes, toDiskBytes, elapsedNs: 1e9 });

const lifetimeOf = ({
  readBytes,
  writeBytes,
  cancelledBytes,
}: IoDelta): Lifetime => ({ readBytes, writeBytes, cancelledBytes });

export interface SampleFields extends Partial<
  Pick<
    Sample,
    | ("seq" | "timeMs" | "uptimeS" | "intervalNs")
    | ("threads" | "files" | "cgroups")
  >
> {
  readonly origin?: Partial<Origin>;
  /** Totals are computed from the rows unless given. */
  readonly host?: Partial<HostDelta>;
  readonly health?: Partial<Health>;
  readonly endedThreads?: Sample["endedThreads"];
}

export function makeSample(fields: SampleFields = {}): Sample {
  const threads = fields.threads ?? [];
  const endedThreads = fields.endedThreads ?? new Map();
  const past = [...endedThreads.values()].map(({ since }) => since);
  return createSample({
    seq: fields.seq ?? 1,
    timeMs: fields.timeMs ?? SAMPLE_TIME_MS,
    uptimeS: fields.uptimeS ?? 86_400.5,
    intervalNs: fields.intervalNs ?? 1e9,
    origin: {
      hostname: "db1",
      bootId: "0b6a2d2c-8a3f-4f2e-9d51-7a1d5f3c9e10",
      accounting: "taskstats",
      delayAccounting: true,
      ...fields.origin,
    },
    host: {
      ...(threads.length === 0 ? IDLE : sumDeltas(threads)),
      since: addDeltas(
        threads.length === 0 ? IDLE : sumDeltas(threads.map((t) => t.since)),
        sumDeltas(past),
      ),
      tasks: threads.filter((t) => t.exit === null).length,
      diskReadBytes: 0,
      diskWriteBytes: 0,
      pressure: { someRatio: 0, fullRatio: 0 },
      devices: [],
      hasSwap: false,
      ...fields.host,
    },
    threads,
    health: {
      denied: 0,
      vanished: 0,
      lostExits: 0,
      exitEvents: true,
      scanNs: 1_500_000,
      ...fields.health,
    },
    endedThreads,
    files: fields.files ?? null,
    cgroups: fields.cgroups ?? null,
  });
}
