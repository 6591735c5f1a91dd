/** The built program's JSON lines while something happens. */
import { expect } from "bun:test";
import { COUNTER_ENTRIES } from "../../src/model/counters.ts";
import type {
  CountersRecord,
  SampleRecord,
  TaskRecord,
} from "../../src/model/record/record-types.ts";
import { startBinary, type Outcome, type SpawnOptions } from "./binary.ts";

export interface JsonRun<T> extends Outcome {
  readonly result: T;
  readonly records: readonly SampleRecord[];
}

export const parseLines = (text: string): SampleRecord[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as SampleRecord);

/** Resolves when an interval that has not begun yet is told. @returns all lines so far */
export type OneMoreLine = () => Promise<readonly SampleRecord[]>;

/**
 * Starts iotop with JSON lines on stdout, waits for the first, does the work, and asks iotop to end, which makes it
 * tell the interval begun.
 */
export async function recordWhile<T>(
  work: (oneMoreLine: OneMoreLine) => Promise<T>,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<JsonRun<T>> {
  await using running = startBinary(["--output", "jsonl", ...args], options);
  const lines = () => running.stdout.split("\n").length - 1;
  const oneMoreLine = async () => {
    const before = lines();
    const text = await running.until(() => lines() >= before + 2);
    return parseLines(text.slice(0, text.lastIndexOf("\n")));
  };
  await running.until(() => lines() >= 1);
  const result = await work(oneMoreLine);
  running.kill("SIGTERM");
  const outcome = await running.exited;
  return { ...outcome, result, records: parseLines(outcome.stdout) };
}

export const tasksOf = (
  records: readonly SampleRecord[],
  isWanted: (task: TaskRecord) => boolean,
): TaskRecord[] => records.flatMap(({ tasks }) => tasks.filter(isWanted));

export const sumOf = (
  tasks: readonly TaskRecord[],
  name: keyof CountersRecord = "write_bytes",
): number => tasks.reduce((sum, task) => sum + (task[name] ?? 0), 0);

export const totalOf = (
  records: readonly SampleRecord[],
  name: keyof CountersRecord = "write_bytes",
): number => records.reduce((sum, { total }) => sum + (total[name] ?? 0), 0);

/** In every line, for every counter: the tasks and the others make up the total. */
export function expectSums(records: readonly SampleRecord[]): void {
  expect(records.length).toBeGreaterThan(0);
  for (const { seq, tasks, other, total } of records)
    for (const { key: name } of Object.values(COUNTER_ENTRIES)) {
      // Where nothing is left, and none of the others could be read, it is unknown what they did.
      const sum =
        total[name] === null
          ? other[name]
          : sumOf(tasks, name) + (other[name] ?? 0);
      expect({ seq, name, sum }).toEqual({ seq, name, sum: total[name] });
    }
}
