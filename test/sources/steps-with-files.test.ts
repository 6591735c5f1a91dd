import { expect, test } from "bun:test";
import { StepsWithFiles } from "../../src/sources/steps-with-files.ts";
import { fileDelta, makeSample, row } from "../support/samples.ts";

/** Writes down who is asked for what, in order. */
function open() {
  const calls: string[] = [];
  const sample = makeSample({ threads: [row({ tid: 42, readBytes: 1 })] });
  const note = <T>(call: string, result: T): T => (calls.push(call), result);
  const steps = new StepsWithFiles(
    {
      *watch() {
        note("watch", yield);
      },
      *countFromNow() {
        note("count", yield);
      },
      *sample() {
        yield;
        return note("sample", sample);
      },
      drainExits: () => note("exits", 3),
    },
    {
      restart: () => note("restart files", undefined),
      drain: () => note("drain files", undefined),
      take: (of) => note(`files of ${of.seq}`, [fileDelta()]),
      [Symbol.dispose]() {},
    },
  );
  return { calls, sample, steps };
}

const finish = <T>(generator: Generator<void, T, void>): T => {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
};

test("files count from where tasks do, and are read after them", () => {
  const { calls, steps } = open();
  finish(steps.watch());
  finish(steps.countFromNow());
  expect(steps.drainExits()).toBe(3);
  finish(steps.sample());
  expect(calls).toEqual([
    ...["watch", "count", "restart files"],
    ...["drain files", "exits", "sample", "files of 1"],
  ]);
});

test("the sample is the same but for its files, and processes are folded once", () => {
  const { sample, steps } = open();
  const made = finish(steps.sample());
  expect(made).toEqual({ ...sample, files: [fileDelta()] });
  expect(made.processes).toBe(sample.processes);
  expect(sample.files).toBeNull();
});
