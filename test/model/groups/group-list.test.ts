import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { ACTIVITIES } from "../../../src/model/counters.ts";
import { sumDeltas } from "../../../src/model/delta.ts";
import { GroupLister } from "../../../src/model/groups/group-list.ts";
import { GROUP_KINDS } from "../../../src/model/groups/group-name.ts";
import type { IoDelta, TaskDelta } from "../../../src/model/sample.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../../src/model/view/task-filter.ts";
import { DEFAULT_VIEW, type View } from "../../../src/model/view/view.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import { makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const known = (io: IoDelta) => ACTIVITIES.map((name) => io[name] ?? 0);
const named = (rows: readonly TaskDelta[], view: View) =>
  Object.fromEntries(
    rows.map((each) => [
      each.task.comm,
      view.accumulated ? each.since.writeBytes : each.writeBytes,
    ]),
  );

test("in every sample, groups and what is in none add up to what all tasks did", () => {
  fc.assert(
    fc.property(
      samplesArbitrary,
      fc.constantFrom(...GROUP_KINDS),
      fc.boolean(),
      (samples, kind, only) => {
        const lister = new GroupLister({ ...DEFAULT_VIEW, only }, kind);
        for (const sample of samples)
          expect(known(sumDeltas(lister.list(sample)))).toEqual(
            known(sample.host),
          );
      },
    ),
  );
});

const gone = row({ tid: 7, cgroup: "/a.service", writeBytes: 5 });
const ended = {
  ...{ tid: 8, cgroup: "/a.service", writeBytes: 30 },
  exit: { code: 0, signal: 0 },
};
const early = makeSample({ threads: [gone, row(ended)] });
const late = makeSample({
  seq: 2,
  threads: [
    row({ tid: 9, cgroup: "/b.service", writeBytes: 2 }),
    row({ tid: 7, cgroup: "/a.service", since: { writeBytes: 5 } }),
  ],
});

test("sums keep what ended tasks did, also of a selection", () => {
  const view = { ...DEFAULT_VIEW, accumulated: true };
  const all = new GroupLister(view, "unit");
  all.list(early);
  expect(named(all.list(late), view)).toEqual({
    "a.service": 35,
    "b.service": 2,
  });
  const filter = parseFilter("^8$") as TaskFilter;
  const some = new GroupLister({ ...view, filter, only: true }, "unit");
  some.list(early);
  expect(named(some.list(late), view)).toEqual({ "a.service": 30 });
});

test("a task that ended before its cgroup was read is in a row of its own", () => {
  const sample = makeSample({
    threads: [row({ tid: 5, cgroup: null, writeBytes: 4 })],
  });
  const lister = new GroupLister(DEFAULT_VIEW, "container");
  expect(named(lister.list(sample), DEFAULT_VIEW)).toEqual({ "?": 4 });
});
