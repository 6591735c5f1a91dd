import { describe, expect, setDefaultTimeout, test } from "bun:test";
import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import jsonl from "../../outputs/jsonl.ts";
import schema from "../../outputs/jsonl.schema.json";
import { toCgroupRecord } from "../../src/model/record/cgroup-record.ts";
import { toFileRecord } from "../../src/model/record/file-record.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { View } from "../../src/model/view/view.ts";
import { samplesArbitrary } from "../support/runs/arbitrary-samples.ts";
import { makeContext } from "../support/context.ts";
import { HOW_TO_WRITE, fillSchema } from "../support/counter-schema.ts";
import { cgroupDelta, fileDelta, makeSample, row } from "../support/samples.ts";

setDefaultTimeout(120_000);

const validate = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  formats: { "date-time": true },
}).compile(schema);

function expectValid(line: string): void {
  validate(JSON.parse(line));
  expect(validate.errors).toBeNull();
}

async function lines(
  samples: readonly Sample[],
  all = false,
  view: Partial<View> = {},
): Promise<string[]> {
  const ctx = makeContext(view);
  const output = jsonl.create({ all, shape: "sample", cmdline: undefined });
  for (const sample of samples) await output.write(sample, ctx);
  for (const text of ctx.printed) expect(text).toMatch(/^\{.*\}\n$/);
  return ctx.printed.map((text) => text.trimEnd());
}

const sample = makeSample({
  threads: [
    row({ tid: 5, writeBytes: 1024, exit: { code: null, signal: null } }),
    row({ tid: 6, ioPriority: null, cgroup: null, cmdline: null }),
    row({ tid: 7, comm: "\x1b[2J\n", readBytes: 512 }),
  ],
});

test("one whole line a print, listing the busy tasks, or all", async () => {
  const tids = (line: string) =>
    JSON.parse(line).tasks.map((task: { tid: number }) => task.tid);
  const [busy] = await lines([sample]);
  expect(tids(busy!)).toEqual([5, 7]);
  const [all] = await lines([sample], true);
  expect(tids(all!)).toEqual([5, 6, 7]);
  const [one] = await lines([sample], true, { pids: [6] });
  expect(tids(one!)).toEqual([6]);
  expect(await lines([sample, sample, makeSample()])).toHaveLength(3);
});

describe("the schema", () => {
  test("has the counters as they are declared, in the order of a line", () => {
    if (JSON.stringify(fillSchema(schema)) !== JSON.stringify(schema))
      throw new Error(`the schema differs from the code: run ${HOW_TO_WRITE}`);
  });

  test("accepts every line that is written", async () => {
    const unknown = makeSample({
      origin: { accounting: "procfs", delayAccounting: false },
      host: { pressure: null, diskReadBytes: null, diskWriteBytes: null },
      health: { denied: 4, exitEvents: false },
    });
    const withFiles = makeSample({
      files: [
        fileDelta(),
        fileDelta({ pid: null, processKey: null, comm: null, path: null }),
        fileDelta({ kind: "not-attributed", readBytes: -1, inode: null }),
      ],
    });
    const withCgroups = makeSample({
      cgroups: [cgroupDelta("/a", 5), cgroupDelta("/b", null)],
    });
    const all = [sample, makeSample(), unknown, withFiles, withCgroups];
    for (const line of await lines(all, true)) expectValid(line);
    await fc.assert(
      fc.asyncProperty(
        samplesArbitrary,
        fc.boolean(),
        async (samples, processes) => {
          for (const line of await lines(samples, true, { processes }))
            expectValid(line);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("requires every key that is written and names no other", async () => {
    const [line] = await lines([sample]);
    const written = JSON.parse(line!);
    // All keys are always there but these, which have to be asked for.
    const { files, cgroups, ...properties } = schema.properties;
    expect(files.items.$ref).toBe("#/$defs/file");
    expect(cgroups.items.$ref).toBe("#/$defs/cgroup");
    const places: [object, { required: string[]; properties: object }][] = [
      [written, { ...schema, properties }],
      [toFileRecord(fileDelta()), schema.$defs.file],
      [toCgroupRecord(cgroupDelta("/a")), schema.$defs.cgroup],
      [written.disk, properties.disk],
      [written.total, properties.total],
      [written.other, properties.other],
      [written.pressure, properties.pressure],
      [written.health, properties.health],
      [written.tasks[0], schema.$defs.task],
    ];
    for (const [object, { required, properties: named }] of places) {
      expect(required).toEqual(Object.keys(object));
      expect(Object.keys(named)).toEqual(required);
    }
  });

  test.each<[string, (line: any) => void]>([
    ["a missing key", (line) => delete line.tasks[0].cgroup],
    ["a number as text", (line) => (line.tasks[0].read_bytes = "1")],
    ["a negative counter", (line) => (line.other.read_bytes = -1)],
    ["a fraction of a byte", (line) => (line.total.read_bytes = 0.5)],
    ["another schema", (line) => (line.schema = "iotop.sample/2")],
    ["a local time", (line) => (line.time = "2026-11-23 03:27:28")],
  ])("refuses %s", async (_, spoil) => {
    const [line] = await lines([sample]);
    const spoiled = JSON.parse(line!);
    spoil(spoiled);
    expect(validate(spoiled)).toBe(false);
  });

  test("lets the format grow", async () => {
    const [line] = await lines([sample]);
    const grown = JSON.parse(line!);
    grown.new_key = 1;
    grown.tasks[0].new_key = 1;
    expect(validate(grown)).toBe(true);
  });
});
