// waits: it starts programs
/** CSV as other programs read it: Python, SQLite. */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import csv from "../../../outputs/csv/index.ts";
import { FIELDS } from "../../../outputs/csv/fields.ts";
import { fileSink } from "../../../src/host/sinks/file-sink.ts";
import { toRecord } from "../../../src/model/record/record.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { DEFAULT_VIEW, type View } from "../../../src/model/view/view.ts";
import { makeContext } from "../../support/context.ts";
import { generateRun } from "../../support/runs/generated-run.ts";
import { lackOf, needing } from "../../support/needs.ts";
import {
  fileDelta,
  makeSample,
  processKeyOf,
  row,
} from "../../support/samples.ts";
import { HOSTILE_NAMES } from "../conformance-samples.ts";

setDefaultTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "iotop-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));

const DEFAULTS = {
  shape: "task",
  all: false,
  fields: undefined as string | undefined,
  header: true,
  delimiter: "comma",
  excel: false,
};

async function print(
  samples: readonly Sample[],
  options: Partial<typeof DEFAULTS> = {},
  view: Partial<View> = {},
): Promise<string> {
  const ctx = makeContext(view);
  const output = csv.create({ ...DEFAULTS, ...options });
  await output.open?.(ctx);
  for (const sample of samples) await output.write(sample, ctx);
  return ctx.printed.join("");
}

/** A few hundred rows, with names that quotes and line feeds are a part of. */
const samples = [
  ...generateRun(40, 20),
  makeSample({
    seq: 21,
    threads: ['say "x",\ny', ...HOSTILE_NAMES].map((comm, n) =>
      row({ tid: n + 1, comm, cmdline: [comm, ""], writeBytes: 4096 }),
    ),
  }),
];
const records = samples.map((sample) =>
  toRecord(sample, { all: false, view: DEFAULT_VIEW }),
);
const tasks = records.flatMap((record) => record.tasks);
const written = tasks.reduce((sum, task) => sum + task.write_bytes!, 0);

describe("a line a task", () => {
  test("has the keys of the sample, then those of JSON lines in their order", async () => {
    const [header, line] = (await print(samples)).split("\n");
    expect(header!.split(",")).toEqual([
      ...["time", "time_ms", "host", "seq", "interval_s"],
      ...Object.keys(tasks[0]!),
    ]);
    const [first] = records;
    expect(line).toStartWith(
      `${first!.time},${Date.parse(first!.time)},${first!.host},1,${first!.interval_s},${tasks[0]!.pid},`,
    );
  });

  test("unknown is empty; idle tasks are there when asked for; -p chooses", async () => {
    const sample = makeSample({
      threads: [
        row({ tid: 5, readBytes: 512, cgroup: null, ioWaitNs: null }),
        row({ tid: 6 }),
      ],
    });
    const fields = "tid+cgroup+read_bytes+io_delay_ns";
    const header = fields.replaceAll("+", ",");
    expect(await print([sample], { fields })).toBe(`${header}\n5,,512,\n`);
    expect(await print([sample], { fields, all: true })).toBe(
      `${header}\n5,,512,\n6,/system.slice,0,0\n`,
    );
    expect(await print([sample], { fields }, { pids: [6] })).toBe(
      `${header}\n`,
    );
  });

  test("the header is written once, or never", async () => {
    const fields = "seq";
    const idle = makeSample({ seq: 9 });
    const busy = makeSample({ threads: [row({ tid: 1, readBytes: 1 })] });
    expect(await print([idle, busy, busy], { fields })).toBe("seq\n1\n1\n");
    expect(await print([idle, busy], { fields, header: false })).toBe("1\n");
  });

  test.skipIf(lackOf("python3") !== null)(
    needing("Python's csv has every row and every byte", lackOf("python3")),
    async () => {
      for (const [delimiter, character] of [
        ["comma", ","],
        ["tab", "\t"],
        ["semicolon", ";"],
      ] as const) {
        const file = join(folder, `${delimiter}.csv`);
        writeFileSync(file, await print(samples, { delimiter }));
        const script = `
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline=""), delimiter=sys.argv[2], strict=True))
assert all(None not in row and None not in row.values() for row in rows)
print(json.dumps([len(rows), sum(int(row["write_bytes"]) for row in rows), [row["comm"] for row in rows]]))`;
        const { stdout, stderr } = Bun.spawnSync([
          ...["python3", "-c", script, file, character],
        ]);
        expect(stderr.toString()).toBe("");
        const [count, bytes, comms] = JSON.parse(stdout.toString());
        expect([count, bytes]).toEqual([tasks.length, written]);
        expect(comms).toContain('say "x",\ny');
        expect(comms).toContain("日本語");
      }
    },
  );

  test.skipIf(lackOf("sqlite3") !== null)(
    needing("SQLite imports every row and every byte", lackOf("sqlite3")),
    async () => {
      const file = join(folder, "import.csv");
      writeFileSync(file, await print(samples));
      const { stdout, stderr } = Bun.spawnSync([
        ...["sqlite3", ":memory:", ".mode csv", `.import ${file} io`],
        `select count(*), sum(write_bytes), sum(comm = 'say "x",' || char(10) || 'y') from io`,
      ]);
      expect([stdout.toString().trim(), stderr.toString()]).toEqual([
        `${tasks.length},${written},1`,
        "",
      ]);
    },
  );
});

describe("a line a file", () => {
  const sample = makeSample({
    seq: 7,
    threads: [row({ tid: 42, readBytes: 8192 }), row({ tid: 43 })],
    files: [
      fileDelta({ path: '/a "b",\nc', readBytes: 4096 }),
      fileDelta({
        ...{ kind: "not-attributed", device: null, inode: null, path: null },
        ...{ readBytes: 4096, toDiskBytes: null },
      }),
      fileDelta({ pid: 43, processKey: processKeyOf(43), writeBytes: 1 }),
    ],
  });
  const shape = "file";

  test("has the keys of JSON lines; those of a process add up to what it did", async () => {
    const record = toRecord(sample, { all: true, view: DEFAULT_VIEW });
    const [header] = (await print([sample], { shape })).split("\n");
    expect(header!.split(",")).toEqual([
      ...["time", "time_ms", "host", "seq", "interval_s"],
      ...Object.keys(record.files![0]!),
    ]);
    const fields = "seq+pid+kind+path+direct+read_bytes+to_disk_bytes";
    expect(await print([sample], { shape, fields, header: false })).toBe(
      '7,42,file,"/a ""b"",\nc",false,4096,0\n' +
        "7,42,not-attributed,,false,4096,\n" +
        "7,43,file,/srv/db/pool,false,0,0\n",
    );
    const view = { pids: [43] };
    expect(await print([sample], { shape, fields: "pid" }, view)).toBe(
      "pid\n43\n",
    );
  });

  test("needs files; a recording may lack them for a while", async () => {
    const without = makeSample({ seq: 8, threads: [row({ tid: 42 })] });
    expect(print([without], { shape })).rejects.toThrow("needs --files");
    expect(await print([sample, without], { shape, fields: "seq" })).toBe(
      "seq\n7\n7\n7\n",
    );
  });
});

describe("a line a sample", () => {
  test("has the totals, and what the disks did", async () => {
    const text = await print(samples, { shape: "total" });
    const [header, ...lines] = text.trimEnd().split("\n");
    const names = header!.split(",");
    expect(names).toEqual(FIELDS.total.map(({ name }) => name));
    for (const key of Object.keys(records[0]!.total))
      expect(names).toContain(key);
    const sum = (name: string) =>
      lines
        .map((line) => Number(line.split(",")[names.indexOf(name)]))
        .reduce((a, b) => a + b);
    expect(lines).toHaveLength(samples.length);
    expect(sum("write_bytes")).toBe(
      records.reduce((bytes, { total }) => bytes + total.write_bytes!, 0),
    );
    expect(sum("disk_read_bytes")).toBe(
      records.reduce((bytes, { disk }) => bytes + disk.read_bytes!, 0),
    );
  });

  test("unknown is empty", async () => {
    const sample = makeSample({
      host: { pressure: null, diskReadBytes: null, readBytes: null },
      health: { denied: null },
    });
    expect(
      await print([sample], {
        shape: "total",
        fields:
          "seq+read_bytes+disk_read_bytes+pressure_full_ratio+unreadable_tasks",
        header: false,
      }),
    ).toBe("1,,,,\n");
  });
});

describe("a file", () => {
  const DD = makeSample({
    threads: [row({ tid: 1, comm: "dd", readBytes: 1 })],
  });
  /** The output on a file as the host has it. */
  const open = async (path: string, options: Partial<typeof DEFAULTS> = {}) => {
    const output = csv.create(
      { ...DEFAULTS, fields: "seq+comm", ...options },
      path,
    );
    const sink = fileSink(path);
    const { signal } = new AbortController();
    await sink.open({ warn() {}, signal, onFull() {}, onFreed() {} });
    const ctx = { ...makeContext(), print: sink.write };
    try {
      await output.open!(ctx);
    } catch (error) {
      await sink.close();
      throw error;
    }
    return {
      sink,
      write: async () => output.write(DD, ctx),
      [Symbol.asyncDispose]: () => sink.close(),
    };
  };
  const written = async (
    text: string,
    options: Partial<typeof DEFAULTS> = {},
  ): Promise<string> => {
    const path = join(folder, "file.csv");
    writeFileSync(path, text);
    await using csv = await open(path, options);
    await csv.write();
    await csv.write();
    return readFileSync(path, "utf8");
  };

  test("has one header", async () => {
    const two = "seq,comm\n1,dd\n1,dd\n";
    expect(await written("")).toBe(two);
    expect(await written("seq,comm\n")).toBe(two);
    expect(await written("seq,comm\n0,cp\n")).toBe(
      two.replace("\n", "\n0,cp\n"),
    );
  });

  test("that was rotated is followed by one with a header", async () => {
    const path = join(folder, "rotated.csv");
    await using csv = await open(path);
    await csv.write();
    renameSync(path, `${path}.1`);
    csv.sink.reopen();
    await csv.write();
    for (const each of [path, `${path}.1`])
      expect(readFileSync(each, "utf8")).toBe("seq,comm\n1,dd\n");
  });

  test.each([
    "seq,comm,pid\n",
    "seq;comm\n",
    "seq",
    '{"schema":"iotop.sample/1"}\n',
  ])("with another header is refused: %j", async (text) => {
    expect(written(text)).rejects.toThrow("does not start with the header");
    // Nobody asks for a header: the user knows what is in it.
    const end = text.endsWith("\n") ? "" : "\n";
    expect(await written(text, { header: false })).toBe(
      `${text}${end}1,dd\n1,dd\n`,
    );
  });

  test("that is none is not read", async () => {
    await using device = await open("/dev/null");
    await device.write();
    const fifo = join(folder, "fifo");
    expect(Bun.spawnSync(["mkfifo", fifo]).exitCode).toBe(0);
    await using _waiting = await open(fifo);
  });
});
