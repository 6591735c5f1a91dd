import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { COUNTERS } from "../../../src/model/counters.ts";
import { addCounters, isIdle } from "../../../src/model/delta.ts";
import {
  GROUP_KINDS,
  groupName,
  withoutInstance,
  type GroupKind,
} from "../../../src/model/groups/group-name.ts";
import {
  OTHER_GROUP,
  divideByGroup,
  sumGroups,
  type Division,
} from "../../../src/model/groups/groups.ts";
import type { Counter, Sample } from "../../../src/model/sample.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import { makeSample, makeTask, row } from "../../support/samples.ts";

const divideSample = (
  sample: Sample,
  kind: GroupKind,
  ...named: readonly string[]
): Division =>
  divideByGroup(sample.host, sumGroups(sample, kind), new Set(named));

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
    for (const kind of ["cgroup", "unit", "container"] as const)
      expect(groupName({ ...task, cgroup: null }, kind)).toBeNull();
  });

  test("can be the unit or the container", () => {
    const id = "9f86d081884c".padEnd(64, "0");
    const inside = makeTask({
      tid: 1,
      cgroup: `/system.slice/docker-${id}.scope`,
    });
    expect(groupName(inside, "unit")).toBe(id);
    expect(groupName(inside, "container")).toBe(id);
    const outside = makeTask({ tid: 1, cgroup: "/system.slice/a.service" });
    expect(groupName(outside, "unit")).toBe("a.service");
    expect(groupName(outside, "container")).toBe("-");
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
    expect([...sumGroups(sample, "comm").groups.keys()]).toEqual([
      "server",
      "dd",
    ]);
    const { groups, other } = divideSample(sample, "comm", "server");
    expect([...groups.keys()]).toEqual(["server"]);
    expect(groups.get("server")!.readBytes).toBe(7168);
    expect(other.readBytes).toBe(0);
    expect(other.writeBytes).toBe(512);
  });

  test("asks nothing of an idle task", () => {
    const idle = makeTask({ tid: 10 });
    Object.defineProperty(idle, "cgroup", {
      get: () => {
        throw new Error("read");
      },
    });
    const sample = makeSample({ threads: [row({ tid: 10, task: idle })] });
    expect(sumGroups(sample, "cgroup").groups.size).toBe(0);
  });

  test("leaves what nobody lists to the remainder", () => {
    const sample = makeSample({
      host: { readBytes: 5000 },
      threads: [row({ tid: 1, comm: "dd", readBytes: 1000 })],
    });
    const { other } = divideSample(sample, "comm", "dd");
    expect(other.readBytes).toBe(4000);
  });

  test("takes an unseen remainder for unknown, not for 0", () => {
    const sample = makeSample({
      threads: [
        row({ tid: 1, comm: "dd", ioWaitNs: 7, readBytes: 1 }),
        row({ tid: 2, comm: "cp", ioWaitNs: null, readBytes: 1 }),
      ],
    });
    const { other } = divideSample(sample, "comm", "dd");
    expect(other.ioWaitNs).toBeNull();
    expect(other.readBytes).toBe(1);
  });

  test("never lists a group of the name of the remainder", () => {
    const threads = [
      row({ tid: 1, comm: OTHER_GROUP, readBytes: 10 }),
      row({
        tid: 2,
        comm: `${OTHER_GROUP}/3`,
        isKernelThread: true,
        readBytes: 20,
      }),
    ];
    const sample = makeSample({ threads });
    expect(sumGroups(sample, "comm").groups.size).toBe(0);
    const { groups, other } = divideSample(sample, "comm", OTHER_GROUP);
    expect(groups.size).toBe(0);
    expect(other.readBytes).toBe(30);
  });

  test("leaves tasks whose group nobody knows to the remainder", () => {
    const threads = [row({ tid: 1, cgroup: null, readBytes: 7 })];
    const { other } = divideSample(makeSample({ threads }), "cgroup");
    expect(other.readBytes).toBe(7);
  });
});

describe("any sample", () => {
  const divisions = fc
    .record({
      samples: samplesArbitrary,
      kind: fc.constantFrom(...GROUP_KINDS),
      isNamed: fc.func(fc.boolean()),
    })
    .map(({ samples, kind, isNamed }) =>
      samples.map((sample) => {
        const { groups } = sumGroups(sample, kind);
        const named = [...groups.keys()].filter(isNamed);
        const division = divideSample(sample, kind, ...named, "nobody");
        return { sample, kind, named, division };
      }),
    );

  const sumOf = ({ groups, other }: Division, counter: Counter) =>
    [...groups.values(), other]
      .map((io) => io[counter])
      .reduce(addCounters, null);

  test("is the sum of groups and remainder, every counter", () => {
    fc.assert(
      fc.property(divisions, (all) => {
        for (const { sample, division } of all)
          for (const counter of COUNTERS)
            expect(sumOf(division, counter)).toBe(sample.host[counter]);
      }),
    );
  });

  test("gives a named group all that its processes did, and only that", () => {
    fc.assert(
      fc.property(divisions, (all) => {
        for (const { sample, kind, named, division } of all) {
          expect([...division.groups.keys()].sort()).toEqual(named.sort());
          for (const name of named) {
            const mine = sample.processes
              // Nothing is read of those that did nothing.
              .filter((row) => !isIdle(row))
              .filter(({ task }) => groupName(task, kind) === name)
              .map((process) => process.writeBytes)
              .reduce(addCounters, null);
            expect(division.groups.get(name)!.writeBytes).toBe(mine);
          }
        }
      }),
    );
  });
});
