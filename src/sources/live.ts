/** Samples from the running kernel: through taskstats, or from /proc alone if the kernel refuses taskstats. */
import { systemClock, type AlarmClock, type Clock } from "../kernel/clock.ts";
import { BlockDevices } from "../kernel/block-devices.ts";
import { CgroupTree } from "../kernel/cgroup-tree.ts";
import { openCpuClock } from "../kernel/cpu-clock.ts";
import type { NetlinkTransport } from "../kernel/datagrams.ts";
import { Diskstats } from "../kernel/diskstats.ts";
import { KernelError, NetlinkError } from "../kernel/errors.ts";
import { resolveFamily } from "../kernel/genetlink.ts";
import { mapCodePageByPage, releaseCode } from "../kernel/memory.ts";
import { inNetworkOf } from "../kernel/network-namespace.ts";
import { Procfs, readPossibleCpus } from "../kernel/procfs.ts";
import { startAndEndChild } from "../kernel/short-lived.ts";
import { openGenericNetlink } from "../kernel/socket.ts";
import { KTHREADD } from "../kernel/taskstats.ts";
import { TASKSTATS_FAMILY } from "../kernel/taskstats-requests.ts";
import type { Sample } from "../model/sample.ts";
import { CgroupDisks } from "../sampler/cgroup-disks.ts";
import { DeviceReader } from "../sampler/devices.ts";
import { ExitListener } from "../sampler/exit-listener.ts";
import { ProcfsTaskFacts } from "../sampler/task-facts-from-procfs.ts";
import { IdleProcesses } from "../sampler/idle-processes.ts";
import { TaskTracker } from "../sampler/tracker.ts";
import { ProcfsReader } from "../sampler/counters-from-procfs.ts";
import type { CounterReader, SamplerParts } from "../sampler/reader.ts";
import { Lives } from "../sampler/lives.ts";
import { Sampler } from "../sampler/sampler.ts";
import { TaskstatsReader } from "../sampler/counters-from-taskstats.ts";
import { openExitListener } from "./open-exit-listener.ts";
import { isShort, paceSamples, type Steps } from "./pacing.ts";
import type { Notice, Pace, Source } from "./source.ts";
import { StepsWithCgroups } from "./steps-with-cgroups.ts";
import { StepsWithFiles, type FileSource } from "./steps-with-files.ts";
import { refusalNotice, procfsAlone } from "./taskstats-refusal.ts";
import { openTrace } from "./trace-file.ts";

const FOREIGN_PROC = [
  "taskstats",
  0,
  "/proc belongs to another pid namespace, so its ids are not those of taskstats: mount the /proc of this namespace",
] as const;

/**
 * A message of 600 bytes is charged 1,280 and more; the answers to one batch of requests must fit with room to spare.
 */
const ANSWER_BUFFER_BYTES = 4 << 20;
/** Holds 50,000 exit messages and more between two drains. */
const DEFAULT_EXIT_BUFFER_BYTES = 64 << 20;
/** The answers to one batch of requests come in one call, so that exit messages are looked for once a batch. */
const DATAGRAMS_PER_CALL = 128;
const DATAGRAM_BYTES = 2048;

export interface LiveOptions {
  /** "auto": taskstats if the kernel allows it, otherwise /proc. */
  readonly source: "auto" | "taskstats" | "procfs";
  /** False: read every thread every time, for comparison. */
  readonly idleDetection?: boolean;
  /** Room for exit messages until they are read: the kernel drops those that do not fit. */
  readonly exitBufferBytes?: number;
  /** Lines about whose a record is are appended to this file. */
  readonly tracePath?: string | null;
  /** Adds files to the samples. It is handed in, because whoever does not ask for files does not load it. */
  readonly files?: FileSource | null;
  /** Whether the samples have what the kernel counts for cgroups: always, or while somebody looks at it. */
  readonly cgroups?: "always" | "asked" | null;
}

/**
 * @throws SysError, NetlinkError when "taskstats" was asked for and the kernel refuses it, or when there is no /proc
 */
export function openLiveSource(options: LiveOptions): Source {
  const notices: Notice[] = [];
  const procfs = new Procfs();
  const clock = systemClock;
  const details = new ProcfsTaskFacts(procfs);
  const lives = new Lives(procfs.readPidMax(), details, clock);
  // Process ids from the /proc of another pid namespace mean nothing to the clocks.
  const isWanted = (options.idleDetection ?? true) && procfs.hasOwnIds;
  const idle = new IdleProcesses(openCpuClock(), lives, process.pid, isWanted);
  using opened = new DisposableStack();
  const { tracePath = null } = options;
  const trace = tracePath === null ? null : opened.use(openTrace(tracePath));
  const tracker = new TaskTracker(lives, procfs, trace);
  const parts = { procfs, clock, lives, tracker, idle };
  const reader = openReader(options, parts, notices);
  const sampler = new Sampler({
    ...parts,
    reader,
    details,
    delaysSinceBoot: procfs.readWaitsSinceBoot(),
    devices: new DeviceReader(new Diskstats(), new BlockDevices()),
  });
  opened.use(sampler);
  const { files = null } = options;
  const notify = (text: string): void =>
    void notices.push({ text: `--files: ${text}`, explains: [] });
  const withFiles =
    files && opened.use(new StepsWithFiles(sampler, clock, files, notify));
  const steps = withFiles ?? sampler;
  const { cgroups = null } = options;
  const withCgroups = cgroups && cgroupsOf(steps, clock, cgroups);
  return new LiveSource({
    ...{ name: reader.name, notices, clock, opened: opened.move() },
    steps: withCgroups ?? steps,
    files: withFiles ?? undefined,
    cgroups: withCgroups ?? undefined,
  });
}

function cgroupsOf(
  steps: Steps,
  clock: Clock,
  when: "always" | "asked",
): StepsWithCgroups {
  const open = (): CgroupDisks =>
    new CgroupDisks(new CgroupTree(), new BlockDevices(), clock);
  return new StepsWithCgroups(steps, clock, open, when === "always");
}

function openReader(
  options: LiveOptions,
  parts: SamplerParts,
  notices: Notice[],
): CounterReader {
  if (options.source === "procfs") {
    notices.push(procfsAlone("/proc alone does not report tasks that exit"));
    return new ProcfsReader(parts);
  }
  try {
    if (!parts.procfs.hasOwnIds) throw new NetlinkError(...FOREIGN_PROC);
    return openTaskstats(options, parts, notices);
  } catch (error) {
    const isRefusal = error instanceof KernelError;
    if (options.source === "taskstats" || !isRefusal) throw error;
    const isRoot = process.geteuid!() === 0;
    notices.push(
      parts.procfs.hasOwnIds
        ? refusalNotice(error, isRoot)
        : procfsAlone("this /proc belongs to another pid namespace"),
    );
    return new ProcfsReader(parts);
  }
}

function openTaskstats(
  options: LiveOptions,
  parts: SamplerParts,
  notices: Notice[],
): CounterReader {
  using opened = new DisposableStack();
  const transport = opened.use(openSocket(ANSWER_BUFFER_BYTES));
  const family = resolveFamily(transport, TASKSTATS_FAMILY);
  const { exitBufferBytes = DEFAULT_EXIT_BUFFER_BYTES } = options;
  const { listener: exits, notice } = openExitListener({
    listen: () => listen(family, exitBufferBytes, parts.clock),
    inInitialNetwork: (work) => inNetworkOf(KTHREADD, work),
    endTask: startAndEndChild,
    tracker: parts.tracker,
  });
  if (exits !== null) opened.use(exits);
  if (notice !== null) notices.push(notice);
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

function listen(
  family: number,
  bufferBytes: number,
  clock: Clock,
): ExitListener {
  using opened = new DisposableStack();
  const transport = opened.use(openSocket(bufferBytes));
  const cpus = readPossibleCpus();
  const listener = new ExitListener(transport, family, cpus, clock);
  opened.move();
  return listener;
}

function openSocket(receiveBufferBytes: number): NetlinkTransport {
  return openGenericNetlink({
    batch: DATAGRAMS_PER_CALL,
    slotBytes: DATAGRAM_BYTES,
    receiveBufferBytes,
  });
}

interface LiveParts extends Pick<Source, "notices" | "files" | "cgroups"> {
  readonly name: "taskstats" | "procfs";
  readonly steps: Steps;
  readonly clock: AlarmClock;
  readonly opened: DisposableStack;
}

class LiveSource implements Source {
  readonly #parts: LiveParts;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  get name(): "taskstats" | "procfs" {
    return this.#parts.name;
  }

  get notices(): readonly Notice[] {
    return this.#parts.notices;
  }

  get files(): Source["files"] {
    return this.#parts.files;
  }

  get cgroups(): Source["cgroups"] {
    return this.#parts.cgroups;
  }

  samples(pace: Pace, signal: AbortSignal): AsyncIterable<Sample> {
    if (!isShort(pace)) mapCodePageByPage();
    releaseCode();
    const { steps, clock } = this.#parts;
    return paceSamples(steps, pace, clock, signal);
  }

  [Symbol.dispose](): void {
    this.#parts.opened.dispose();
  }
}
