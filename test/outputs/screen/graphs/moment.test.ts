import { expect, test } from "bun:test";
import { EndedTally } from "../../../../src/model/tasks/ended-tally.ts";
import { KeptSamples } from "../../../../src/model/kept/kept-samples.ts";
import type { Sample, TaskDelta } from "../../../../src/model/sample.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import {
  appendMoment,
  momentOf,
  type RowHistory,
} from "../../../../outputs/screen/graphs/moment.ts";
import { PastMoments } from "../../../../outputs/screen/graphs/past-moments.ts";
import { rowSeries } from "../../../../outputs/screen/graphs/row-history.ts";
import {
  makeSample,
  makeTask,
  processKeyOf,
  row,
} from "../../../support/samples.ts";

const exit = { code: 0, signal: 0 };

const brief = (tid: number, pid = tid): TaskDelta =>
  row({
    tid,
    pid,
    comm: "dd",
    readBytes: 1024,
    born: true,
    exit,
    startMs: 500,
  });
const long = (tid: number): TaskDelta => row({ tid, readBytes: 2048 });

const samples = (...all: readonly (readonly TaskDelta[])[]): Sample[] =>
  all.map((threads, i) =>
    makeSample({ seq: i + 1, timeMs: 1000 * (i + 1), threads }),
  );
const historyOf = (run: readonly Sample[]): RowHistory =>
  run.reduce(appendMoment, [] as RowHistory);

test("what began and ended in an interval is remembered until the next sample, its group for longer", () => {
  const run = samples([brief(1), brief(2), long(3)], [long(3)]);
  const [newest] = historyOf(run.slice(0, 1));
  expect(newest!.brief!.threads.size).toBe(2);
  expect(newest!.brief!.processes.size).toBe(2);
  const [older] = historyOf(run);
  expect(older!.brief).toBeNull();
  expect([older!.threads.size, older!.processes.size]).toEqual([1, 1]);
  expect(older!.ended.get("ended.0.dd")!.read).toBe(2048);
  expect(older!.groups.all.get("group.comm.dd")!.read).toBe(2048);
});

test("a process that goes on stays, with what its brief threads did; one that is over is brief with all its threads", () => {
  const goesOn = momentOf(samples([long(3), brief(4, 3)])[0]!);
  expect(goesOn.processes.get(processKeyOf(3))!.read).toBe(3072);
  expect(goesOn.brief!.processes.size).toBe(0);
  const isOver = momentOf(samples([brief(3), brief(4, 3)])[0]!);
  expect(isOver.brief!.processes.get(processKeyOf(3))!.read).toBe(2048);
  expect(isOver.processes.size).toBe(0);
});

test("its graph is the same in its sample, whenever that is looked at", () => {
  const run = samples([long(3)], [brief(1), brief(2), long(3)], [long(3)], []);
  const kept = new KeptSamples<null>();
  for (const sample of run) kept.add(sample, null);
  const then = historyOf(run.slice(0, 2));
  const back = 2;
  const { rows } = new PastMoments(kept).at(historyOf(run), back);
  const ended = kept.sample(back).threads.filter((each) => each.exit !== null);
  expect(ended).toHaveLength(2);
  for (const each of ended)
    for (const processes of [false, true]) {
      const series = rowSeries(rows, each, processes, "read", 4, true);
      expect(series).toEqual(rowSeries(then, each, processes, "read", 4, true));
      expect(series.at(-1)).toBe(1024);
    }
});

test("a row that stays after the end has its graph, as that of its name", () => {
  const run = samples([brief(1)], [], []);
  const tally = new EndedTally(DEFAULT_VIEW);
  const groups = run.map((sample) => tally.add(sample).groups).at(-1)!;
  expect(groups).toHaveLength(1);
  expect(rowSeries(historyOf(run), groups[0]!, false, "read", 5)).toEqual([
    1024, 0, 0,
  ]);
});

test("what is remembered of tasks that have ended does not keep them", async () => {
  const refs: WeakRef<object>[] = [];
  const kept = new KeptSamples<null>();
  const history = (() => {
    const run = Array.from({ length: 100 }, (_, i) => {
      const task = makeTask({ tid: 10 + i, comm: "dd" });
      refs.push(new WeakRef(task));
      return [row({ tid: task.tid, task, readBytes: 1024, born: true, exit })];
    });
    const taken = samples(...run, []);
    for (const sample of taken) kept.add(sample, null);
    return historyOf(taken);
  })();
  // Until then, what a WeakRef was made of is kept.
  await Bun.sleep(0);
  Bun.gc(true);
  // Whatever on the stack looks like its address keeps an object, too: some of them stay.
  const left = refs.filter((ref) => ref.deref() !== undefined);
  expect(left.length).toBeLessThan(refs.length / 2);
  expect(history[0]!.groups.all.get("group.comm.dd")!.read).toBe(1024);
  expect(kept.activeSample(100).threads[0]!.task.comm).toBe("dd");
});
