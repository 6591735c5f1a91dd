import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  DIALECTS,
  encodeLine,
  type Metric,
} from "../../../outputs/statsd/lines.ts";
import { Meter, type MeterOptions } from "../../../outputs/statsd/meter.ts";
import { GROUP_KINDS, OTHER } from "../../../src/model/groups.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { samplesArbitrary } from "../../support/arbitrary-samples.ts";
import { makeSample, row } from "../../support/samples.ts";

const OPTIONS: MeterOptions = { kind: "comm", maxGroups: 100, dialect: "none" };

function linesOf(samples: readonly Sample[], options = OPTIONS): string[][] {
  const meter = new Meter(options);
  const { dialect, kind } = options;
  const naming = { prefix: "i", host: null, dialect, kind: kind ?? "none" };
  return samples.map((sample) =>
    meter.read(sample).map((metric) => encodeLine(metric, naming)),
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
      health: { denied: 3 },
    });
    expect(linesOf([sample])).toEqual([
      [
        "i.tasks.read_bytes:0|c",
        "i.tasks.write_bytes:0|c",
        "i.tasks.count:0|g",
        "i.tasks.unreadable:3|g",
      ],
    ]);
  });

  test("leave out what only a damaged recording holds", () => {
    const host = { readBytes: -5, writeBytes: 1.5, cancelledBytes: 2 ** 60 };
    const lines = linesOf([makeSample({ host })])[0]!.join("\n");
    expect(lines).not.toMatch(/tasks\.(read|write|cancelled_write)_bytes/);
  });

  test("name a group from the sample after its first", () => {
    const threads = [
      row({ tid: 1, comm: "a b", readBytes: 1024, ioWaitNs: 2_600_000 }),
      row({ tid: 2, comm: "a-b", writeBytes: 2048, cancelledBytes: 512 }),
    ];
    const sample = makeSample({ threads });
    const [first, second] = linesOf([sample, sample]);
    expect(first!.slice(-4)).toEqual([
      "i.comm._other.read_bytes:1024|c",
      "i.comm._other.write_bytes:2048|c",
      "i.comm._other.cancelled_write_bytes:512|c",
      "i.comm._other.io_delay_ms:2|c",
    ]);
    expect(second!.slice(-4)).toEqual([
      "i.comm.a_b.read_bytes:1024|c",
      "i.comm.a_b.write_bytes:2048|c",
      "i.comm.a_b.cancelled_write_bytes:512|c",
      "i.comm.a_b.io_delay_ms:2|c",
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
    expect(lines[1]).toHaveLength(11);
  });
});

test("over any run, each series is there once, and the groups sum to the totals in every sample", () => {
  const options = fc.record({
    kind: fc.constantFrom(...GROUP_KINDS),
    maxGroups: fc.integer({ min: 0, max: 6 }),
    dialect: fc.constantFrom(...DIALECTS),
  });
  const key = ({ scope, field, group }: Metric) => `${scope} ${field} ${group}`;
  fc.assert(
    fc.property(samplesArbitrary, options, (samples, chosen) => {
      const meter = new Meter(chosen);
      const labels = new Set<string>();
      for (const sample of samples) {
        const metrics = meter.read(sample);
        expect(new Set(metrics.map(key)).size).toBe(metrics.length);
        for (const { group } of metrics)
          if (group !== null && group !== OTHER) labels.add(group);
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
      }
      expect(labels.size).toBeLessThanOrEqual(chosen.maxGroups);
    }),
  );
});
