/** Whether a record can be of a life: by its process, start, age, counters and name. */
import { describe, expect, test } from "bun:test";
import { EXIT_LAG_NS, type ReadWindow } from "../../src/sampler/event.ts";
import { LifeMatch } from "../../src/sampler/life-match.ts";
import { ENDED } from "../../src/sampler/life-state.ts";
import { LifeTable } from "../../src/sampler/life-table.ts";
import { ProcessTable } from "../../src/sampler/process-table.ts";
import { makeRecord } from "../support/bytes/records.ts";

const SECOND_NS = 1e9;
const START_NS = 100 * SECOND_NS;

/** A life that began at START_NS, was last read at the age of 2 s, and had read 5 bytes in 7 turns on a CPU. */
function open() {
  const table = new LifeTable(100);
  const processes = new ProcessTable();
  const slot = table.add(10);
  table.process[slot] = processes.addThread(10, true);
  table.startLowNs[slot] = START_NS - 1000;
  table.startHighNs[slot] = START_NS + 1000;
  table.ageUs[slot] = 2e6;
  table.cpuCount[slot] = 7;
  table.cpuRunNs[slot] = 7000;
  table.counters.begin(slot, new Float64Array(9).fill(5));
  return { table, slot, match: new LifeMatch(table, processes) };
}

/** Of that life at an age, unless another process, start or counters are given. */
const record = (elapsedUs: number, bytes = 5, tgid = 10) =>
  makeRecord({
    elapsedUs,
    tgid,
    cpuCount: 7,
    cpuRunNs: 7000,
    counters: Array<number>(9).fill(bytes),
  });
const at = (ns: number, spanNs = 0): ReadWindow => ({
  beforeNs: ns - spanNs,
  afterNs: ns,
});

describe("an answer is of a life", () => {
  test("that began at the same time, and is not younger than it was", () => {
    const { match, slot } = open();
    const then = at(START_NS + 3 * SECOND_NS);
    expect(match.isSameLife(slot, record(3e6), then)).toBe(true);
    expect(match.isSameLife(slot, record(1e6), then)).toBe(false);
    expect(match.isSameLife(slot, record(3e6 - 10), then)).toBe(false);
  });

  test("of the same process", () => {
    const { match, slot } = open();
    const then = at(START_NS + 3 * SECOND_NS);
    expect(match.isSameLife(slot, record(3e6, 5, 11), then)).toBe(false);
    expect(match.isSameLife(slot, record(3e6, 5, NaN), then)).toBe(true);
  });
});

describe("an exit message is of a life", () => {
  const then = { ...at(START_NS + 3 * SECOND_NS), lagNs: EXIT_LAG_NS };

  test("none of whose counters was higher", () => {
    const { match, slot } = open();
    expect(match.canEnd(slot, record(3e6, 6), then)).toBe(true);
    expect(match.canEnd(slot, record(3e6, 4), then)).toBe(false);
  });

  test("that was read after the message was filled in, if it did nothing in between", () => {
    const { match, slot } = open();
    const late = { ...at(START_NS + 2 * SECOND_NS), lagNs: EXIT_LAG_NS };
    expect(match.canEnd(slot, record(2e6 - 500), late)).toBe(true);
    expect(match.canEnd(slot, record(2e6 - 500, 6), late)).toBe(false);
    expect(match.canEnd(slot, record(2e6 - 1.1e6), late)).toBe(false);
  });

  test("that has ended, or of one that goes on under its tid, by the start alone", () => {
    const { match, slot, table } = open();
    table.set(slot, ENDED);
    expect(match.canEnd(slot, record(3e6, 4), then)).toBe(true);
    expect(match.canEnd(slot, record(2e6 - 500), then)).toBe(false);
  });
});

test("a thread has a leader that is as old as the thread says that its process is", () => {
  const { match, slot } = open();
  const thread = (processElapsedUs: number) =>
    makeRecord({ elapsedUs: 1, processElapsedUs });
  const then = at(START_NS + 3 * SECOND_NS, 1000);
  expect(match.hasLeader(slot, thread(3e6), then)).toBe(true);
  expect(match.hasLeader(slot, thread(2.9e6), then)).toBe(false);
});
