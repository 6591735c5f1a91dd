/** Whom a history can choose from. */
import type { FakeLinux } from "./fake-linux.ts";
import type { FakeProcess, FakeTask } from "./fake-linux-tasks.ts";

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
}

/** Below 0: from the end. */
export const pick = <T>(from: readonly T[], n: number): T | undefined =>
  from.at(n % Math.max(1, from.length));
