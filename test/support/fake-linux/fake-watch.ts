/** A sampler at work on a fake Linux: something happens in the middle of a scan, and what it told is added up. */
import { expect } from "bun:test";
import type { Sample } from "../../../src/model/sample.ts";
import { FakeLinux } from "./fake-linux.ts";
import type { FakeTask } from "./fake-linux-tasks.ts";
import { FakeSampler, type FakeSamplerOptions } from "./fake-sampler.ts";

export const KIB = 1024;

export function start(
  prepare: (linux: FakeLinux) => void = () => {},
  options: FakeSamplerOptions = {},
): FakeSampler {
  const linux = new FakeLinux();
  linux.fork(0, 1);
  linux.fork(0, 2, true);
  prepare(linux);
  linux.sleep(1000);
  const rig = new FakeSampler(linux, options);
  rig.watch();
  linux.sleep(1000);
  return rig;
}

/** A scan during which something happens: just before the last of these looks, which come in this order. */
export function during(
  rig: FakeSampler,
  looks: readonly string[],
  act: () => void,
): Sample {
  const { linux } = rig;
  const awaited = [...looks];
  linux.look = (at) => {
    if (at !== awaited[0]) return;
    awaited.shift();
    if (awaited.length === 0) act();
  };
  const sample = rig.sample();
  linux.look = () => {};
  expect(awaited).toEqual([]);
  return sample;
}

/** A process of a main thread and one other. */
export function pair(linux: FakeLinux): { main: FakeTask; other: FakeTask } {
  const main = linux.fork(1);
  return { main, other: linux.clone(main.process) };
}

export const bytes = (samples: Sample[], comm: string): number =>
  samples.reduce(
    (sum, sample) =>
      sum +
      sample.threads
        .filter((row) => row.task.comm === comm)
        .reduce((all, row) => all + (row.readBytes ?? NaN), 0),
    0,
  );

/** What all rows of the samples read together. */
export const allBytes = (samples: Sample[]): number =>
  samples.reduce((sum, sample) => sum + (sample.host.readBytes ?? NaN), 0);
