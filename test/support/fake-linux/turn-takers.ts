/** Programs that take turns under few ids within microseconds, and are held up anywhere on their way out. */
import type { FakeLinux } from "./fake-linux.ts";
import type { FakeProcess, FakeTask, Halt } from "./fake-linux-tasks.ts";

const IDS = [3000, 3001, 3002];
const PAGE = 4096;
const HALTS: readonly Halt[] = [
  "before its message is sent",
  "with its memory",
  "with its files",
  "nowhere",
  "nowhere",
  "nowhere",
];

type Random = (limit: number) => number;

/** Numbers below a limit, the same each time. */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed, 104_729) + 7;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/**
 * What a program is: one process after the other, some with a thread that outlives the main one, or threads of one
 * process.
 */
export const PROGRAMS = ["process", "pool", "thread"] as const;
export type Program = (typeof PROGRAMS)[number];

/** Programs that run side by side, under the same ids and all of one name; each step does one more thing. */
export class TurnTakers {
  readonly #linux: FakeLinux;
  readonly #random: Random;
  readonly #steps: Generator<void, void, void>[];
  #isOver = false;

  constructor(linux: FakeLinux, random: Random, programs: readonly Program[]) {
    this.#linux = linux;
    this.#random = random;
    this.#steps = programs.map((program) => this.#run(program));
  }

  step(count: number): void {
    for (let i = 0; i < count; i++) {
      const pause = this.#random(4) === 0 ? 200_000 : 5000;
      this.#linux.nowNs += this.#random(pause);
      this.#steps[this.#random(this.#steps.length)]!.next();
    }
  }

  /** All end the life that they are in. */
  finish(): void {
    this.#isOver = true;
    for (const steps of this.#steps) for (const _ of steps);
  }

  *#run(program: Program): Generator<void, void, void> {
    const home = program === "thread" ? this.#fork() : undefined;
    while (!this.#isOver) {
      const task = this.#begin(home?.process);
      yield;
      if (task === undefined) continue;
      this.#write(task);
      yield;
      const other =
        program === "pool" && this.#random(2) === 0
          ? this.#begin(task.process)
          : undefined;
      yield;
      const leaving = [...this.#exit(task)];
      yield;
      if (other !== undefined) {
        this.#write(other);
        yield;
        leaving.push(...this.#exit(other));
      }
      while (leaving.length > 0) {
        yield;
        this.#leave(leaving.splice(this.#random(leaving.length), 1)[0]!);
      }
      yield;
      if (home === undefined) this.#linux.reap(task.process);
      yield;
    }
  }

  #fork(id?: number): FakeTask {
    const task = this.#linux.fork(1, id);
    task.comm = "w";
    return task;
  }

  /** A new process under one of the ids, or a thread of one; undefined if all are taken. */
  #begin(process: FakeProcess | undefined): FakeTask | undefined {
    const ids = IDS.filter((id) => !this.#linux.tasks.has(id));
    if (ids.length === 0) return undefined;
    const id = ids[this.#random(ids.length)]!;
    if (process === undefined) return this.#fork(id);
    const task = this.#linux.clone(process, id);
    task.comm = "w";
    return task;
  }

  #write(task: FakeTask): void {
    const pages = this.#random(5) === 0 ? this.#random(3) + 1 : 1;
    this.#linux.io(task, { writeBytes: pages * PAGE });
  }

  /** Ends a task; gives it back if it is held up. */
  #exit(task: FakeTask): readonly FakeTask[] {
    const halt = HALTS[this.#random(HALTS.length)]!;
    this.#linux.exit(task, 0, halt === "nowhere" ? "with its files" : halt);
    if (halt !== "nowhere") return [task];
    this.#leave(task);
    return [];
  }

  /** After its message it runs a little more, as every task does. */
  #leave(task: FakeTask): void {
    task.sendExit();
    this.#linux.run(task);
    this.#linux.leave(task);
  }
}
