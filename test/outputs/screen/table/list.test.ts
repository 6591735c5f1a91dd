import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { addInto, unknownDelta } from "../../../../src/model/delta.ts";
import { taskCountOf } from "../../../../src/model/tasks/ended.ts";
import { EndedTally } from "../../../../src/model/tasks/ended-tally.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import { listRows } from "../../../../outputs/screen/table/list.ts";
import { findSelected } from "../../../../outputs/screen/table/selected-row.ts";
import { initialState, selectionOf } from "../../../../outputs/screen/state.ts";
import { DEFAULT_SCREEN } from "../../../../src/model/options/screen-settings.ts";
import { EndedTasks } from "../../../../outputs/screen/table/ended-tasks.ts";
import { NO_HISTORY } from "../../../../outputs/screen/graphs/history.ts";
import { makeSample, row } from "../../../support/samples.ts";
import { simulatedRun } from "../../../support/runs/simulated-run.ts";

setDefaultTimeout(120_000);

const bools = [false, true] as const;
const viewOf = (processes: boolean, only = false) => ({
  ...DEFAULT_VIEW,
  accumulated: true,
  processes,
  only,
});
const start = initialState(DEFAULT_VIEW, "ascii", {
  ...DEFAULT_SCREEN,
  mode: "processes",
});
const NO_PAST = {
  chosen: null,
  history: NO_HISTORY,
  groups: { sums: () => ({ names: [], sinceOf: () => undefined }) },
};
const branches = new Map();

test("with sums, the rows listed make up what was moved since watching began, in every sample", () => {
  fc.assert(
    fc.property(simulatedRun(8), (run) => {
      const tasks = new EndedTasks();
      const since = unknownDelta();
      for (const sample of run) {
        addInto(since, sample.host);
        const taken = {
          sample,
          ended: tasks.take(sample),
          ...NO_PAST,
        };
        for (const byProcess of bools)
          for (const only of bools)
            for (const ended of ["grouped", "each"] as const) {
              const view = viewOf(byProcess, only);
              const { rows } = listRows(taken, { ...start, view, ended });
              const sum = unknownDelta();
              for (const each of rows) addInto(sum, each.since);
              expect([sum.readBytes ?? 0, sum.writeBytes ?? 0]).toEqual([
                since.readBytes ?? 0,
                since.writeBytes ?? 0,
              ]);
            }
      }
    }),
    { numRuns: 200 },
  );
});

test("living tasks, active ones of them, and ended ones are counted apart, whatever is listed", () => {
  const exit = { code: 0, signal: 0 };
  const sample = makeSample({
    threads: [
      row({ tid: 1, readBytes: 1024 }),
      row({ tid: 2 }),
      row({ tid: 3, pid: 1, comm: "pool", readBytes: 2048, exit }),
      row({ tid: 4, comm: "dd", readBytes: 4096, exit }),
      row({ tid: 5, comm: "dd", readBytes: 4096, exit }),
      row({ tid: 6, comm: "ls", exit }),
    ],
  });
  const ended = new EndedTasks().take(sample);
  const count = (byProcess: boolean, mode: "grouped" | "each" | "hidden") => {
    const view = viewOf(byProcess);
    const list = listRows(
      { sample, ended, ...NO_PAST },
      { ...start, view, ended: mode, sort: "tid", descending: false },
    );
    const rows = list.rows.map((each) => [each.task.tid, taskCountOf(each)]);
    const { alive, active } = list;
    return { alive, active, ended: list.ended, rows };
  };
  expect(count(false, "grouped")).toEqual({
    alive: 2,
    active: 1,
    ended: 3,
    rows: [
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 2],
    ],
  });
  expect(count(false, "each").rows.map(([tid]) => tid)).toEqual([
    1, 2, 3, 4, 5,
  ]);
  expect(count(true, "grouped")).toEqual({
    alive: 2,
    active: 1,
    ended: 2,
    rows: [
      [1, 1],
      [2, 1],
      [4, 2],
    ],
  });
  expect(count(true, "hidden")).toMatchObject({
    active: 1,
    ended: 2,
    rows: [
      [1, 1],
      [2, 1],
    ],
  });
});

test("the process of a selected thread is not one that had ended before under the same id", () => {
  const tally = new EndedTally(viewOf(true));
  const exit = { code: 0, signal: 0 };
  const old = row({ tid: 5, processKey: "old", readBytes: 1024, exit });
  tally.add(makeSample({ timeMs: 1000, threads: [old] }));
  const [kept] = tally.add(makeSample({ timeMs: 3000 })).groups;
  const process = row({ tid: 5 });
  const thread = row({ tid: 6, pid: 5 });
  const rows = [kept!, process];
  expect(findSelected({ rows, branches }, selectionOf(thread), true)).toBe(1);
  expect(findSelected({ rows, branches }, selectionOf(old), true)).toBe(0);
  expect(
    findSelected({ rows: [kept!], branches }, selectionOf(thread), true),
  ).toBe(-1);
});
