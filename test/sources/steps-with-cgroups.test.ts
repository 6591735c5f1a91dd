import { expect, test } from "bun:test";
import { BlockDevices } from "../../src/kernel/block-devices.ts";
import { CgroupTree } from "../../src/kernel/cgroup-tree.ts";
import { CgroupDisks } from "../../src/sampler/cgroup-disks.ts";
import { StepsWithCgroups } from "../../src/sources/steps-with-cgroups.ts";
import { FakeCgroups } from "../support/fake-linux/fake-cgroups.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { cgroupDelta, makeSample, row } from "../support/samples.ts";

class World implements Disposable {
  readonly cgroups = new FakeCgroups("memory");
  readonly clock = new FakeClock();
  readonly steps: StepsWithCgroups;
  opened = 0;

  constructor(isAlways: boolean) {
    const threads = [row({ tid: 1, cgroup: "/a", writeBytes: 1 })];
    const inner = {
      *watch() {},
      *countFromNow() {},
      *sample() {
        yield;
        return makeSample({ threads });
      },
      drainExits: () => 3,
    };
    const open = () => {
      this.opened++;
      return new CgroupDisks(
        new CgroupTree(this.cgroups.mount),
        new BlockDevices("/nonexistent"),
        this.clock,
      );
    };
    this.steps = new StepsWithCgroups(inner, this.clock, open, isAlways);
  }

  /** The next sample, a second later. */
  next(seconds = 1) {
    this.clock.spend(seconds * 1000);
    const taking = this.steps.sample();
    for (;;) {
      const step = taking.next();
      if (step.done) return step.value;
    }
  }

  [Symbol.dispose](): void {
    this.cgroups[Symbol.dispose]();
  }
}

test("nothing is read until somebody looks, and no more ten seconds after", () => {
  using world = new World(false);
  expect(world.next().cgroups).toBeNull();
  expect(world.opened).toBe(0);
  expect(world.steps.want()).toBeNull();
  const unknown = { ...cgroupDelta("/a", null), elapsedNs: 0 };
  expect(world.next()).toMatchObject({ cgroups: [unknown] });
  expect(world.steps.want()).toContain("have no io controller here");
  expect(world.next(8).cgroups).not.toBeNull();
  expect(world.next(3).cgroups).toBeNull();
  expect(world.opened).toBe(1);
  // Of an interval of any length.
  world.steps.want();
  expect(world.next(60).cgroups).not.toBeNull();
  expect(world.steps.drainExits()).toBe(3);
});

test("a recording that is grouped by cgroup has them from beginning to end", () => {
  using world = new World(true);
  for (let at = 0; at < 3; at++) expect(world.next(100).cgroups).not.toBeNull();
  expect(world.next().processes).toHaveLength(1);
  expect(world.opened).toBe(1);
});
