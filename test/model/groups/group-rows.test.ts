import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { ACTIVITIES } from "../../../src/model/counters.ts";
import { sumDeltas } from "../../../src/model/delta.ts";
import { standsForMany, taskCountOf } from "../../../src/model/tasks/ended.ts";
import { fromRecord } from "../../../src/model/record/parse-record.ts";
import {
  GroupTally,
  groupKeyOf,
  groupRows,
  isGroupKey,
} from "../../../src/model/groups/group-rows.ts";
import { GROUP_KINDS } from "../../../src/model/groups/group-name.ts";
import { toRecord } from "../../../src/model/record/record.ts";
import type { IoDelta, TaskDelta } from "../../../src/model/sample.ts";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import { IDLE, makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const known = (io: IoDelta) => ACTIVITIES.map((name) => io[name] ?? 0);

describe("rows of groups", () => {
  test("add up to the host, whatever the kind", () => {
    fc.assert(
      fc.property(
        samplesArbitrary,
        fc.constantFrom(...GROUP_KINDS),
        (samples, kind) => {
          for (const { host, processes } of samples)
            expect(known(sumDeltas(groupRows(processes, kind)))).toEqual(
              known(host),
            );
        },
      ),
    );
  });

  test("and of a recording too, that does not list all tasks", () => {
    const view = { ...DEFAULT_VIEW, pids: [7] };
    const sample = makeSample({
      threads: [
        row({ tid: 7, readBytes: 1024 }),
        row({ tid: 8, readBytes: 4096, writeBytes: 5 }),
      ],
    });
    const { host, processes, unlisted } = fromRecord(
      toRecord(sample, { all: false, view }),
    );
    const rows = groupRows(processes, "user", null, unlisted.io);
    expect(known(sumDeltas(rows))).toEqual(known(host));
    const other = rows.find(({ task }) => task.comm === "?")!;
    expect([other.readBytes, other.writeBytes]).toEqual([4096, 5]);
  });

  test("count processes and threads, have the longest wait, and are about no single task", () => {
    const rows = [
      row({ tid: 1, cgroup: "/a.service", blockedNs: 3e9, count: 4 }),
      row({ tid: 2, cgroup: "/a.service", blockedNs: null }),
      row({ tid: 3, cgroup: "/b.service", elapsedNs: 9e9 }),
    ];
    const [a, b] = groupRows(rows, "unit");
    expect(a!.task.comm).toBe("a.service");
    expect([taskCountOf(a!), a!.count, a!.blockedNs]).toEqual([2, 5, 3e9]);
    expect([taskCountOf(b!), standsForMany(b!)]).toEqual([1, true]);
    expect(isGroupKey(a!.task.key)).toBe(true);
    expect(a!.task.key).toBe(groupKeyOf(rows[0]!.task, "unit"));
    expect(isGroupKey(rows[0]!.task.key)).toBe(false);
  });

  test("show a container by its short id", () => {
    const id = "9f86d081884c".padEnd(64, "0");
    const inside = row({ tid: 1, cgroup: `/docker/${id}` });
    const names = (kind: "unit" | "container") =>
      groupRows([inside, row({ tid: 2 })], kind).map(({ task }) => task.comm);
    expect(names("container")).toEqual(["9f86d081884c", "-"]);
    expect(names("unit")).toEqual(["9f86d081884c", "system"]);
  });
});

describe("what groups have done since", () => {
  const exit = { code: 0, signal: 0 };

  test("has what ended tasks did, and groups that are gone", () => {
    const tally = new GroupTally("user");
    tally.add(
      makeSample({
        threads: [row({ tid: 1, user: "ann", readBytes: 8, exit })],
      }),
    );
    const idle = row({ tid: 2, user: "bob" });
    tally.add(makeSample({ threads: [idle] }));
    const rows = groupRows([idle], "user", tally);
    const since = (user: string): TaskDelta =>
      rows.find(({ task }) => task.user === user)!;
    expect(since("ann").since.readBytes).toBe(8);
    expect(since("ann").readBytes).toBeNull();
    expect(known(since("bob").since)).toEqual(known(IDLE));
  });

  test("adds up to what the host did, however many names there are", () => {
    const tally = new GroupTally("comm");
    let bytes = 0;
    for (let seq = 1; seq <= 3; seq++) {
      const threads = Array.from({ length: 1500 }, (_, i) =>
        row({ tid: 1 + i, comm: `n${seq}-${i}`, readBytes: i }),
      );
      tally.add(makeSample({ seq, threads }));
      for (const { readBytes } of threads) bytes += readBytes!;
    }
    const names = [...tally.names];
    expect(names.length).toBeLessThanOrEqual(2500);
    const sums = names.map((name) => tally.sinceOf(name)!.readBytes!);
    expect(sums.reduce((a, b) => a + b)).toBe(bytes);
  });
});
