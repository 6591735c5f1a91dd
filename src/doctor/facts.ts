/** What the machine, the kernel and the caller offer: read, and not yet judged. */
import { readlinkSync } from "node:fs";
import { arch, release } from "node:os";
import { describeError } from "../errors.ts";
import { KernelError } from "../kernel/errors.ts";
import { systemClock } from "../kernel/clock.ts";
import { openReadOnly, readSmallFile } from "../kernel/files.ts";
import { localTime } from "../kernel/local-time.ts";
import { libc } from "../kernel/libc.ts";
import { Procfs, readPossibleCpus } from "../kernel/procfs.ts";
import type { Sample } from "../model/sample.ts";
import { openLiveSource } from "../sources/live.ts";
import { openFileWatch } from "../tracing/file-watch.ts";
import { parseCgroupMounts, parseHidden, type CgroupMounts } from "./mounts.ts";
import {
  readTaskstatsStruct,
  type TaskstatsStruct,
} from "./taskstats-struct.ts";

export interface TerminalFacts {
  readonly columns: number;
  readonly rows: number;
}

export interface Facts {
  /** "6.1.0-18-amd64". */
  readonly release: string;
  readonly machine: string;
  readonly uid: number;
  /** The effective set, of capabilities(7), as bits; null without /proc/self/status. */
  readonly capabilities: bigint | null;
  /** What one answer of taskstats looks like, or why there is none. */
  readonly taskstats: TaskstatsStruct | { readonly refusal: string };
  /** What a run would begin with. */
  readonly trial: {
    readonly accounting: "taskstats" | "procfs";
    readonly exitEvents: boolean;
    readonly unreadableTasks: number | null;
    readonly notices: readonly string[];
  };
  /** "0-7"; null where /sys does not say. */
  readonly possibleCpus: string | null;
  /** Null where /proc does not say. */
  readonly delayAccounting: boolean | null;
  /** Whether this process is in the initial namespace of each kind; null where that cannot be seen. */
  readonly namespaces: Readonly<Record<"pid" | "user" | "net", boolean | null>>;
  /** Whether /proc is that of this pid namespace. */
  readonly hasOwnProc: boolean;
  /** What /proc leaves out for this user: "hidepid=2", "subset=pid". */
  readonly hidden: readonly string[];
  /** Files that can be opened, by path. */
  readonly readable: Readonly<Record<ReadFile, boolean>>;
  readonly cgroups: CgroupMounts | null;
  /** What `--files` cannot see and why; null if it sees all. */
  readonly filesNotice: string | null;
  /** Of this process; null where /proc does not say. */
  readonly openFiles: number | null;
  readonly terminal: TerminalFacts | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowMs: number;
  readonly localTime: ReturnType<typeof localTime>;
}

const READ_FILES = [
  "/proc/vmstat",
  "/proc/pressure/io",
  "/proc/diskstats",
  "/sys/dev/block",
] as const;

export type ReadFile = (typeof READ_FILES)[number];

/** Numbers of the initial namespaces, fixed in include/linux/proc_ns.h; that of networks has none. */
const INITIAL = { pid: "pid:[4026531836]", user: "user:[4026531837]" } as const;

/** Takes one short sample, as a run would. @throws what opening a source throws: without /proc there is nothing to say */
export async function readFacts(
  terminal: TerminalFacts | null,
  environment: Facts["environment"],
): Promise<Facts> {
  const procfs = new Procfs();
  const mounts = readSmallFile("/proc/self/mountinfo");
  const status = readSmallFile("/proc/self/status") ?? "";
  const limits = readSmallFile("/proc/self/limits") ?? "";
  const capabilities = /^CapEff:\s*([\da-f]+)$/m.exec(status)?.[1];
  const openFiles = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  const nowMs = Date.now();
  return {
    release: release(),
    machine: arch(),
    uid: process.geteuid!(),
    capabilities:
      capabilities === undefined ? null : BigInt(`0x${capabilities}`),
    taskstats: askTaskstats(),
    trial: await tryOut(),
    possibleCpus: readPossibleCpus(),
    delayAccounting: procfs.readDelayAccounting(),
    namespaces: {
      pid: isInitial("pid"),
      user: isInitial("user"),
      net: isNetOfKernel(),
    },
    hasOwnProc: procfs.hasOwnIds,
    hidden: mounts === null ? [] : parseHidden(mounts),
    readable: Object.fromEntries(
      READ_FILES.map((path) => [path, canOpen(path)]),
    ) as Facts["readable"],
    cgroups: mounts === null ? null : parseCgroupMounts(mounts),
    filesNotice: tryFiles(),
    openFiles: openFiles === undefined ? null : Number(openFiles),
    terminal,
    environment,
    nowMs,
    localTime: localTime(nowMs),
  };
}

function askTaskstats(): Facts["taskstats"] {
  try {
    return readTaskstatsStruct(process.pid);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return { refusal: error.message };
  }
}

async function tryOut(): Promise<Facts["trial"]> {
  using source = openLiveSource({ source: "auto" });
  const pace = { intervalMs: 100, count: 1 };
  let first: Sample | null = null;
  for await (const sample of source.samples(pace, new AbortController().signal))
    first ??= sample;
  const { origin, health } = first!;
  return {
    accounting: origin.accounting,
    exitEvents: health.exitEvents,
    unreadableTasks: health.denied,
    notices: source.notices.map(({ text }) => text),
  };
}

/** Programs are in the kernel for a moment. */
function tryFiles(): string | null {
  let notice: string | null = null;
  try {
    openFileWatch(systemClock, (text) => (notice = text))[Symbol.dispose]();
    return notice;
  } catch (error) {
    return describeError(error);
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function isInitial(kind: keyof typeof INITIAL): boolean | null {
  const own = linkOf(`/proc/self/ns/${kind}`);
  return own === null ? null : own === INITIAL[kind];
}

/** The kernel's first thread is in the initial network namespace; only the privileged see in which one that is. */
function isNetOfKernel(): boolean | null {
  const own = linkOf("/proc/self/ns/net");
  const kernels = linkOf("/proc/2/ns/net");
  return own === null || kernels === null ? null : own === kernels;
}

function canOpen(path: string): boolean {
  const fd = openReadOnly(path);
  if (fd < 0) return false;
  libc().call.close(fd);
  return true;
}
