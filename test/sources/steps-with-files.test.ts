import { expect, test } from "bun:test";
import {
  StepsWithFiles,
  type FileSource,
} from "../../src/sources/steps-with-files.ts";
import type { openFileWatch } from "../../src/tracing/file-watch.ts";
import { FakeClock, turn } from "../support/fake-clock.ts";
import { fileDelta, makeSample, row } from "../support/samples.ts";

/** Writes down who is asked for what, in order. */
class Watched {
  readonly calls: string[] = [];
  readonly clock = new FakeClock();
  readonly sample = makeSample({ threads: [row({ tid: 42, readBytes: 1 })] });
  /** What is said when files are opened. */
  problem: string | null = null;
  failure: Error | null = null;

  note<T>(call: string, result: T): T {
    this.calls.push(call);
    return result;
  }

  readonly open: typeof openFileWatch = (_, notify) => {
    this.note("open", null);
    if (this.failure !== null) throw this.failure;
    if (this.problem !== null) notify(this.problem);
    return {
      restart: () => this.note("restart files", undefined),
      drain: () => this.note("drain files", 5),
      take: ({ seq }) => this.note(`files of ${seq}`, [fileDelta()]),
      [Symbol.dispose]: () => void this.note("close", null),
    };
  };

  steps(source: FileSource, notify: (text: string) => void = () => {}) {
    const { sample } = this;
    const note = this.note.bind(this);
    return new StepsWithFiles(
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
      this.clock,
      source,
      notify,
    );
  }

  onDemand() {
    const load = () => Promise.resolve(this.note("load", this.open));
    return this.steps({ load });
  }
}

const finish = <T>(generator: Generator<void, T, void>): T => {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
};

test("wanted from the beginning, files count from where tasks do, and are read after them", () => {
  const watched = new Watched();
  const steps = watched.steps({ open: watched.open });
  finish(steps.watch());
  finish(steps.countFromNow());
  expect(steps.drainExits()).toBe(8);
  watched.clock.spend(60_000);
  finish(steps.sample());
  expect(watched.calls).toEqual([
    ...["open", "watch", "count", "restart files"],
    ...["drain files", "exits", "sample", "files of 1"],
  ]);
});

test("the sample is the same but for its files, and processes are folded once", () => {
  const watched = new Watched();
  const { sample } = watched;
  const made = finish(watched.steps({ open: watched.open }).sample());
  expect(made).toEqual({ ...sample, files: [fileDelta()] });
  expect(made.processes).toBe(sample.processes);
  expect(sample.files).toBeNull();
});

test("nothing is loaded before somebody wants files; then they begin with the next interval", async () => {
  const watched = new Watched();
  using steps = watched.onDemand();
  finish(steps.countFromNow());
  expect(finish(steps.sample())).toBe(watched.sample);
  expect(watched.calls).not.toContain("load");
  expect([steps.want(), steps.want()]).toEqual([null, null]);
  await turn();
  expect(finish(steps.sample()).files).toBeNull();
  expect(finish(steps.sample()).files).toEqual([fileDelta()]);
  expect(watched.calls.slice(2)).toEqual([
    ...["load", "sample", "open", "restart files", "sample", "files of 1"],
  ]);
});

test("they are closed ten seconds after they were wanted last, and opened again on demand", async () => {
  const watched = new Watched();
  using steps = watched.onDemand();
  steps.want();
  await turn();
  finish(steps.sample());
  watched.clock.spend(9000);
  steps.want();
  finish(steps.sample());
  watched.clock.spend(9999);
  steps.drainExits();
  expect(watched.calls).not.toContain("close");
  watched.clock.spend(1);
  steps.drainExits();
  expect(watched.calls.at(-2)).toBe("close");
  expect(finish(steps.sample()).files).toBeNull();
  steps.want();
  finish(steps.sample());
  expect(finish(steps.sample()).files).toEqual([fileDelta()]);
  expect(watched.calls.filter((call) => call === "load")).toHaveLength(1);
});

test("what cannot be seen is said to whoever wants them", async () => {
  const watched = new Watched();
  watched.problem = "positions only";
  using steps = watched.onDemand();
  steps.want();
  await turn();
  finish(steps.sample());
  expect(steps.want()).toBe("positions only");
  expect(finish(steps.sample()).files).toEqual([fileDelta()]);
});

test("a fault ends no sample, and is not tried again", async () => {
  const watched = new Watched();
  watched.failure = new Error("out of memory");
  using steps = watched.onDemand();
  steps.want();
  await turn();
  for (let n = 0; n < 3; n++) expect(finish(steps.sample()).files).toBeNull();
  expect(steps.want()).toBe("out of memory");
  expect(watched.calls.filter((call) => call === "open")).toHaveLength(1);
});

test("wanted from the beginning, a fault ends the start, and a lack is told", () => {
  const watched = new Watched();
  watched.problem = "no names";
  const told: string[] = [];
  watched.steps({ open: watched.open }, (text) => told.push(text));
  expect(told).toEqual(["no names"]);
  watched.failure = new Error("out of memory");
  expect(() => watched.steps({ open: watched.open })).toThrow("out of memory");
});

test("an interval that is longer than that has them too", async () => {
  const watched = new Watched();
  using steps = watched.onDemand();
  steps.want();
  await turn();
  finish(steps.sample());
  steps.want();
  watched.clock.spend(60_000);
  steps.drainExits();
  expect(finish(steps.sample()).files).toEqual([fileDelta()]);
  steps.drainExits();
  expect(watched.calls).toContain("close");
});
