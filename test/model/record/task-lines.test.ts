import { expect, setDefaultTimeout, test } from "bun:test";
import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import taskSchema from "../../../outputs/jsonl-task.schema.json";
import schema from "../../../outputs/jsonl.schema.json";
import { COUNTER_ENTRIES } from "../../../src/model/counters.ts";
import {
  RecordError,
  fromRecord,
  toRecord,
} from "../../../src/model/record/record.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { taskLines } from "../../../src/model/record/task-lines.ts";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import { makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const validate = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  formats: { "date-time": true },
})
  .addSchema(schema, "jsonl.schema.json")
  .compile(taskSchema);

const options = (all = false, cmdlineBytes?: number) => ({
  ...{ all, view: DEFAULT_VIEW },
  ...(cmdlineBytes === undefined ? {} : { cmdlineBytes }),
});
const read = (sample: Sample, all = false, cmdlineBytes?: number): any[] =>
  taskLines(sample, options(all, cmdlineBytes)).map((line) => JSON.parse(line));

const sample = makeSample({
  threads: [
    row({ tid: 5, writeBytes: 1024 }),
    row({ tid: 6 }),
    row({ tid: 7, comm: "\x1b[2J\n", readBytes: 512 }),
  ],
});

test("a line for the machine, then one for each listed task", () => {
  const [total, ...tasks] = read(sample);
  const { tasks: listed, ...whole } = toRecord(sample, options());
  const { schema: _, ...rest } = whole;
  expect(total).toMatchObject({ schema: "iotop.task/1", kind: "total" });
  for (const key of Object.keys(total).slice(2))
    expect({ [key]: total[key] }).toEqual({ [key]: (rest as any)[key] });
  const { time, time_ms, seq, interval_s, host, boot_id } = whole;
  const about = { time, time_ms, seq, interval_s, host, boot_id };
  expect(tasks).toEqual(
    listed.map((task) => ({
      ...{ schema: "iotop.task/1", kind: "task", ...about, ...task },
    })),
  );
  expect(Date.parse(time)).toBe(time_ms);
  expect(read(sample, true)).toHaveLength(4);
});

test("each line fits the schema, is short, and the sums are those of the machine", async () => {
  await fc.assert(
    fc.asyncProperty(samplesArbitrary, fc.boolean(), async (samples, all) => {
      for (const each of samples) {
        const lines = read(each, all);
        for (const line of lines) {
          validate(line);
          expect(validate.errors).toBeNull();
        }
        const [{ total, other }, ...tasks] = lines;
        for (const { key } of Object.values(COUNTER_ENTRIES)) {
          const sum = [other, ...tasks].reduce((a, b) => a + (b[key] ?? 0), 0);
          expect(sum).toBe(total[key] ?? 0);
        }
      }
    }),
  );
});

test("command lines are cut at 4096 bytes, at another length, or left out", () => {
  const long = makeSample({
    threads: [row({ tid: 5, writeBytes: 1024, cmdline: ["é".repeat(5000)] })],
  });
  const cmdline = (bytes?: number) => read(long, false, bytes)[1].cmdline;
  expect(cmdline()).toBe(`${"é".repeat(2048)}…`);
  expect(cmdline(5)).toBe("éé…");
  expect(cmdline(0)).toBeNull();
  expect(cmdline(Infinity)).toBe(`${"é".repeat(7000).slice(0, 5000)}`);
});

test("no line is longer than 16,000 bytes, whatever the names are", () => {
  for (const character of ["\x1b", "😀", "\u202e", "a", '"'])
    for (const cmdline of [null, [character.repeat(130_000)]])
      for (const cgroup of [null, `/${character.repeat(4000)}`]) {
        const threads = [
          row({ tid: 5, writeBytes: 1024, cmdline, cgroup, comm: character }),
        ];
        const texts = taskLines(
          makeSample({ threads }),
          options(false, Infinity),
        );
        for (const text of texts) {
          expect(Buffer.byteLength(`${text}\n`)).toBeLessThanOrEqual(16_000);
          expect(text.isWellFormed() && !/\\ud[89a-f]/.test(text)).toBe(true);
        }
        const task = JSON.parse(texts[1]!);
        expect(task.write_bytes).toBe(1024);
        // What is cut uses the room, and what is not there stays unknown.
        if (cmdline === null) expect(task.cmdline).toBeNull();
        if (cgroup === null) expect(task.cgroup).toBeNull();
        if (cmdline !== null && cgroup === null)
          expect(Buffer.byteLength(texts[1]!)).toBeGreaterThan(15_980);
      }
});

test("such a line is no recording, and says so", () => {
  for (const line of read(sample)) {
    expect(() => fromRecord(line)).toThrow(RecordError);
    expect(() => fromRecord(line)).toThrow("shape=task");
  }
});
