import { expect, test } from "bun:test";
import {
  NO_ENDS,
  earlierEnds,
  keepEnds,
  type KeptEnds,
} from "../../../../outputs/screen/table/kept-ends.ts";
import { taskCountOf } from "../../../../src/model/tasks/ended.ts";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import { SAMPLE_TIME_MS, row } from "../../../support/samples.ts";

const exit = { code: 0, signal: 0 };
const dd = (tid: number, comm = "dd", readBytes = 4096): TaskDelta =>
  row({ tid, comm, readBytes, exit });
const run = (...samples: readonly (readonly TaskDelta[])[]): KeptEnds =>
  samples.reduce<KeptEnds>(
    (kept, latest, i) =>
      keepEnds(kept, latest, {
        timeMs: SAMPLE_TIME_MS + i * 1000,
        intervalNs: 1e9,
      }),
    NO_ENDS,
  );
const rests = (count: number): [][] => Array.from({ length: count }, () => []);
const listed = (kept: KeptEnds, reachNs = 60e9) =>
  earlierEnds(kept, reachNs).map(({ row: { task, readBytes }, agoNs }) => [
    task.comm,
    readBytes,
    agoNs / 1e9,
  ]);

test("a row rests from the next sample on, and is the same object", () => {
  const ended = run([dd(1)]);
  expect(listed(ended)).toEqual([]);
  const later = keepEnds(ended, [], { timeMs: 0, intervalNs: 1e9 });
  expect(listed(later)).toEqual([["dd", 0, 1]]);
  const [one] = earlierEnds(later, 60e9);
  const [same] = earlierEnds(
    keepEnds(later, [], { timeMs: 0, intervalNs: 1e9 }),
    60e9,
  );
  expect(same!.row).toBe(one!.row);
});

test("samples in which nothing ends share what is kept", () => {
  const ended = run([dd(1)], []);
  const same = keepEnds(ended, [], { timeMs: 0, intervalNs: 1e9 });
  expect(same.ends).toBe(ended.ends);
  const more = keepEnds(ended, [dd(2, "cat")], { timeMs: 0, intervalNs: 1e9 });
  const [first] = more.ends;
  expect(ended.ends).toEqual([first!]);
  expect(first).toBe(ended.ends[0]!);
  expect(listed(ended)).toEqual([["dd", 0, 1]]);
  expect(listed(more)).toEqual([["dd", 0, 2]]);
});

test("those of one user and name have one row, for the latest of them", () => {
  const kept = run([dd(1), dd(2)], [dd(3), dd(4), dd(5)], []);
  const [one, ...others] = earlierEnds(kept, 60e9);
  expect(others).toEqual([]);
  expect(taskCountOf(one!.row)).toBe(3);
  expect(one!.agoNs).toBe(1e9);
});

test("it goes when its graph is empty, after ten seconds at least and a minute at most", () => {
  const at = (seconds: number, reachNs: number): number =>
    listed(run([dd(1)], ...rests(seconds)), reachNs).length;
  expect([at(10, 0), at(11, 0)]).toEqual([1, 0]);
  expect([at(20, 20e9), at(21, 20e9)]).toEqual([1, 0]);
  expect([at(60, 999e9), at(61, 999e9)]).toEqual([1, 0]);
});

test("what did nothing that a graph could show is not kept", () => {
  const cancelled = row({ tid: 8, comm: "rm", cancelledBytes: 4096, exit });
  expect(listed(run([cancelled, dd(1, "cat")], []))).toEqual([["cat", 0, 1]]);
});

test("of very many names the latest 200 are kept", () => {
  const names = Array.from({ length: 300 }, (_, i) => [dd(i + 1, `n${i}`)]);
  const kept = run(...names.map(([one]) => [one!]), []);
  const all = kept.ends;
  expect(all.length).toBeLessThanOrEqual(200);
  expect(all.at(-1)!.row.task.comm).toBe("n299");
  const storm = run(names.flat(), []);
  expect(storm.ends.length).toBe(200);
});
