/** The processes that a test file has started, found in /proc and ended. Linux alone. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Process {
  readonly pid: number;
  readonly parentPid: number;
  readonly session: number;
  /** Clock ticks since the machine was started. */
  readonly startTicks: number;
  readonly name: string;
}

/** How a family is known, although its members may leave the session, their parent or their environment. */
export interface Mark {
  /** The process that was started first; it leads a session. */
  readonly leaderPid: number;
  readonly startTicks: number;
  /** An entry of the environment that no other process has: NAME=value. */
  readonly entry: string;
  /** Where the leader's output goes, as /proc/PID/fd shows it. */
  readonly outputs: readonly string[];
}

/** @returns null for a zombie, which has ended, and for what is no stat line */
export function parseStat(text: string): Process | null {
  const match = /^(\d+) \((.*)\) (\S) (.*)$/s.exec(text);
  if (match === null || /[ZX]/.test(match[3]!)) return null;
  const fields = match[4]!.split(" ").map(Number);
  return {
    pid: Number(match[1]),
    parentPid: fields[0]!,
    session: fields[2]!,
    startTicks: fields[18]!,
    name: match[2]!,
  };
}

/** All of these that belong to the family: of its session, with its mark, and whatever those have started. */
export function familyOf(
  processes: readonly Process[],
  mark: Mark,
  isMarked: (pid: number) => boolean,
): Process[] {
  const young = processes.filter((one) => one.startTicks >= mark.startTicks);
  // Tests beside this one make the kernel give ids again at once: the leader is known by its start too.
  const isLeader = ({ pid, startTicks }: Process): boolean =>
    pid === mark.leaderPid && startTicks === mark.startTicks;
  const family = new Set(
    young.filter(
      (one) =>
        isLeader(one) || one.session === mark.leaderPid || isMarked(one.pid),
    ),
  );
  for (let before = -1; family.size > before;) {
    before = family.size;
    const pids = new Set([...family].map(({ pid }) => pid));
    for (const one of young) if (pids.has(one.parentPid)) family.add(one);
  }
  return [...family];
}

/** The answer, or null for a process that is gone or another user's. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const readProcess = (pid: number): Process | null =>
  attempt(() => parseStat(readFileSync(`/proc/${pid}/stat`, "latin1")));

const readLink = (pid: number, fd: string): string | null =>
  attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`));

/** The mark of a process that was started a moment ago. */
export function readMark(leaderPid: number, entry: string): Mark {
  return {
    leaderPid,
    startTicks: readProcess(leaderPid)?.startTicks ?? 0,
    entry,
    outputs: ["1", "2"]
      .map((fd) => readLink(leaderPid, fd))
      .filter(
        (link) => link !== null && /^(?:pipe|socket):/.test(link),
      ) as string[],
  };
}

function isMarked(pid: number, { entry, outputs }: Mark): boolean {
  // The runner holds the other ends itself.
  if (pid === process.pid) return false;
  const environ = attempt(() => readFileSync(`/proc/${pid}/environ`, "latin1"));
  if (environ?.split("\0").includes(entry)) return true;
  const fds = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return fds.some((fd) => outputs.includes(readLink(pid, fd) ?? ""));
}

export function readFamily(mark: Mark): Process[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const processes = pids.flatMap((pid) => readProcess(Number(pid)) ?? []);
  return familyOf(processes, mark, (pid) => isMarked(pid, mark));
}

/**
 * Kills the family until nobody of it is left: a member may start another while it is being killed.
 * @returns all that were killed, and those that could not be
 */
export async function killFamily(mark: Mark): Promise<Process[]> {
  const killed = new Map<number, Process>();
  for (let round = 0; round < 100; round++) {
    const family = readFamily(mark);
    if (family.length === 0) break;
    for (const one of family) {
      killed.set(one.pid, one);
      attempt(() => process.kill(one.pid, "SIGKILL"));
    }
    await Bun.sleep(20);
  }
  return [...killed.values()];
}
