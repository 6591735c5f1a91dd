/** What must be true of the samples of a play, by its own books. */
import { COUNTERS } from "../../../src/model/counters.ts";
import type { IoDelta, Sample, TaskDelta } from "../../../src/model/sample.ts";
import type { Play } from "./fake-history.ts";
import {
  FAKE_COUNTERS,
  NO_COUNTERS,
  noCounters,
  type FakeCounters,
} from "./fake-linux-tasks.ts";

/** No life comes twice, and threads, processes and the total say the same. */
export function expectSound(sample: Sample): void {
  const keys = new Set(sample.threads.map((row) => row.task.key));
  if (keys.size < sample.threads.length) throw new Error("a key comes twice");
  for (const name of COUNTERS) {
    const total = sample.host[name] ?? 0;
    const threads = sumOf(sample.threads, name);
    const processes = sumOf(sample.processes, name);
    if (threads !== total)
      throw new Error(`${name}: rows ${threads}, total ${total}`);
    if (processes !== threads)
      throw new Error(`${name}: processes ${processes}, threads ${threads}`);
  }
}

/**
 * What the rows say of all the time since the watch began is the sum of what they said in every sample. A row for what
 * an ended task did on its way out, or what a thread did whose end is heard after its process's was told, says that alone.
 *
 * @param sample the newest of the play, or the last ones merged
 * @param parts how many of them
 */
export function expectSumsSince(
  sample: Sample,
  { samples, reported, linux, flooded }: Play,
  parts = 1,
): void {
  const taskOf = ({ task }: TaskDelta) => linux.taskOfComm.get(task.comm)!;
  const before = samples.slice(0, -parts);
  const ended = new Set<unknown>();
  for (const { threads, processes } of before) {
    for (const row of threads) if (row.exit !== null) ended.add(taskOf(row));
    for (const { exit, task } of processes)
      if (exit !== null) ended.add(task.processKey);
  }
  const isFirst = (row: TaskDelta): boolean => !ended.has(taskOf(row));
  for (const row of sample.threads.filter(isFirst))
    expectSum(
      `since of ${row.task.comm}`,
      row.since,
      reported.get(taskOf(row))!,
    );
  const sumOfUid = new Map<number, FakeCounters>();
  for (const [{ process }, io] of reported) {
    const sum = sumOfUid.get(process.uid) ?? noCounters();
    addTo(sum, io);
    sumOfUid.set(process.uid, sum);
  }
  for (const row of sample.processes.filter(isFirst)) {
    if (ended.has(row.task.processKey)) continue;
    // Of a pid used again at once, a thread whose end is heard before its main thread's may be told as a process of its
    // own.
    if (flooded.has(row.task.pid)) continue;
    const sum = sumOfUid.get(row.task.uid!) ?? NO_COUNTERS;
    expectSum(`since of process ${row.task.comm}`, row.since, sum);
  }
  const total = noCounters();
  for (const { host } of samples) addTo(total, host);
  expectSum("since of the host", sample.host.since, total);
}

/** An unknown amount is none. */
export function expectSum(
  what: string,
  sum: FakeCounters | IoDelta | undefined,
  expected: FakeCounters,
): void {
  for (const name of FAKE_COUNTERS)
    if ((sum?.[name] ?? 0) !== expected[name])
      throw new Error(
        `${what}, ${name}: told ${sum?.[name]}, did ${expected[name]}`,
      );
}

function sumOf(rows: readonly TaskDelta[], name: keyof IoDelta): number {
  let sum = 0;
  for (const row of rows) {
    const value = row[name];
    if (value !== null && !(value >= 0))
      throw new Error(`${row.task.comm} ${name}: ${value}`);
    sum += value ?? 0;
  }
  return sum;
}

export function addTo(sum: FakeCounters, io: FakeCounters | IoDelta): void {
  for (const name of FAKE_COUNTERS) sum[name] += io[name] ?? 0;
}
