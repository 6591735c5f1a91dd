/** What of the things that happened to a tid is worth replaying, and in which order. */
import { describe, expect, test } from "bun:test";
import {
  TidJournal,
  type JournalEvent,
} from "../../src/sampler/tid-journal.ts";
import { makeRecord, type RecordFields } from "../support/bytes/records.ts";

const NOW_NS = 1e12;

/** What was heard of the tid when its task, or the one before, was so old; it has run each time unless given. */
function heard(
  kind: JournalEvent["kind"],
  elapsedUs: number,
  fields: RecordFields = {},
  tid = 10,
  pid = 10,
): JournalEvent {
  return {
    kind,
    tid,
    pid,
    process: -1,
    record: makeRecord({
      elapsedUs,
      cpuCount: elapsedUs,
      cpuRunNs: 0,
      ...fields,
    }),
    window: { beforeNs: NOW_NS, afterNs: NOW_NS },
  };
}

/** As "alive 7": kind and age. */
const names = (events: readonly JournalEvent[]): string[] =>
  events.map(({ kind, record }) => `${kind} ${record.elapsedUs}`);

describe("a replay", () => {
  const replay = (...events: readonly JournalEvent[]): string[][] => {
    const journal = new TidJournal();
    for (const event of events) journal.add(event);
    return [...journal.replay()].map(names);
  };

  test("leaves out answers whose task answered or ended later", () => {
    expect(replay(heard("alive", 3), heard("alive", 5))).toEqual([["alive 5"]]);
    expect(replay(heard("alive", 3), heard("ended", 5))).toEqual([["ended 5"]]);
  });

  test("is in the order in which things came, whatever their ages", () => {
    expect(
      replay(heard("ended", 5), heard("ended", 2), heard("alive", 1)),
    ).toEqual([["ended 5", "ended 2", "alive 1"]]);
  });

  test("has what a task did on its way out", () => {
    expect(replay(heard("ended", 5), heard("dying", 7))).toEqual([
      ["ended 5", "dying 7"],
    ]);
  });

  test("has threads first: one of them may go on under the tid of the main thread", () => {
    const main = heard("ended", 5);
    const thread = heard("alive", 3, {}, 11);
    expect(replay(main, thread)).toEqual([["alive 3"], ["ended 5"]]);
  });

  test("has the records as they were when they came", () => {
    const event = heard("ended", 5);
    const journal = new TidJournal();
    journal.add(event);
    event.record.elapsedUs = 9;
    expect([...journal.replay()].map(names)).toEqual([["ended 5"]]);
  });
});

test("a tid whose task answered, and then did no more, is gone until it answers again", () => {
  const journal = new TidJournal();
  expect(journal.lose(10)).toBe(false);
  journal.add(heard("alive", 3));
  expect(journal.lose(10)).toBe(true);
  expect(journal.latestOf(10)?.kind).toBe("gone");
  journal.add(heard("alive", 5));
  expect([...journal.replay()].map(names)).toEqual([["alive 5"]]);
  journal.clear();
  expect(journal.has(10)).toBe(false);
});
