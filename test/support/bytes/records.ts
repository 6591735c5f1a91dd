/** Records of taskstats of which a test names only what it is about. */
import { TaskstatsRecord } from "../../../src/kernel/taskstats.ts";
import { COUNTERS } from "../../../src/model/counters.ts";

export type RecordFields = Partial<Omit<TaskstatsRecord, "counters">> & {
  readonly counters?: readonly number[];
};

/** Counters that are not given are 0. */
export function makeRecord({
  counters = [],
  ...fields
}: RecordFields = {}): TaskstatsRecord {
  const record = Object.assign(new TaskstatsRecord(COUNTERS.length), fields);
  record.counters.fill(0);
  record.counters.set(counters);
  return record;
}
