/** The I/O priority of a task, by system calls. */
import type { Pointer } from "./libc.ts";
import { libc, MACHINE } from "./libc.ts";

const IOPRIO_WHO_PROCESS = 1;
const PRIO_PROCESS = 0;
const SCHED_FIFO = 1;
const SCHED_RR = 2;
const SCHED_IDLE = 5;
const IOPRIO_CLASSES = ["none", "rt", "be", "idle"] as const;

export interface IoPriorityValue {
  readonly class: (typeof IOPRIO_CLASSES)[number];
  readonly level: number;
}

/**
 * The priority that the block layer uses (ioprio_get(2)); null if the task is gone. For a task that never set one,
 * class and level follow from its scheduling policy and nice value; older kernels leave that to the caller.
 */
export function readIoPriority(tid: number): IoPriorityValue | null {
  const value = callWithId(MACHINE.ioprioGet, IOPRIO_WHO_PROCESS, tid);
  if (value < 0) return null;
  const name = IOPRIO_CLASSES[value >> 13];
  if (name !== undefined && name !== "none")
    return { class: name, level: value & 7 };
  return inheritedPriority(tid);
}

/** Sets the priority of one task (ioprio_set(2)). @returns 0, or errno */
export function writeIoPriority(tid: number, value: IoPriorityValue): number {
  const { call, errno } = libc();
  const isNone = value.class === "none";
  const bits = isNone
    ? 0
    : (IOPRIO_CLASSES.indexOf(value.class) << 13) | value.level;
  const result = call.syscall(
    MACHINE.ioprioSet,
    IOPRIO_WHO_PROCESS,
    tid as Pointer,
    bits,
    0,
  );
  return Number(result) < 0 ? errno() : 0;
}

/** What the block layer assumes for a task without a priority of its own (block/ioprio.c). */
function inheritedPriority(tid: number): IoPriorityValue | null {
  const policy = callWithId(MACHINE.schedGetscheduler, tid, 0);
  // The system call returns 20 minus the nice value, so that no result looks like an error.
  const priority = callWithId(MACHINE.getpriority, PRIO_PROCESS, tid);
  if (policy < 0 || priority < 0) return null;
  const level = Math.trunc((40 - priority) / 5);
  if (policy === SCHED_IDLE) return { class: "idle", level };
  const isRealTime = policy === SCHED_FIFO || policy === SCHED_RR;
  return { class: isRealTime ? "rt" : "be", level };
}

/**
 * A system call with two numbers. The second is declared as a pointer because getdents64 needs one; a number is as
 * wide.
 */
function callWithId(number: number, first: number, second: number): number {
  return Number(libc().call.syscall(number, first, second as Pointer, 0, 0));
}
