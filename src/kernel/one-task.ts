/**
 * What is read of one task when somebody looks at it. Other users decide how many threads and files there are, and how
 * long their texts are: all of it is bounded.
 */
import { readlinkSync } from "node:fs";
import { NumberList, fileReader } from "./files.ts";
import type { IoPriorityValue } from "./io-priority.ts";
import { readOpenFiles, type OpenFilesReading } from "./open-files.ts";
import type { Procfs } from "./procfs.ts";
import type { ProcIo, ProcStat } from "./procfs-parse.ts";

/** Each costs some 30 µs. */
const MOST_THREADS_READ = 256;
const MOST_THREADS_LISTED = 4096;

export interface ThreadReading {
  readonly tid: number;
  readonly stat: ProcStat;
  readonly ioPriority: IoPriorityValue | null;
  /** Null if iotop may not read it. */
  readonly io: ProcIo | null;
}

export interface OneTaskReading {
  /** Time since boot, seconds. */
  readonly uptimeS: number;
  /** Of the main thread, or of the thread that was asked for. */
  readonly stat: ProcStat;
  readonly cmdline: readonly string[] | null;
  readonly exe: string | null;
  readonly cwd: string | null;
  readonly cgroup: string | null;
  readonly parent: { readonly pid: number; readonly comm: string } | null;
  readonly threads: readonly ThreadReading[];
  /** Whether `threads` are all. */
  readonly hasAllThreads: boolean;
  /** Of the process with its ended threads and the children that it has waited for; null if iotop may not read it. */
  readonly io: ProcIo | null;
  readonly openFiles: OpenFilesReading | null;
}

/**
 * Reads a process, or one thread of it. Who it is, is for the caller to check.
 *
 * @param firstTids threads that are read first
 * @returns null if there is no such task
 */
export function readOneTask(
  procfs: Procfs,
  pid: number,
  tid: number,
  asProcess: boolean,
  firstTids: readonly number[],
): OneTaskReading | null {
  const stat = procfs.readThreadStat(pid, tid);
  if (stat === null) return null;
  const folder = procfs.folderOf(pid);
  // Before the threads: what is more in it than in them did not come meanwhile.
  const io = asProcess ? procfs.readProcessIo(pid) : null;
  const { tids, hasAll } = chooseThreads(folder, firstTids);
  const readThread = (id: number): ThreadReading[] => {
    const threadStat = procfs.readThreadStat(pid, id);
    if (threadStat === null) return [];
    const threadIo = procfs.readTaskIo(pid, id);
    return [
      {
        tid: id,
        stat: threadStat,
        ioPriority: procfs.readIoPriority(id),
        io: threadIo === "denied" ? null : threadIo,
      },
    ];
  };
  return {
    uptimeS: procfs.readUptimeS(),
    stat,
    cmdline: procfs.readCmdline(pid),
    exe: readLink(`${folder}/exe`),
    cwd: readLink(`${folder}/cwd`),
    cgroup: procfs.readCgroup(tid),
    parent: readParent(procfs, stat),
    threads: tids.flatMap(readThread),
    hasAllThreads: hasAll,
    io,
    openFiles: readOpenFiles(folder),
  };
}

/** Those that are wanted first, as far as they are there, then the others in order. */
function chooseThreads(
  folder: string,
  firstTids: readonly number[],
): { readonly tids: readonly number[]; readonly hasAll: boolean } {
  const list = new NumberList();
  fileReader().listNumbers(`${folder}/task`, list, MOST_THREADS_LISTED);
  const listed = Array.from({ length: list.length }, (_, i) => list.get(i));
  const all = new Set([...firstTids, ...listed]);
  return {
    tids: [...all].slice(0, MOST_THREADS_READ),
    hasAll: list.length <= MOST_THREADS_READ,
  };
}

/** A process whose parent is in another pid namespace has parent 0. */
function readParent(
  procfs: Procfs,
  { ppid }: ProcStat,
): OneTaskReading["parent"] {
  const stat = ppid > 0 ? procfs.readStat(ppid) : null;
  return stat === null ? null : { pid: ppid, comm: stat.comm };
}

/** Null too where iotop may not look, and for kernel threads. */
function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
