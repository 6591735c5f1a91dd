import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { familiesOf } from "../../../outputs/prometheus/families.ts";
import { encodeFamilies } from "../../../outputs/prometheus/exposition.ts";
import {
  RunningSums,
  EXPOSED,
  type ExposedCounter,
} from "../../../outputs/prometheus/running-sums.ts";
import {
  GROUP_KINDS,
  type DeviceDelta,
  type Sample,
} from "../../../src/model/index.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import {
  parseExposition,
  valuesOf,
} from "../../support/servers/exposition-parser.ts";
import { device, makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const MINUTE_NS = 60e9;

function sumsOf(
  samples: readonly Sample[],
  kind: (typeof GROUP_KINDS)[number] | null = "comm",
  maxGroups = 100,
): RunningSums {
  const sums = new RunningSums({ kind, maxGroups });
  for (const sample of samples) sums.add(sample);
  return sums;
}

const amountsOf = (sums: RunningSums, counter: ExposedCounter) =>
  Object.fromEntries(
    sums.groups.map(({ label, amounts }) => [label, amounts.get(counter)]),
  );

const wrote = (tid: number, comm: string, writeBytes: number) =>
  row({ tid, comm, writeBytes });

test("groups, what has no name and what has lost it make up the totals, at every sample", () => {
  fc.assert(
    fc.property(
      samplesArbitrary,
      fc.constantFrom(...GROUP_KINDS),
      fc.integer({ min: 0, max: 4 }),
      fc.boolean(),
      (samples, kind, maxGroups, isSlow) => {
        const sums = new RunningSums({ kind, maxGroups });
        const before = new Map<string, bigint>();
        for (const sample of samples) {
          sums.add(isSlow ? makeSlow(sample) : sample);
          for (const counter of EXPOSED) {
            const parts = [
              ...sums.groups.map(({ amounts }) => amounts.get(counter)),
              sums.retired.get(counter),
            ].filter((part) => part !== undefined);
            expect(parts.reduce((a, b) => a + b, 0n)).toBe(
              sums.totals.get(counter) ?? 0n,
            );
          }
          const labels = sums.groups.map(({ label }) => label);
          expect(new Set(labels).size).toBe(labels.length);
          expect(labels.length).toBeLessThanOrEqual(maxGroups + 1);
          // The remainder never goes down, whoever gets or loses a name.
          for (const counter of EXPOSED) {
            const now = sums.groups.at(-1)!.amounts.get(counter) ?? 0n;
            expect(now >= (before.get(counter) ?? 0n)).toBe(true);
            before.set(counter, now);
          }
          const living = sums.groups.reduce((n, { tasks }) => n + tasks, 0);
          expect(living).toBe(sample.host.tasks);
        }
      },
    ),
  );
});

/** So long that a group that rests loses its name. */
const makeSlow = (sample: Sample): Sample =>
  makeSample({
    seq: sample.seq,
    threads: sample.threads,
    intervalNs: 10 * MINUTE_NS,
  });

describe("a name", () => {
  test("is there in the first sample in which something happens", () => {
    const sums = sumsOf([makeSample({ threads: [wrote(1, "dd", 4096)] })]);
    expect(amountsOf(sums, "writeBytes")).toEqual({ dd: 4096n, _other: 0n });
  });

  test("of a unit is there from the beginning, at 0; that of an idle program is not", () => {
    const threads = [
      row({ tid: 1, comm: "sshd", cgroup: "/system.slice/ssh.service" }),
    ];
    const ofUnits = sumsOf([makeSample({ threads })], "unit");
    expect(amountsOf(ofUnits, "writeBytes")).toEqual({
      "ssh.service": 0n,
      _other: 0n,
    });
    expect(amountsOf(sumsOf([makeSample({ threads })]), "writeBytes")).toEqual({
      _other: 0n,
    });
  });

  test("is kept for ten minutes; what its group did moves to no other name", () => {
    const small = makeSample({ seq: 1, threads: [wrote(1, "a", 10)] });
    const big = (seq: number, intervalNs: number) =>
      makeSample({ seq, intervalNs, threads: [wrote(2, "b", 1000)] });
    const sums = sumsOf([small, big(2, 9 * MINUTE_NS)], "comm", 1);
    expect([sums.takeNotice(), sums.takeNotice()]).toEqual([
      expect.stringContaining("all 1 names"),
      null,
    ]);
    expect(amountsOf(sums, "writeBytes")).toEqual({ a: 10n, _other: 1000n });
    sums.add(big(3, MINUTE_NS));
    expect(amountsOf(sums, "writeBytes")).toEqual({ b: 1000n, _other: 1000n });
    expect(sums.retired.get("writeBytes")).toBe(10n);
  });

  test("that cannot be shown shares a series with another such name", () => {
    const threads = [wrote(1, "a\x01", 10), wrote(2, "a\x02", 5)];
    const sums = sumsOf([makeSample({ threads })]);
    expect(amountsOf(sums, "writeBytes")).toEqual({
      "a\ufffd": 15n,
      _other: 0n,
    });
  });
});

test("ended processes are counted by group, also where nothing was read or written", () => {
  const exit = { code: 0, signal: 0 };
  const threads = [
    wrote(1, "dd", 10),
    row({ tid: 2, comm: "dd", exit }),
    row({ tid: 3, comm: "sh", exit }),
  ];
  const sums = sumsOf([
    makeSample({ threads }),
    makeSample({ seq: 2, threads }),
  ]);
  expect(
    sums.groups.map(({ label, endedTasks, tasks }) => [
      label,
      endedTasks,
      tasks,
    ]),
  ).toEqual([
    ["dd", 2n, 1],
    ["_other", 2n, 0],
  ]);
});

test("sums do not lose the last digits", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const threads = [row({ tid: 1, comm: "dd", ioWaitNs: most })];
  const samples = [1, 2, 3].map((seq) => makeSample({ seq, threads }));
  expect(sumsOf(samples).totals.get("ioWaitNs")).toBe(3n * BigInt(most));
});

test("what a damaged recording holds is not added", () => {
  for (const writeBytes of [-1, 0.5, 1e300]) {
    const sums = sumsOf([
      makeSample({ threads: [wrote(1, "a", 7)] }),
      makeSample({ seq: 2, threads: [wrote(1, "a", writeBytes)] }),
    ]);
    expect(sums.totals.get("writeBytes")).toBe(7n);
  }
});

test("a gap in the numbers is samples that were merged", () => {
  const samples = [5, 6, 9].map((seq) => makeSample({ seq }));
  const sums = sumsOf(samples);
  expect([sums.samples, sums.merged]).toEqual([3n, 2n]);
});

describe("families", () => {
  const about = { version: "1.2.3", kind: "comm", hasCreated: false };

  test("that are unknown are absent; there are none before the first sample", () => {
    expect(familiesOf(sumsOf([]), about)).toEqual([]);
    const sample = makeSample({
      threads: [
        row({
          tid: 1,
          comm: "a",
          writeBytes: 1,
          ioWaitNs: null,
          swapWaitNs: null,
        }),
      ],
      host: { diskReadBytes: null },
      health: { lostExits: 2 },
    });
    const text = encodeFamilies(familiesOf(sumsOf([sample]), about), "text");
    const parsed = parseExposition(text);
    expect(text).not.toContain("delay");
    expect(text).not.toContain("disk_read");
    expect(valuesOf(parsed, "iotop_lost_exit_events_total").get("")).toBe("2");
    expect(valuesOf(parsed, "iotop_group_write_bytes_total")).toEqual(
      new Map([
        ["a", "1"],
        ["_other", "0"],
      ]),
    );
    expect(valuesOf(parsed, "iotop_build_info").get("1.2.3,taskstats")).toBe(
      "1",
    );
  });

  test("lack sums of all tasks where some could not be read", () => {
    const sample = makeSample({
      threads: [wrote(1, "mine", 4096)],
      health: { denied: null },
    });
    const text = encodeFamilies(familiesOf(sumsOf([sample]), about), "text");
    const parsed = parseExposition(text);
    expect(text).not.toContain("unreadable");
    expect(text).not.toContain("iotop_tasks_write");
    expect(valuesOf(parsed, "iotop_group_write_bytes_total")).toEqual(
      new Map([["mine", "4096"]]),
    );
  });

  test("of disks are sums of those that lie on no other, for as long as they were there", () => {
    const disk = device({ readBytes: 512, reads: 2, busyNs: 1_500_000_000 });
    const sum = (seq: number, devices: readonly DeviceDelta[] | null) =>
      makeSample({ seq, host: { devices } });
    const sums = sumsOf([
      sum(1, [disk, device({ name: "dm-0", isPhysical: false })]),
      sum(2, [disk, device({ name: "sda", reads: null, writeBytes: 7 })]),
      sum(3, null),
    ]);
    const text = encodeFamilies(familiesOf(sums, about), "openmetrics");
    const parsed = parseExposition(text);
    const values = (name: string) =>
      Object.fromEntries(valuesOf(parsed, `iotop_device_${name}_total`));
    expect([
      values("read_bytes"),
      values("write_bytes"),
      values("reads"),
      values("busy_seconds"),
    ]).toEqual([
      { sda: "0", vda: "1024" },
      { sda: "7", vda: "0" },
      { vda: "4" },
      { sda: "0", vda: "3" },
    ]);
  });

  test("of a disk go with it, and begin anew if it comes back; the sums of all disks stay", () => {
    const stays = device({ name: "sda", writeBytes: 7 });
    const goes = device({ name: "sdb", writeBytes: 512 });
    const at = (seq: number, devices: readonly DeviceDelta[] | null) =>
      makeSample({
        seq,
        timeMs: seq * 1000,
        host: { devices, diskWriteBytes: 1000 },
      });
    const sums = new RunningSums({ kind: null, maxGroups: 0 });
    const seen = [
      [stays, goes],
      [stays, goes],
      // For once, it is not known which there are.
      null,
      [stays],
      [stays, goes],
    ].map((devices, at0) => {
      sums.add(at(at0 + 1, devices));
      const families = familiesOf(sums, { ...about, hasCreated: true });
      const parsed = parseExposition(encodeFamilies(families, "openmetrics"));
      const values = (name: string) =>
        Object.fromEntries(valuesOf(parsed, `iotop_${name}`));
      return [
        values("device_write_bytes_total"),
        values("device_write_bytes_created")["sdb"],
        values("disk_write_bytes_total")[""],
      ];
    });
    expect(seen).toEqual([
      [{ sda: "7", sdb: "512" }, "0", "1000"],
      [{ sda: "14", sdb: "1024" }, "0", "2000"],
      [{ sda: "14", sdb: "1024" }, "0", "3000"],
      [{ sda: "21" }, undefined, "4000"],
      [{ sda: "28", sdb: "512" }, "4", "5000"],
    ]);
  });

  test("say when they began, if asked to: the begin of the sample with the name", () => {
    const samples = [
      makeSample({ timeMs: 10_000 }),
      makeSample({
        seq: 2,
        timeMs: 12_500,
        intervalNs: 2e9,
        threads: [wrote(1, "a", 1)],
      }),
    ];
    const text = encodeFamilies(
      familiesOf(sumsOf(samples), { ...about, hasCreated: true }),
      "openmetrics",
    );
    const parsed = parseExposition(text);
    expect(valuesOf(parsed, "iotop_group_write_bytes_created")).toEqual(
      new Map([
        ["a", "10.5"],
        ["_other", "9"],
      ]),
    );
    expect(valuesOf(parsed, "iotop_tasks_write_bytes_created").get("")).toBe(
      "9",
    );
    expect(valuesOf(parsed, "iotop_start_time_seconds").get("")).toBe("9");
  });
});
