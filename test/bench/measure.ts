/** CPU time of one refresh of a running program, and its memory. */
import { readFileSync } from "node:fs";
import type { TaskstatsClient } from "../support/machine/taskstats-client.ts";
import { cpuMsOf, readMemory } from "./process.ts";

export interface Measurement {
  /** User and system time of each measured refresh, all threads, ms. */
  readonly refreshCpuMs: readonly number[];
  /** Memory in use at the end, bytes. */
  readonly residentBytes: number;
}

export interface MeasureOptions {
  /** Refreshes before the first that counts. */
  readonly warmUps: number;
  readonly refreshes: number;
  /** Ends the program, and the measurement with an error. */
  readonly signal: AbortSignal;
}

const POLL_MS = 10;
/** Without a write for so long a refresh is over. All pause for a second. */
const QUIET_MS = 250;
/** No program takes so long for one. */
const GIVE_UP_MS = 60_000;

/**
 * Starts a program and watches from outside. A refresh ends when the program has written its text (to /dev/null, which
 * the kernel counts all the same) and is quiet again; what it used from one such moment to the next is the cost of one.
 * So neither start-up nor how long a refresh takes matters, and nothing of ours runs in the program's way.
 */
export async function measure(
  command: readonly string[],
  { warmUps, refreshes, signal }: MeasureOptions,
  client: TaskstatsClient,
): Promise<Measurement> {
  const child = Bun.spawn([...command], {
    stdin: "ignore",
    stdout: Bun.file("/dev/null"),
    stderr: "ignore",
    env: { ...process.env, LC_ALL: "C.UTF-8", TERM: "dumb" },
  });
  try {
    const cpuMs: number[] = [];
    const check = () => {
      signal.throwIfAborted();
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`${command.join(" ")} has ended`);
    };
    let written = writtenBy(child.pid);
    while (cpuMs.length <= warmUps + refreshes) {
      written = await nextRefresh(child.pid, written, check);
      cpuMs.push(cpuMsOf(child.pid, client));
    }
    return {
      refreshCpuMs: cpuMs
        .slice(warmUps + 1)
        .map((after, i) => after - cpuMs[warmUps + i]!),
      residentBytes: readMemory(child.pid).residentBytes,
    };
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

/** Waits until the process has written and is quiet again; resolves with all that it has written by then. */
async function nextRefresh(
  pid: number,
  before: number,
  check: () => void,
): Promise<number> {
  let written = before;
  const beganMs = performance.now();
  let changedMs = beganMs;
  for (;;) {
    await Bun.sleep(POLL_MS);
    check();
    if (performance.now() - beganMs > GIVE_UP_MS)
      throw new Error(`process ${pid} writes nothing`);
    const now = writtenBy(pid);
    if (now !== written) {
      written = now;
      changedMs = performance.now();
    } else if (written !== before && performance.now() - changedMs >= QUIET_MS)
      return written;
  }
}

/** Bytes handed to write(2) since the process began. */
function writtenBy(pid: number): number {
  const io = readFileSync(`/proc/${pid}/io`, "utf8");
  return Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? NaN);
}
