/** Whom a history can choose from. */
import type { FakeLinux } from "./fake-linux.ts";
import {
  FAKE_COUNTERS,
  type FakeProcess,
  type FakeTask,
} from "./fake-linux-tasks.ts";

/** It asks for itself before it watches, and does nothing else here. */
export const IOTOP = 4;

export class Population {
  readonly #linux: FakeLinux;

  constructor(linux: FakeLinux) {
    this.#linux = linux;
  }

  processes(): FakeProcess[] {
    return [...this.#linux.processes.values()].filter(
      ({ pid, main, running }) =>
        pid !== IOTOP && !main.isKernelThread && running.length > 0,
    );
  }
  zombies(): FakeProcess[] {
    return [...this.#linux.processes.values()].filter(
      (process) => process.running.length === 0,
    );
  }
  running(): FakeTask[] {
    return [...this.#linux.tasks.values()].filter(
      (task) => !task.hasEnded && task.tid !== IOTOP,
    );
  }
  /** Neither init nor kernel threads. */
  mortal(): FakeTask[] {
    return this.running().filter(
      (task) => task.process.pid > 1 && !task.isKernelThread,
    );
  }

  /** Whether a sampler can tell what this task is and did, if it calls execve during the baseline scan. */
  isClear(task: FakeTask): boolean {
    const { process, isMain, isTold } = task;
    // Nothing asks once more between the first answer of a zombie and the look at its state.
    if (process.main.isZombie) return false;
    // It then has the start of the main thread: if no answer has shown it, it may as well be older than the watch.
    if (isMain || isTold) return true;
    const did = this.#linux.watchedOf(task);
    return FAKE_COUNTERS.every((name) => did[name] === 0);
  }
}

/** Below 0: from the end. */
export const pick = <T>(from: readonly T[], n: number): T | undefined =>
  from.at(n % Math.max(1, from.length));
