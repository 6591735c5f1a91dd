import { describe, expect, test, setDefaultTimeout } from "bun:test";
import type { DeviceDelta, Sample } from "../../../../src/model/sample.ts";
import { device, makeSample, row } from "../../../support/samples.ts";
import { framesOf, titleRowOf } from "../../../support/screen/screen-frames.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

const MIB = 1024 * 1024;
const BUSY: Partial<DeviceDelta> = {
  readBytes: 34 * MIB,
  writeBytes: 6.31 * MIB,
  reads: 1120,
  writes: 82,
  readNs: 0.112e9,
  writeNs: 0.033e9,
  busyNs: 0.12e9,
  queueNs: 0.3e9,
};
const sampleOf = (
  devices: readonly DeviceDelta[] | null,
  fields: { diskWriteBytes?: number; writeBytes?: number } = {},
): Sample =>
  makeSample({
    threads: [row({ tid: 1, writeBytes: fields.writeBytes ?? 0 })],
    host: { devices, diskWriteBytes: fields.diskWriteBytes ?? 0 },
  });
const linesOf = async (
  columns: number,
  samples: readonly Sample[],
): Promise<readonly string[]> => {
  const lines = (await framesOf({ columns, rows: 24 }, samples)).at(-1)!;
  return lines.slice(2, titleRowOf(lines) - 1);
};

describe("the line of a disk", () => {
  test.each([
    [
      80,
      " vda  read 34.0M/s 1.12k/s 0.1ms   write 6.31M/s    82/s 0.4ms   queue 0.3   12%",
    ],
    [60, " vda  read 34.0M/s 1.12k/s   write 6.31M/s    82/s   12%"],
  ])("in %d columns", async (columns, line) => {
    expect(await linesOf(columns, [sampleOf([device(BUSY)])])).toEqual([line]);
  });

  test("says less where there is less room, and cuts no figure", async () => {
    await using screen = await ScreenHarness.open({
      columns: 40,
      rows: 24,
      view: { kilobytes: true },
    });
    await screen.show(sampleOf([device(BUSY)]));
    for (let columns = 40; columns <= 140; columns++) {
      const line = (await screen.resize(columns, 24))[2]!;
      expect(line).toMatch(/ read +34816K\/s.* write +6462K\/s/);
      if (columns >= 48) expect(line).toMatch(/ 12%$/);
    }
  });

  test("of one at rest has no mean time, and an unknown figure is ?", async () => {
    const [rest] = await linesOf(80, [sampleOf([device()])]);
    expect(rest).toMatch(/read +0 +0 +- +write +0 +0 +- +queue +0 +0%$/);
    const unknown = device({ busyNs: null, reads: null, queueNs: null });
    const [line] = await linesOf(80, [sampleOf([unknown])]);
    expect(line).toMatch(/read +0 +\? +\? .* queue +\? +\?$/);
  });

  test("is missing where devices are unknown, and in low windows", async () => {
    expect(await linesOf(80, [sampleOf(null)])).toEqual([]);
    const frames = await framesOf({ columns: 80, rows: 15 }, [
      sampleOf([device(BUSY)]),
    ]);
    expect(frames[0]!.join("\n")).not.toContain("vda");
  });
});

test("the busiest disk has the line, and d shows all, or none", async () => {
  const sample = sampleOf([
    device({ name: "loop0", kind: "loop", isPhysical: false, busyNs: 9e8 }),
    device({ name: "sda", busyNs: 1e8 }),
    device({ name: "sda1", kind: "partition", isPhysical: false, busyNs: 9e8 }),
    device({ name: "sdb", busyNs: 4e8 }),
    device({
      name: "dm-0",
      label: "vg-root",
      kind: "stacked",
      isPhysical: false,
    }),
  ]);
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  await screen.show(sample);
  const names = () =>
    screen
      .lines()
      .slice(2, titleRowOf(screen.lines()) - 1)
      .map((line) => line.trim().split(" ")[0]);
  expect(names()).toEqual(["sdb"]);
  await screen.type("d");
  expect(names()).toEqual(["sda", "sdb", "vg-root"]);
  await screen.type("d");
  expect(names()).toEqual([]);
});

test("two disks of about one load do not take turns", async () => {
  const between = (a: number, b: number) =>
    sampleOf([
      device({ name: "sda", busyNs: a * 1e9 }),
      device({ name: "sdb", busyNs: b * 1e9 }),
    ]);
  const frames = await framesOf({ columns: 80, rows: 24 }, [
    between(0.5, 0.4),
    between(0.4, 0.5),
    between(0.3, 0.5),
  ]);
  for (const lines of frames) expect(lines[2]).toStartWith(" sda ");
  const later = Array.from({ length: 12 }, () => between(0, 0.9));
  expect((await linesOf(80, [between(0.5, 0.4), ...later]))[0]).toStartWith(
    " sdb ",
  );
});

test("what disks move beyond what tasks asked for is said after three samples", async () => {
  const sample = sampleOf([device(BUSY)], {
    diskWriteBytes: 134 * MIB,
    writeBytes: 16 * MIB,
  });
  const at = async (...samples: readonly Sample[]) =>
    (await linesOf(120, samples))[0]!;
  expect(await at(sample, sample)).not.toContain("not by tasks");
  expect(await at(sample, sample, sample)).toEndWith(
    "   not by tasks: write +118M/s",
  );
  const even = sampleOf([device(BUSY)], {
    diskWriteBytes: 16 * MIB,
    writeBytes: 16 * MIB,
  });
  expect(await at(sample, sample, even)).not.toContain("not by tasks");
});
