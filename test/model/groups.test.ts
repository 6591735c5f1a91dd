import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { COUNTERS, addCounters } from "../../src/model/delta.ts";
import {
  GROUP_KINDS,
  OTHER,
  admitGroups,
  divideSample,
  groupName,
  withoutInstance,
  type Division,
  type GroupKind,
} from "../../src/model/groups.ts";
import type { Counter, Sample } from "../../src/model/sample.ts";
import { samplesArbitrary } from "../support/arbitrary-samples.ts";
import { makeSample, makeTask, row } from "../support/samples.ts";

const NONE: ReadonlySet<string> = new Set();

describe("the name of a group", () => {
  test.each([
    ["kworker/u8:2-events_unbound", "kworker"],
    ["jbd2/vda1-8", "jbd2"],
    ["kswapd0", "kswapd"],
    ["scsi_eh_0", "scsi_eh"],
    ["dmcrypt_write:1", "dmcrypt_write"],
    ["kthreadd", "kthreadd"],
    ["/0", "/0"],
    ["42", "42"],
  ])("of the kernel thread %s is %s", (comm, name) => {
    expect(withoutInstance(comm)).toBe(name);
    const kernelThread = makeTask({ tid: 9, comm, isKernelThread: true });
    expect(groupName(kernelThread, "comm")).toBe(name);
  });

  test("of a user's process is its comm as it is", () => {
    expect(groupName(makeTask({ tid: 9, comm: "loop/7" }), "comm")).toBe(
      "loop/7",
    );
  });

  test("can be the user or the cgroup, and unknown", () => {
    const task = makeTask({ tid: 9, user: "ann", cgroup: "/a.slice" });
    expect(groupName(task, "user")).toBe("ann");
    expect(groupName(task, "cgroup")).toBe("/a.slice");
    expect(groupName({ ...task, cgroup: null }, "cgroup")).toBeNull();
  });
});

describe("a division", () => {
  test("counts a pool thread to its program, and exited tasks too", () => {
    const sample = makeSample({
      threads: [
        row({ tid: 10, comm: "server", readBytes: 1024 }),
        row({ tid: 11, pid: 10, comm: "pool-1", readBytes: 2048 }),
        row({
          tid: 20,
          comm: "server",
          readBytes: 4096,
          exit: { code: 0, signal: 0 },
        }),
        row({ tid: 30, comm: "dd", writeBytes: 512 }),
      ],
    });
    const { groups, other, candidates } = divideSample(
      sample,
      "comm",
      new Set(["server"]),
    );
    expect([...groups.keys()]).toEqual(["server"]);
    expect(groups.get("server")!.readBytes).toBe(7168);
    expect(other.readBytes).toBe(0);
    expect(other.writeBytes).toBe(512);
    expect([...candidates.keys()]).toEqual(["dd"]);
  });

  test("asks nothing of an idle task", () => {
    const idle = makeTask({ tid: 10 });
    Object.defineProperty(idle, "cgroup", {
      get: () => {
        throw new Error("read");
      },
    });
    const sample = makeSample({ threads: [row({ tid: 10, task: idle })] });
    expect(divideSample(sample, "cgroup", NONE).candidates.size).toBe(0);
  });

  test("leaves what nobody lists to the remainder", () => {
    const sample = makeSample({
      host: { readBytes: 5000 },
      threads: [row({ tid: 1, comm: "dd", readBytes: 1000 })],
    });
    const { other } = divideSample(sample, "comm", new Set(["dd"]));
    expect(other.readBytes).toBe(4000);
  });

  test("takes an unseen remainder for unknown, not for 0", () => {
    const sample = makeSample({
      threads: [
        row({ tid: 1, comm: "dd", ioWaitNs: 7, readBytes: 1 }),
        row({ tid: 2, comm: "cp", ioWaitNs: null, readBytes: 1 }),
      ],
    });
    const { other } = divideSample(sample, "comm", new Set(["dd"]));
    expect(other.ioWaitNs).toBeNull();
    expect(other.readBytes).toBe(1);
  });

  test("never lists a group of the name of the remainder", () => {
    const threads = [
      row({ tid: 1, comm: OTHER, readBytes: 10 }),
      row({ tid: 2, comm: `${OTHER}/3`, isKernelThread: true, readBytes: 20 }),
    ];
    const { candidates, other } = divideSample(
      makeSample({ threads }),
      "comm",
      NONE,
    );
    expect(candidates.size).toBe(0);
    expect(other.readBytes).toBe(30);
  });
});

describe("admission", () => {
  const candidatesOf = (...threads: ReturnType<typeof row>[]) =>
    divideSample(makeSample({ threads }), "comm", NONE).candidates;

  test("takes the biggest first, waits after bytes, equals by name", () => {
    const candidates = candidatesOf(
      row({ tid: 1, comm: "wait", ioWaitNs: 9e9 }),
      row({ tid: 2, comm: "b", readBytes: 5 }),
      row({ tid: 3, comm: "a", writeBytes: 5 }),
      row({ tid: 4, comm: "big", readBytes: 3, writeBytes: 3 }),
      row({ tid: 5, comm: "cached", logicalReadBytes: 1e9 }),
    );
    const order = (max: number) => [...admitGroups(NONE, candidates, max)];
    expect(order(0)).toEqual([]);
    expect(order(3)).toEqual(["big", "a", "b"]);
    expect(order(9)).toEqual(["big", "a", "b", "wait"]);
  });

  test("keeps who is in, whatever comes later", () => {
    const first = admitGroups(
      NONE,
      candidatesOf(row({ tid: 1, comm: "small", readBytes: 1 })),
      1,
    );
    const later = candidatesOf(row({ tid: 2, comm: "huge", readBytes: 1e9 }));
    expect(admitGroups(first, later, 1)).toBe(first);
  });
});

describe("over any sequence of samples", () => {
  interface Step {
    readonly sample: Sample;
    readonly admitted: ReadonlySet<string>;
    readonly division: Division;
  }
  function replay(samples: Sample[], kind: GroupKind, max: number): Step[] {
    let admitted = NONE;
    return samples.map((sample) => {
      const division = divideSample(sample, kind, admitted);
      const step = { sample, admitted, division };
      admitted = admitGroups(admitted, division.candidates, max);
      return step;
    });
  }
  const runs = fc.record({
    samples: samplesArbitrary,
    kind: fc.constantFrom(...GROUP_KINDS),
    max: fc.integer({ min: 0, max: 6 }),
  });

  const sumOf = ({ groups, other }: Division, counter: Counter) =>
    [...groups.values(), other]
      .map((io) => io[counter])
      .reduce(addCounters, null);

  test("groups and remainder are the total, every counter", () => {
    fc.assert(
      fc.property(runs, ({ samples, kind, max }) => {
        for (const { sample, division } of replay(samples, kind, max))
          for (const counter of COUNTERS)
            expect(sumOf(division, counter)).toBe(sample.host[counter]);
      }),
    );
  });

  test("no more groups than allowed, none twice, none before its turn, all kept", () => {
    fc.assert(
      fc.property(runs, ({ samples, kind, max }) => {
        let before = NONE;
        for (const { admitted, division } of replay(samples, kind, max)) {
          expect(admitted.size).toBeLessThanOrEqual(max);
          expect(admitted.has(OTHER)).toBe(false);
          for (const name of before) expect(admitted.has(name)).toBe(true);
          for (const name of division.groups.keys())
            expect(admitted.has(name)).toBe(true);
          for (const name of division.candidates.keys())
            expect(admitted.has(name)).toBe(false);
          before = admitted;
        }
      }),
    );
  });

  test("an admitted group gets all that its processes did, and only that", () => {
    fc.assert(
      fc.property(runs, ({ samples, kind, max }) => {
        for (const { sample, admitted, division } of replay(samples, kind, max))
          for (const name of admitted) {
            const mine = sample.processes
              .filter(({ task }) => groupName(task, kind) === name)
              .map((process) => process.writeBytes)
              .reduce(addCounters, null);
            expect(division.groups.get(name)?.writeBytes ?? 0).toBe(mine ?? 0);
          }
      }),
    );
  });
});
