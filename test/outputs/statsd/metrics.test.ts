import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  DIALECTS,
  encodeLine,
  type Metric,
} from "../../../outputs/statsd/lines.ts";
import {
  SampleMetrics,
  type MetricsOptions,
} from "../../../outputs/statsd/metrics.ts";
import { GROUP_KINDS } from "../../../src/model/groups/group-name.ts";
import { OTHER_GROUP } from "../../../src/model/groups/groups.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import { device, makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const OPTIONS: MetricsOptions = {
  kind: "comm",
  maxGroups: 100,
  dialect: "none",
};

function linesOf(samples: readonly Sample[], options = OPTIONS): string[][] {
  const sampleMetrics = new SampleMetrics(options);
  const { dialect } = options;
  const naming = { prefix: "i", host: null, dialect };
  return samples.map((sample) =>
    sampleMetrics.read(sample).map((metric) => encodeLine(metric, naming)),
  );
}

describe("the metrics of a sample", () => {
  test("are all totals, also when nothing happened", () => {
    expect(linesOf([makeSample()])).toEqual([
      [
        "i.disk.read_bytes:0|c",
        "i.disk.write_bytes:0|c",
        "i.tasks.read_bytes:0|c",
        "i.tasks.write_bytes:0|c",
        "i.tasks.cancelled_write_bytes:0|c",
        "i.tasks.io_delay_ms:0|c",
        "i.tasks.swapin_delay_ms:0|c",
        "i.tasks.ended:0|c",
        "i.health.lost_exit_events:0|c",
        "i.tasks.count:0|g",
        "i.tasks.unreadable:0|g",
        "i.pressure.some_ratio:0|g",
        "i.pressure.full_ratio:0|g",
      ],
    ]);
  });

  test("leave out what is unknown", () => {
    const sample = makeSample({
      host: {
        diskReadBytes: null,
        diskWriteBytes: null,
        pressure: null,
        ioWaitNs: null,
        swapWaitNs: null,
        cancelledBytes: null,
      },
    });
    expect(linesOf([sample])).toEqual([
      [
        "i.tasks.read_bytes:0|c",
        "i.tasks.write_bytes:0|c",
        "i.tasks.ended:0|c",
        "i.health.lost_exit_events:0|c",
        "i.tasks.count:0|g",
        "i.tasks.unreadable:0|g",
      ],
    ]);
  });

  test("leave out sums that lack tasks which could not be read", () => {
    const sample = makeSample({
      threads: [
        row({ tid: 1, comm: "mine", readBytes: 4096 }),
        row({ tid: 2, comm: "small", readBytes: 512 }),
      ],
      health: { denied: 3 },
    });
    const options = { ...OPTIONS, maxGroups: 1 };
    const lines = linesOf([sample], options)[0]!;
    expect(lines.filter((line) => /tasks|comm/.test(line))).toEqual([
      "i.tasks.ended:0|c",
      "i.tasks.count:2|g",
      "i.tasks.unreadable:3|g",
      "i.comm.mine.read_bytes:4096|c",
    ]);
  });

  test("leave out how many tasks are hidden, where it is unknown", () => {
    const lines = linesOf([makeSample({ health: { denied: null } })])[0]!;
    expect(lines.join("\n")).not.toContain("unreadable");
  });

  test("leave out what only a damaged recording holds", () => {
    const host = { readBytes: -5, writeBytes: 1.5, cancelledBytes: 2 ** 60 };
    const lines = linesOf([makeSample({ host })])[0]!.join("\n");
    expect(lines).not.toMatch(/tasks\.(read|write|cancelled_write)_bytes/);
  });

  test("leave out gauges that are nobody's state", () => {
    const pressure = { someRatio: 1e308, fullRatio: 0.25 };
    const host = { pressure, tasks: 1e300 };
    const lines = linesOf([makeSample({ host })])[0]!;
    expect(lines.filter((line) => line.endsWith("|g"))).toEqual([
      "i.tasks.unreadable:0|g",
      "i.pressure.full_ratio:0.2500|g",
    ]);
  });

  test("name a group in its first sample", () => {
    const threads = [
      row({ tid: 1, comm: "a b", readBytes: 1024, ioWaitNs: 2_600_000 }),
      row({ tid: 2, comm: "a-b", writeBytes: 2048, cancelledBytes: 512 }),
    ];
    const sample = makeSample({ threads });
    const expected = [
      "i.comm.a_b.read_bytes:1024|c",
      "i.comm.a_b.write_bytes:2048|c",
      "i.comm.a_b.cancelled_write_bytes:512|c",
      "i.comm.a_b.io_delay_ms:2|c",
    ];
    const [first, second] = linesOf([sample, sample]);
    expect(first!.slice(13)).toEqual(expected);
    // 0.6 ms were owed.
    expect(second!.slice(13)).toEqual([
      ...expected.slice(0, -1),
      "i.comm.a_b.io_delay_ms:3|c",
    ]);
  });

  test("name a big group though 500 others have taken the names before it", () => {
    const small = Array.from({ length: 500 }, (_, n) => [
      row({ tid: n + 1, comm: `once${n}`, writeBytes: 4096 }),
    ]);
    const big = [row({ tid: 999, comm: "bigone", writeBytes: 2 ** 30 })];
    const samples = [...small, big, big].map((threads) =>
      makeSample({ threads }),
    );
    for (const lines of linesOf(samples).slice(500))
      expect(lines.slice(13)).toEqual([
        "i.comm.bigone.write_bytes:1073741824|c",
      ]);
  });

  test("begin with 0 for every unit, user, cgroup or container that lives", () => {
    const exit = { code: 0, signal: 0 };
    const sample = makeSample({
      threads: [
        row({ tid: 1, cgroup: "/system.slice/idle.service" }),
        row({ tid: 2, cgroup: "/system.slice/db.service", readBytes: 512 }),
        row({ tid: 3, cgroup: "/system.slice/gone.service", exit }),
      ],
      host: { cancelledBytes: null },
    });
    const options = { ...OPTIONS, kind: "unit" } as const;
    const [first, second] = linesOf([sample, sample], options);
    const busy = ["i.unit.db_service.read_bytes:512|c"];
    const ended = ["i.unit._other.ended:1|c"];
    expect(first!.slice(12)).toEqual([
      "i.unit.idle_service.read_bytes:0|c",
      "i.unit.idle_service.write_bytes:0|c",
      "i.unit.idle_service.io_delay_ms:0|c",
      ...busy,
      ...ended,
    ]);
    expect(second!.slice(12)).toEqual([...busy, ...ended]);
  });

  test("of disks are there where they did something, without those that lie on others", () => {
    const sample = makeSample({
      host: {
        devices: [
          device({ readBytes: 512, reads: 1, readNs: 1_600_000, inFlight: 3 }),
          device({ name: "sda", writeBytes: 4096, writes: 1, busyNs: null }),
          device({ name: "dm-0", isPhysical: false, readBytes: 512 }),
          device({ name: "cciss!c0d0", busyNs: 2_000_000, queueNs: 4_000_000 }),
        ],
      },
    });
    const [first, second] = linesOf([sample, sample]);
    expect(first!.slice(13)).toEqual([
      "i.device.vda.read_bytes:512|c",
      "i.device.vda.reads:1|c",
      "i.device.vda.read_time_ms:1|c",
      "i.device.sda.write_bytes:4096|c",
      "i.device.sda.writes:1|c",
      "i.device.cciss_c0d0.queue_time_ms:4|c",
      "i.device.cciss_c0d0.busy_ms:2|c",
    ]);
    // 0.6 ms were owed.
    expect(second).toContain("i.device.vda.read_time_ms:2|c");
  });

  test("name containers by the first digits of their ids", () => {
    const ids = ["9f86d081884c7d65", "a3bf4f1b2b0b822c"].map((head) =>
      head.repeat(4),
    );
    const threads = ids.map((id, n) =>
      row({ tid: n + 1, cgroup: `/docker/${id}`, readBytes: n + 1 }),
    );
    const [lines] = linesOf([makeSample({ threads })], {
      ...OPTIONS,
      kind: "cgroup",
    });
    expect(lines!.slice(13).sort()).toEqual([
      "i.cgroup.docker_9f86d081884c.read_bytes:1|c",
      "i.cgroup.docker_a3bf4f1b2b0b.read_bytes:2|c",
    ]);
  });

  test("owe what a name that was taken away is owed to the remainder", () => {
    const waits = (comm: string, readBytes: number) =>
      makeSample({
        threads: [row({ tid: 1, comm, readBytes, ioWaitNs: 600_000 })],
      });
    const samples = [waits("a", 1), waits("b", 2), waits("c", 4)];
    const lines = linesOf([...samples, makeSample()], {
      ...OPTIONS,
      maxGroups: 1,
    });
    expect(lines.flat().filter((line) => /comm.*delay/.test(line))).toEqual([
      "i.comm._other.io_delay_ms:1|c",
    ]);
  });

  test("keep the fractions of milliseconds of each series", () => {
    const threads = [row({ tid: 1, comm: "dd", ioWaitNs: 400_000 })];
    const samples = Array.from({ length: 11 }, () => makeSample({ threads }));
    const lines = linesOf(samples).flat();
    const sum = (name: string): number =>
      lines
        .filter((line) => line.startsWith(`${name}:`))
        .map((line) => Number(/:(\d+)\|c/.exec(line)![1]))
        .reduce((a, b) => a + b, 0);
    expect(sum("i.tasks.io_delay_ms")).toBe(4);
    expect(sum("i.comm.dd.io_delay_ms")).toBe(4);
    expect(sum("i.comm._other.io_delay_ms")).toBe(0);
  });

  test("are totals alone without groups", () => {
    const threads = [row({ tid: 1, readBytes: 1024 })];
    const sample = makeSample({ threads });
    const lines = linesOf([sample, sample], { ...OPTIONS, kind: null });
    expect(lines[1]).toHaveLength(13);
  });
});

test("over any run, each series is there once, and the groups sum to the totals in every sample", () => {
  const options = fc.record({
    kind: fc.constantFrom(...GROUP_KINDS),
    maxGroups: fc.integer({ min: 0, max: 6 }),
    dialect: fc.constantFrom(...DIALECTS),
  });
  const key = ({ scope, field, of }: Metric) => `${scope} ${field} ${of}`;
  fc.assert(
    fc.property(samplesArbitrary, options, (samples, chosen) => {
      const sampleMetrics = new SampleMetrics(chosen);
      for (const sample of samples) {
        const labels = new Set<string>();
        const metrics = sampleMetrics.read(sample);
        expect(new Set(metrics.map(key)).size).toBe(metrics.length);
        for (const { scope, of } of metrics)
          if (scope === "group" && of![1] !== OTHER_GROUP) labels.add(of![1]);
        for (const [field, counter] of [
          ["read_bytes", "readBytes"],
          ["write_bytes", "writeBytes"],
          ["cancelled_write_bytes", "cancelledBytes"],
        ] as const) {
          const sum = metrics
            .filter((one) => one.scope === "group" && one.field === field)
            .reduce((total, { value }) => total + value, 0);
          expect(sum).toBe(sample.host[counter] ?? 0);
        }
        expect(labels.size).toBeLessThanOrEqual(chosen.maxGroups);
      }
    }),
  );
});

test("ended processes are counted by group, and the groups make the total", () => {
  const exit = { code: 0, signal: 0 };
  const threads = [
    ...[1, 2, 3].map((tid) => row({ tid, comm: "dd", readBytes: 1, exit })),
    // One thread of a process that goes on.
    row({ tid: 4, comm: "db", readBytes: 1 }),
    row({ tid: 5, pid: 4, comm: "pool", exit }),
    // They did nothing, so that they have no name.
    ...[6, 7].map((tid) => row({ tid, comm: "true", exit })),
  ];
  const [lines] = linesOf([makeSample({ threads, health: { lostExits: 3 } })]);
  expect(lines!.filter((line) => /ended|lost/.test(line))).toEqual([
    "i.tasks.ended:5|c",
    "i.health.lost_exit_events:3|c",
    "i.comm.dd.ended:3|c",
    "i.comm._other.ended:2|c",
  ]);
});
