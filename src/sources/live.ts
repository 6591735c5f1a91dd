/** Samples from the running kernel: through taskstats, or from /proc alone where the kernel refuses it. */
import { systemClock, type AlarmClock, type Clock } from "../kernel/clock.ts";
import { openCpuClock } from "../kernel/cpu-clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { NetlinkError, SysError } from "../kernel/errors.ts";
import { resolveFamily } from "../kernel/genetlink.ts";
import { releaseStartUpCode } from "../kernel/memory.ts";
import { Procfs, readPossibleCpus } from "../kernel/procfs.ts";
import { openGenericNetlink } from "../kernel/socket.ts";
import { TASKSTATS_FAMILY } from "../kernel/taskstats.ts";
import type { Sample } from "../model/sample.ts";
import { ExitListener } from "../sampler/exit-listener.ts";
import { ProcfsIdentity } from "../sampler/identity.ts";
import { IdleProcesses } from "../sampler/idle-processes.ts";
import { Lives } from "../sampler/lives.ts";
import { ProcfsReader } from "../sampler/procfs-reader.ts";
import type { CounterReader } from "../sampler/reader.ts";
import { Readings } from "../sampler/readings.ts";
import { Sampler } from "../sampler/sampler.ts";
import { TaskstatsReader } from "../sampler/taskstats-reader.ts";
import { paceSamples } from "./pacing.ts";
import type { Notice, Pace, Source } from "./source.ts";

/** A message of 600 bytes is charged 1,280 and more; answers to one batch of requests must fit with room to spare. */
const ANSWER_BUFFER_BYTES = 4 << 20;
/** Holds more than ten thousand exit messages between two drains. */
export const DEFAULT_EXIT_BUFFER_BYTES = 32 << 20;
const DATAGRAMS_PER_CALL = 64;
const DATAGRAM_BYTES = 2048;

export interface LiveOptions {
  /** "auto": taskstats if the kernel lets us, else /proc. */
  readonly source: "auto" | "taskstats" | "procfs";
  /** False: read every thread every time, for comparison. */
  readonly idleDetection?: boolean;
  /** Room for messages about tasks that end, until they are read: the kernel drops what does not fit. */
  readonly exitBufferBytes?: number;
}

/**
 * @throws SysError, NetlinkError when "taskstats" was asked for and the kernel refuses it, or /proc is not there
 */
export function openLiveSource(options: LiveOptions): Source {
  const notices: Notice[] = [];
  const procfs = new Procfs();
  const clock = systemClock;
  const identity = new ProcfsIdentity(procfs);
  const readings = new Readings(procfs.readPidMax(), identity, clock);
  const lives = new Lives(readings, procfs);
  // Process ids of another pid namespace's /proc mean nothing to the clocks.
  const isWanted =
    (options.idleDetection ?? true) && procfs.readOwnPid() === process.pid;
  const idle = new IdleProcesses(
    openCpuClock(),
    readings,
    process.pid,
    isWanted,
  );
  const parts = { procfs, clock, readings, lives, idle };
  const reader = openReader(options, parts, notices);
  const sampler = new Sampler({
    ...parts,
    reader,
    identity,
    waitsSinceBoot: procfs.readWaitsSinceBoot(),
  });
  return new LiveSource(reader.name, notices, sampler, clock);
}

interface Parts {
  readonly procfs: Procfs;
  readonly clock: Clock;
  readonly readings: Readings;
  readonly lives: Lives;
  readonly idle: IdleProcesses;
}

function openReader(
  options: LiveOptions,
  parts: Parts,
  notices: Notice[],
): CounterReader {
  const openProcfs = () => new ProcfsReader(parts);
  if (options.source === "procfs") return openProcfs();
  try {
    return openTaskstats(options, parts, notices);
  } catch (error) {
    const isRefusal =
      error instanceof NetlinkError || error instanceof SysError;
    if (options.source === "taskstats" || !isRefusal) throw error;
    notices.push(
      error.code === "EPERM"
        ? {
            text: "without root (CAP_NET_ADMIN) only your own tasks can be read, and tasks that end between samples are missed: use sudo",
            explains: ["denied", "exit-events"],
          }
        : {
            text: `the kernel does not offer taskstats here (${error.code}): reading /proc, tasks that end between samples are missed`,
            explains: ["exit-events"],
          },
    );
    return openProcfs();
  }
}

function openTaskstats(
  options: LiveOptions,
  parts: Parts,
  notices: Notice[],
): CounterReader {
  using opened = new DisposableStack();
  const transport = opened.use(openSocket(ANSWER_BUFFER_BYTES));
  const family = resolveFamily(transport, TASKSTATS_FAMILY);
  const exits = openExits(family, options, parts.clock, notices);
  if (exits !== null) opened.use(exits);
  const reader = new TaskstatsReader({
    ...parts,
    transport,
    family,
    exits,
  });
  reader.probe(process.pid);
  opened.move();
  return reader;
}

/** Without exit messages iotop still works, but is no longer exact: said once, and flagged in every sample. */
function openExits(
  family: number,
  { exitBufferBytes = DEFAULT_EXIT_BUFFER_BYTES }: LiveOptions,
  clock: Clock,
  notices: Notice[],
): ExitListener | null {
  const transport = openSocket(exitBufferBytes);
  try {
    return new ExitListener(transport, family, readPossibleCpus(), clock);
  } catch (error) {
    transport[Symbol.dispose]();
    if (!(error instanceof NetlinkError)) throw error;
    // Asking for a task will be refused in the same way, and say more.
    if (error.code !== "EPERM")
      notices.push({
        text: `the kernel reports ending tasks only in the initial namespaces (${error.code}): tasks that end between samples are missed`,
        explains: ["exit-events"],
      });
    return null;
  }
}

function openSocket(receiveBufferBytes: number): NetlinkTransport {
  return openGenericNetlink({
    batch: DATAGRAMS_PER_CALL,
    slotBytes: DATAGRAM_BYTES,
    receiveBufferBytes,
  });
}

class LiveSource implements Source {
  readonly name: "taskstats" | "procfs";
  readonly notices: readonly Notice[];
  readonly #sampler: Sampler;
  readonly #clock: AlarmClock;

  constructor(
    name: "taskstats" | "procfs",
    notices: readonly Notice[],
    sampler: Sampler,
    clock: AlarmClock,
  ) {
    this.name = name;
    this.notices = notices;
    this.#sampler = sampler;
    this.#clock = clock;
  }

  samples(pace: Pace, signal: AbortSignal): AsyncIterable<Sample> {
    releaseStartUpCode();
    return paceSamples(this.#sampler, pace, this.#clock, signal);
  }

  [Symbol.dispose](): void {
    this.#sampler[Symbol.dispose]();
  }
}
