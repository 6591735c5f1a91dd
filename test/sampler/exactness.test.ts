/**
 * Every byte exactly once: random histories of a fake Linux, against books that simply add up what each task did.
 * IOTOP_HISTORIES=10000 plays more of them.
 */
import { test } from "bun:test";
import fc from "fast-check";
import { COUNTERS } from "../../src/model/delta.ts";
import type { Sample } from "../../src/model/sample.ts";
import {
  arbitraryHistory,
  Play,
  type History,
} from "../support/fake-history.ts";
import { FAKE_COUNTERS } from "../support/fake-linux.ts";

const HISTORIES = Number(Bun.env.IOTOP_HISTORIES ?? 500);
const TIMEOUT_MS = 10_000 + HISTORIES * 20;

test(
  "sums of all rows are what the tasks did",
  () => {
    holds((history) => {
      const play = new Play();
      play.run(history);
      return [play, () => expectExact(play)];
    });
  },
  TIMEOUT_MS,
);

/** Prints the history as a script when it fails. */
function holds(played: (history: History) => [Play, () => void]): void {
  fc.assert(
    fc.property(arbitraryHistory, (history) => {
      const [play, check] = played(history);
      try {
        check();
      } catch (error) {
        throw new Error(
          `${(error as Error).message}\n${play.script.join("\n")}`,
        );
      }
    }),
    { numRuns: HISTORIES, includeErrorInReport: true },
  );
}

function expectExact(play: Play): void {
  for (const sample of play.samples) expectSound(sample);
  for (const task of play.linux.everyTask) {
    const expected = play.linux.watchedOf(task);
    const sum = play.reported.get(task);
    for (const name of FAKE_COUNTERS)
      if ((sum?.[name] ?? 0) !== expected[name])
        throw new Error(
          `${task.comm} (${task.tid} of ${task.process.pid}) ${name}: reported ${sum?.[name]}, did ${expected[name]}`,
        );
  }
}

function expectSound(sample: Sample): void {
  for (const row of sample.threads)
    for (const name of COUNTERS) {
      const value = row[name];
      if (value !== null && !(value >= 0))
        throw new Error(`${row.task.comm} ${name}: ${value}`);
    }
  for (const name of COUNTERS) {
    const total = sample.host[name];
    let threads = 0;
    let processes = 0;
    for (const row of sample.threads) threads += row[name] ?? 0;
    for (const row of sample.processes) processes += row[name] ?? 0;
    if (threads !== (total ?? 0))
      throw new Error(`${name}: rows ${threads}, total ${total}`);
    if (processes !== threads)
      throw new Error(`${name}: processes ${processes}, threads ${threads}`);
  }
}
