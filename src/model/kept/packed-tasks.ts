/**
 * Tasks that have ended, as bytes: as objects, each would keep its process, and hold half a KiB between what was garbage
 * long ago.
 */
import type { IoPriority, TaskDelta, TaskInfo } from "../sample.ts";
import { ValueReader, ValueWriter } from "./packed-values.ts";

const NO_BYTES = new Uint8Array(0);
const CLASSES: readonly IoPriority["class"][] = ["none", "rt", "be", "idle"];

const KERNEL_THREAD = 1;
const INHERITED = 2;
/** Its key, and that of its process, are made of its id and its start. */
const USUAL_KEY = 4;
const USUAL_PROCESS_KEY = 8;
const ARGUMENTS = 16;
const PRIORITY = 32;

/** The task is no bytes. */
const OBJECT = 64;

/** What tells whether a task can be packed. */
type TaskEnd = Pick<TaskDelta, "task" | "exit">;

/** Tasks in little memory: those that have ended are bytes. */
export interface PackedTasks {
  readonly length: number;
  /** Those that are no bytes. */
  readonly objects: readonly TaskInfo[];
  readonly bytes: Uint8Array;
}

/** It is used again for each sample. */
const writer = new ValueWriter();

/** Packs the tasks of these rows, in their order. Those that live are kept as they are, as they are there anyway. */
export function packTasks(rows: readonly TaskEnd[]): PackedTasks {
  const objects: TaskInfo[] = [];
  for (const row of rows)
    if (isPackable(row)) putTask(row.task, writer);
    else {
      writer.put(OBJECT);
      objects.push(row.task);
    }
  const bytes = writer.take();
  const { length } = rows;
  return { length, objects, bytes: objects.length < length ? bytes : NO_BYTES };
}

/** Unpacks tasks: the same ones, or equal ones. */
export function unpackTasks(packed: PackedTasks): readonly TaskInfo[] {
  const { length, objects, bytes } = packed;
  if (objects.length === length) return objects;
  const reader = new ValueReader(bytes);
  const others = objects.values();
  return Array.from({ length }, () => {
    const parts = reader.takeKnown();
    return parts === OBJECT ? others.next().value! : takeTask(parts, reader);
  });
}

/**
 * Whether what outputs may ask of the task of a row is known. The arguments of an ended thread are those of its process,
 * and are read when somebody asks.
 */
function isPackable({ exit, task }: TaskEnd): boolean {
  return exit !== null && task.tid === task.pid;
}

function putTask(task: TaskInfo, into: ValueWriter): void {
  const { tid, startMs, key, processKey, cmdline, ioPriority } = task;
  const usual = `${tid}.${startMs}`;
  into.put(
    (task.isKernelThread ? KERNEL_THREAD : 0) |
      (task.cgroupInherited ? INHERITED : 0) |
      (key === usual ? USUAL_KEY : 0) |
      (processKey === usual ? USUAL_PROCESS_KEY : 0) |
      (cmdline === null ? 0 : ARGUMENTS) |
      (ioPriority === null ? 0 : PRIORITY),
  );
  into.put(tid);
  into.put(task.ppid);
  into.put(startMs);
  into.put(task.uid);
  if (key !== usual) into.putText(key);
  if (processKey !== usual) into.putText(processKey);
  into.putText(task.comm);
  into.putText(task.user);
  if (cmdline !== null) {
    into.put(cmdline.length);
    for (const argument of cmdline) into.putText(argument);
  }
  into.putText(task.longName);
  into.putText(task.cgroup);
  into.putText(task.state);
  if (ioPriority === null) return;
  into.put(CLASSES.indexOf(ioPriority.class));
  into.put(ioPriority.level);
}

function takeTask(parts: number, from: ValueReader): TaskInfo {
  const has = (part: number): boolean => (parts & part) !== 0;
  const tid = from.takeKnown();
  const ppid = from.takeKnown();
  const startMs = from.takeKnown();
  const uid = from.takeKnown();
  const usual = `${tid}.${startMs}`;
  const key = has(USUAL_KEY) ? usual : from.takeText()!;
  const processKey = has(USUAL_PROCESS_KEY) ? usual : from.takeText()!;
  const comm = from.takeText()!;
  const user = from.takeText()!;
  const cmdline = has(ARGUMENTS) ? takeTexts(from.takeKnown(), from) : null;
  const longName = from.takeText();
  const cgroup = from.takeText();
  const state = from.takeText();
  const ioPriority = has(PRIORITY)
    ? { class: CLASSES[from.takeKnown()]!, level: from.takeKnown() }
    : null;
  return {
    ...{ key, tid, pid: tid, processKey, ppid, startMs, comm, uid, user },
    ...{ cmdline, longName, ioPriority, cgroup, state },
    isKernelThread: has(KERNEL_THREAD),
    cgroupInherited: has(INHERITED),
  };
}

const takeTexts = (length: number, from: ValueReader): readonly string[] =>
  Array.from({ length }, () => from.takeText()!);
