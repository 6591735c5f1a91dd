/** The real sampler on a fake Linux: everything above the sockets and /proc is what ships. */
import { expect } from "bun:test";
import { isRestless, restlessRows } from "../../../src/model/view/activity.ts";
import type { Sample, TaskDelta } from "../../../src/model/sample.ts";
import { ExitListener } from "../../../src/sampler/exit-listener.ts";
import { ProcfsTaskFacts } from "../../../src/sampler/task-facts-from-procfs.ts";
import { IdleProcesses } from "../../../src/sampler/idle-processes.ts";
import { TaskTracker } from "../../../src/sampler/tracker.ts";
import { Lives } from "../../../src/sampler/lives.ts";
import { Sampler } from "../../../src/sampler/sampler.ts";
import type { Trace } from "../../../src/sampler/trace.ts";
import { TaskstatsReader } from "../../../src/sampler/counters-from-taskstats.ts";
import { resolveFamily } from "../../../src/kernel/genetlink.ts";
import { FakeKernel, type FakeKernelOptions } from "./fake-kernel.ts";
import type { FakeSocketOptions } from "./fake-socket.ts";
import type { FakeLinux } from "./fake-linux.ts";
import { FakeProcfs } from "./fake-procfs.ts";

export interface FakeSamplerOptions extends FakeKernelOptions {
  readonly idleDetection?: boolean;
  readonly trace?: Trace;
  readonly hearsExits?: boolean;
  /** Of the process that plays iotop. */
  readonly ownPid?: number;
  /** What kernel.pid_max was when the sampler began: its tables are as large at first. */
  readonly pidMax?: number;
  readonly answers?: FakeSocketOptions;
  readonly exits?: FakeSocketOptions;
}

export class FakeSampler {
  readonly linux: FakeLinux;
  readonly kernel: FakeKernel;
  readonly procfs: FakeProcfs;
  readonly sampler: Sampler;
  readonly lives: Lives;
  readonly tracker: TaskTracker;
  readonly #reader: TaskstatsReader;

  constructor(linux: FakeLinux, options: FakeSamplerOptions = {}) {
    this.linux = linux;
    linux.ownPid = options.ownPid ?? 1;
    this.kernel = new FakeKernel(linux, options);
    this.procfs = new FakeProcfs(linux);
    const { kernel, procfs } = this;
    const { clock } = linux;
    const details = new ProcfsTaskFacts(procfs);
    const pidMax = options.pidMax ?? linux.pids.max;
    const lives = new Lives(pidMax, details, clock);
    const idle = new IdleProcesses(
      linux.cpuClock,
      lives,
      linux.ownPid,
      options.idleDetection ?? true,
    );
    const tracker = new TaskTracker(lives, procfs, options.trace ?? null);
    const transport = kernel.openSocket(options.answers);
    const family = resolveFamily(transport, "TASKSTATS");
    const exits =
      options.hearsExits === false
        ? null
        : new ExitListener(
            kernel.openSocket(options.exits),
            family,
            "0-1",
            clock,
          );
    this.#reader = new TaskstatsReader({
      procfs,
      clock,
      lives,
      tracker,
      idle,
      transport,
      family,
      exits,
    });
    this.lives = lives;
    this.tracker = tracker;
    this.sampler = new Sampler({
      procfs,
      clock,
      lives,
      tracker,
      idle,
      details,
      reader: this.#reader,
      delaysSinceBoot: procfs.readWaitsSinceBoot(),
    });
  }

  watch(): void {
    const { ownPid, tasks } = this.linux;
    // Who asks has run; a kernel that does not show it cannot tell who has.
    this.linux.run(tasks.get(ownPid)!);
    this.#reader.probe(ownPid);
    for (const _ of this.sampler.watch());
  }

  countFromNow(): void {
    for (const _ of this.sampler.countFromNow());
  }

  sample(): Sample {
    const steps = this.sampler.sample();
    for (;;) {
      const step = steps.next();
      if (step.done) return withRestlessKnown(step.value);
    }
  }

  drain(): number {
    return this.sampler.drainExits();
  }
}

/** Whatever happened, the sampler has noted the restless rows of its sample exactly, and in their order. */
function withRestlessKnown(sample: Sample): Sample {
  const { threads } = sample;
  expect(restlessRows(threads)).toEqual(threads.filter(isRestless));
  return sample;
}

/** The row of the life that carries a name; names are unique in a fake Linux. */
export const rowOf = (sample: Sample, comm: string): TaskDelta | undefined =>
  sample.threads.find((row) => row.task.comm === comm);
