import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { COUNTER_ENTRIES } from "../../../src/model/counters.ts";
import {
  RecordError,
  encodeRecord,
  fromRecord,
  toRecord,
  type TaskRecord,
} from "../../../src/model/record/record.ts";
import { unknownDelta } from "../../../src/model/delta.ts";
import type { Health, Sample, TaskDelta } from "../../../src/model/sample.ts";
import { DEFAULT_VIEW, type View } from "../../../src/model/view/view.ts";
import { samplesArbitrary } from "../../support/runs/arbitrary-samples.ts";
import {
  device,
  cgroupDelta,
  fileDelta,
  makeSample,
  row,
} from "../../support/samples.ts";

setDefaultTimeout(120_000);

const record = (sample: Sample, view: Partial<View> = {}, all = false) =>
  toRecord(sample, { all, view: { ...DEFAULT_VIEW, ...view } });

const parse = (value: unknown) => fromRecord(JSON.parse(JSON.stringify(value)));

const COUNTER_KEYS = Object.values(COUNTER_ENTRIES).map(({ key }) => key);

const dd = row({
  tid: 4321,
  pid: 4320,
  comm: "dd\ud800",
  cmdline: ["/bin/dd", "of=a b"],
  user: "käthe",
  startMs: Date.UTC(2026, 10, 23, 3, 27, 27, 900),
  born: true,
  readBytes: 3072,
  writeBytes: 8192,
  cancelledBytes: 4096,
  logicalReadBytes: 5000,
  ioWaitNs: 1_234_567_890,
  swapWaitNs: null,
  elapsedNs: 3e9,
  since: { readBytes: 10_240 },
  exit: { code: 1, signal: 0 },
});

const sample = makeSample({
  seq: 7,
  intervalNs: 1_000_234_567,
  uptimeS: 1234.5678,
  threads: [
    dd,
    row({ tid: 4320, uid: 7, writeBytes: 1024 }),
    row({ tid: 1 }),
    row({ tid: 9, isKernelThread: true, comm: "kswapd0", readBytes: 1024 }),
  ],
  host: {
    diskReadBytes: 4096,
    diskWriteBytes: null,
    pressure: { someRatio: 0.12345678, fullRatio: 0 },
  },
  health: { denied: 3, vanished: 1, lostExits: 2, scanNs: 2_500_000 },
});

test("one line: keys, order, units and values", () => {
  const { tasks, ...rest } = record(sample);
  expect(JSON.stringify(rest)).toBe(
    JSON.stringify({
      schema: "iotop.sample/1",
      seq: 7,
      time: "2026-11-23T03:27:28.120Z",
      time_ms: Date.UTC(2026, 10, 23, 3, 27, 28, 120),
      uptime_s: 1234.568,
      interval_s: 1.000234567,
      host: "db1",
      boot_id: "0b6a2d2c-8a3f-4f2e-9d51-7a1d5f3c9e10",
      accounting: "taskstats",
      delay_accounting: true,
      disk: {
        read_bytes: 4096,
        write_bytes: null,
        read_bytes_per_s: 4095,
        write_bytes_per_s: null,
      },
      total: {
        tasks: 3,
        read_bytes: 4096,
        write_bytes: 9216,
        cancelled_write_bytes: 4096,
        logical_read_bytes: 5000,
        logical_write_bytes: 0,
        read_calls: null,
        write_calls: null,
        io_delay_ns: 1_234_567_890,
        swapin_delay_ns: 0,
        read_bytes_per_s: 4095,
        write_bytes_per_s: 9214,
        since_read_bytes: 11_264,
        since_write_bytes: 9216,
        since_cancelled_write_bytes: 4096,
      },
      other: {
        tasks: 1,
        read_bytes: 0,
        write_bytes: 0,
        cancelled_write_bytes: 0,
        logical_read_bytes: 0,
        logical_write_bytes: 0,
        read_calls: null,
        write_calls: null,
        io_delay_ns: 0,
        swapin_delay_ns: 0,
        read_bytes_per_s: 0,
        write_bytes_per_s: 0,
      },
      pressure: { some_ratio: 0.123457, full_ratio: 0 },
      swap: false,
      devices: [],
      health: {
        unreadable_tasks: 3,
        vanished_tasks: 1,
        lost_exit_events: 2,
        exit_events: true,
        scan_s: 0.0025,
      },
    }),
  );
  expect(tasks.map((task) => task.tid)).toEqual([4321, 4320, 9]);
  expect(JSON.stringify(tasks[0])).toBe(
    JSON.stringify({
      pid: 4320,
      tid: 4321,
      ppid: 1,
      key: `4321.${Date.UTC(2026, 10, 23, 3, 27, 27, 900)}`,
      process_key: "process 4320",
      start_time: "2026-11-23T03:27:27.900Z",
      life: "exited",
      comm: "dd\ufffd",
      cmdline: "/bin/dd of=a b",
      uid: 0,
      user: "käthe",
      cgroup: "/system.slice",
      io_prio: "be/4",
      read_bytes: 3072,
      write_bytes: 8192,
      cancelled_write_bytes: 4096,
      logical_read_bytes: 5000,
      logical_write_bytes: 0,
      read_calls: null,
      write_calls: null,
      read_bytes_per_s: 1024,
      write_bytes_per_s: 2731,
      io_delay_ns: 1_234_567_890,
      io_delay_ratio: 0.411523,
      swapin_delay_ns: null,
      swapin_delay_ratio: null,
      since_read_bytes: 10_240,
      since_write_bytes: 8192,
      since_cancelled_write_bytes: 4096,
      lifetime_read_bytes: 10_240,
      lifetime_write_bytes: 8192,
      lifetime_cancelled_write_bytes: 4096,
      elapsed_s: 3,
      blocked_s: 0,
      threads: 1,
      kernel_thread: false,
      exit_code: 1,
      exit_signal: 0,
      cgroup_inherited: false,
      unit: "system",
      container: null,
    }),
  );
  expect(tasks[2]).toMatchObject({ cmdline: null, kernel_thread: true });
});

describe("which tasks are listed", () => {
  const tids = (view: Partial<View>, all = false) =>
    record(sample, view, all).tasks.map((task) => task.tid);

  test("those with I/O or waits; all if asked; -p -u -P choose, -o and -a do not", () => {
    expect(tids({})).toEqual([4321, 4320, 9]);
    expect(tids({}, true)).toEqual([4321, 4320, 1, 9]);
    expect(tids({ pids: [4320] })).toEqual([4321, 4320]);
    expect(tids({ pids: [1] })).toEqual([]);
    expect(tids({ uids: [7] }, true)).toEqual([4320]);
    expect(tids({ processes: true })).toEqual([4320, 9]);
    expect(tids({ only: true, accumulated: true }, true)).toHaveLength(4);
  });

  test("the end of a main thread too, if another thread of its process is listed", () => {
    const exit = { code: 0, signal: 0 };
    const ended = makeSample({
      threads: [
        row({ tid: 10, comm: "uring", exit }),
        row({ tid: 11, pid: 10, comm: "iou-wrk-10", writeBytes: 4096, exit }),
        row({ tid: 20, comm: "idle", exit }),
        row({ tid: 30, comm: "alive" }),
        row({ tid: 31, pid: 30, comm: "worker", readBytes: 4096 }),
      ],
    });
    expect(record(ended).tasks.map(({ comm }) => comm)).toEqual([
      "uring",
      "iou-wrk-10",
      "worker",
    ]);
    const [process] = parse(record(ended)).processes;
    expect(process).toMatchObject({ task: { comm: "uring" }, exit });
  });

  test("the end of each that had done something since watching began, so that a replay knows that it has ended", () => {
    const exit = { code: 0, signal: 0 };
    const since = { writeBytes: 4096 };
    const sample = makeSample({
      threads: [
        row({ tid: 10, comm: "wrote", since, exit }),
        row({ tid: 20, comm: "alive", since }),
        row({ tid: 21, pid: 20, comm: "ended", since, exit }),
        row({ tid: 30, comm: "pool", exit }),
        row({ tid: 31, pid: 30, comm: "worker", since, exit }),
        row({ tid: 40, comm: "did nothing", exit }),
      ],
    });
    const names = (view: Partial<View>) =>
      record(sample, view).tasks.map(({ comm }) => comm);
    expect(names({})).toEqual(["wrote", "ended", "pool", "worker"]);
    expect(names({ processes: true })).toEqual(["wrote", "pool"]);
    expect(names({ pids: [30] })).toEqual(["pool", "worker"]);
    // What is recorded of a replay is the recording.
    expect(record(parse(record(sample)))).toEqual(record(sample));
  });

  test("the tasks alive that are not listed are counted in other", () => {
    expect(record(sample, { pids: [4320] }).other.tasks).toBe(2);
    expect(record(sample, { processes: true }).other.tasks).toBe(1);
    expect(record(sample, {}, true).other.tasks).toBe(0);
  });
});

test("a wait of several threads or a long one passes 1, uncapped", () => {
  const busy = makeSample({ threads: [row({ tid: 1, ioWaitNs: 12e9 })] });
  expect(record(busy).tasks[0]!.io_delay_ratio).toBe(12);
});

test("tasks and other add up to total, in integers, for every counter and every view", () => {
  const views = fc.record({
    processes: fc.boolean(),
    pids: fc.subarray([1, 3, 6, 9, 12]),
    uids: fc.subarray([0, 1]),
  });
  fc.assert(
    fc.property(samplesArbitrary, views, fc.boolean(), (samples, view, all) => {
      for (const each of samples) {
        const { tasks, other, total } = record(each, view, all);
        for (const key of COUNTER_KEYS) {
          const listed = tasks.reduce((sum, task) => sum + (task[key] ?? 0), 0);
          if (total[key] === null)
            expect([listed, other[key]]).toEqual([0, null]);
          else expect(listed + (other[key] ?? 0)).toBe(total[key]);
        }
        expect(other.tasks).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test("a line is one line of valid UTF-8 with nothing that a terminal acts upon", () => {
  fc.assert(
    fc.property(samplesArbitrary, (samples) => {
      for (const each of samples) {
        const made = record(each, {}, true);
        const line = encodeRecord(made);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_C}]/u);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(made)));
        for (const task of made.tasks) {
          expect(task.comm.isWellFormed()).toBe(true);
          expect((task.cmdline ?? "").isWellFormed()).toBe(true);
        }
      }
    }),
  );
});

describe("a blocked task", () => {
  const stuck = row({ tid: 5, blockedNs: 12_000_000_001 });
  const made = record(makeSample({ threads: [stuck, row({ tid: 6 })] }));

  test("is listed though it did nothing, with the time it has been stuck", () => {
    expect(made.tasks.map(({ tid }) => tid)).toEqual([5]);
    expect(made.tasks[0]!.blocked_s).toBe(12.000000001);
    expect(made.other.tasks).toBe(1);
    expect(parse(made).threads[0]!.blockedNs).toBe(12_000_000_001);
  });

  test("whose state nobody read is no such task, and stays unknown", () => {
    const threads = [row({ tid: 5, blockedNs: null })];
    expect(record(makeSample({ threads })).tasks).toEqual([]);
    const all = record(makeSample({ threads }), {}, true);
    expect(all.tasks[0]!.blocked_s).toBeNull();
    expect(parse(all).threads[0]!.blockedNs).toBeNull();
  });
});

describe("what a task has done since it began", () => {
  const lifetimeOf = (each: Parameters<typeof row>[0]) =>
    parse(record(makeSample({ threads: [row(each)] }), {}, true)).threads[0]!
      .lifetime;

  test("is read back as it was", () => {
    const whole = { readBytes: 7, writeBytes: 2 ** 40, cancelledBytes: 0 };
    expect(lifetimeOf({ tid: 5, lifetime: whole })).toEqual(whole);
    const part = { readBytes: null, writeBytes: null, cancelledBytes: 3 };
    expect(lifetimeOf({ tid: 5, lifetime: part })).toEqual(part);
  });

  test("stays unknown, as in recordings without it", () => {
    expect(lifetimeOf({ tid: 5, lifetime: null })).toBeNull();
  });
});

describe("files", () => {
  const files = [
    fileDelta({ path: "/a\u001b[31m\ud800", readBytes: 4096, direct: true }),
    fileDelta({
      ...{ kind: "not-attributed", device: null, inode: null, path: null },
      ...{ readBytes: -512, writeBytes: null, toDiskBytes: null },
    }),
  ];
  const made = record(makeSample({ files }));

  test("come back as they were", () => {
    expect(parse(made).files).toEqual([
      { ...files[0]!, path: "/a\u001b[31m\ufffd" },
      files[1]!,
    ]);
    expect(record(parse(made))).toEqual(made);
  });

  test("have no key where they were not asked for", () => {
    expect(record(sample)).not.toHaveProperty("files");
    expect(parse(record(sample)).files).toBeNull();
  });

  test.each([
    [{ kind: "pipe" }, "files[0].kind is not one of file, device"],
    [{ direct: 1 }, "files[0].direct is not true or false"],
    [{ to_disk_bytes: -1 }, "files[0].to_disk_bytes is not a whole number"],
  ])("%p: is refused", (wrong, message) => {
    const files = [{ ...made.files![0], ...wrong }];
    expect(() => parse({ ...made, files })).toThrow(message);
  });
});

describe("cgroups", () => {
  const cgroups = [cgroupDelta("/a\ud800", 4096, 512), cgroupDelta("/b", null)];

  test("come back as they were, and have no key where they were not asked for", () => {
    const made = record(makeSample({ cgroups }));
    expect(made.cgroups![0]).toEqual({
      ...{ path: "/a\ufffd", from_disk_bytes: 512, to_disk_bytes: 4096 },
      elapsed_s: 1,
    });
    expect(record(parse(made))).toEqual(made);
    expect(record(sample)).not.toHaveProperty("cgroups");
    expect(parse(record(sample)).cgroups).toBeNull();
  });
});

describe("devices", () => {
  const disk = device({
    readBytes: 4096,
    reads: 3,
    readNs: 4e6,
    busyNs: 3e9,
    queueNs: 5e9,
    inFlight: 2,
  });
  const mapped = device({
    name: "dm-0",
    label: "vg\u001b[31m-root\ud800",
    kind: "stacked",
    liesOn: ["vda", "vdb"],
    isPhysical: false,
    ...{ readBytes: null, writeBytes: null, reads: null, writes: null },
    ...{ readNs: null, writeNs: null, busyNs: null, queueNs: null },
    inFlight: null,
  });
  const made = record(
    makeSample({
      intervalNs: 2e9,
      host: { devices: [disk, mapped], hasSwap: true },
    }),
  );

  test("have what can be computed beside what was counted", () => {
    expect(made.swap).toBe(true);
    expect(made.devices).toMatchObject([
      {
        ...{ name: "vda", read_bytes: 4096, read_bytes_per_s: 2048 },
        ...{ read_await_ms: 1.333, write_await_ms: null },
        ...{ queue: 2.5, busy_ratio: 1, busy_ns: 3e9, in_flight: 2 },
      },
      {
        ...{ name: "dm-0", lies_on: ["vda", "vdb"], physical: false },
        ...{ read_bytes: null, read_bytes_per_s: null, read_await_ms: null },
        ...{ queue: null, busy_ratio: null },
      },
    ]);
  });

  test("come back as they were", () => {
    const back = parse(made).host;
    expect(back.hasSwap).toBe(true);
    expect(back.devices).toEqual([
      disk,
      { ...mapped, label: "vg\u001b[31m-root\ufffd" },
    ]);
    expect(record(parse(made))).toEqual(made);
  });

  test("of a recording from before there were any are unknown", () => {
    const { swap: _, devices: __, ...old } = made;
    const { host } = parse(old);
    expect([host.devices, host.hasSwap]).toEqual([null, null]);
  });

  test.each([
    [{ lies_on: "vda" }, "devices[0].lies_on is not an array of strings"],
    [{ kind: "tape" }, "devices[0].kind is not one of disk, stacked"],
    [{ reads: -1 }, "devices[0].reads is not a whole number"],
  ])("with %j are refused", (wrong, message) => {
    const devices = [{ ...made.devices![0], ...wrong }];
    expect(() => parse({ ...made, devices })).toThrow(message);
  });
});

describe("what is left for the others", () => {
  const io = { readBytes: 1024, ioWaitNs: 5 };
  const denied = row({ tid: 2, ...unknownDelta(), since: unknownDelta() });
  const left = (
    threads: TaskDelta[],
    view: Partial<View> = {},
    all = false,
    health: Partial<Health> = {},
  ) => {
    const made = record(makeSample({ threads, health }), view, all);
    expect(record(parse(made), view, all)).toEqual(made);
    const { read_bytes, read_bytes_per_s, io_delay_ns } = made.other;
    return [read_bytes, read_bytes_per_s, io_delay_ns];
  };

  test("is unknown where none of them could be read, and nothing is left of the total", () => {
    expect(left([row({ tid: 1, ...io }), denied])).toEqual([null, null, null]);
    const waits = { ...denied, ioWaitNs: 0 } as TaskDelta;
    expect(left([row({ tid: 1, ...io }), waits])).toEqual([null, null, 0]);
    expect(left([row({ tid: 1, ...io }), denied], { processes: true })).toEqual(
      [null, null, null],
    );
  });

  test("is 0 where one of them could be read, and where there are none", () => {
    expect(left([row({ tid: 1, ...io }), denied, row({ tid: 3 })])).toEqual([
      ...[0, 0, 0],
    ]);
    expect(left([row({ tid: 1, ...io }), denied], {}, true)).toEqual([0, 0, 0]);
    expect(left([row({ tid: 1, ...io })])).toEqual([0, 0, 0]);
  });

  test("is unknown where one of them was refused, and where tasks are hidden", () => {
    const threads = [row({ tid: 1, ...io }), denied, row({ tid: 3 })];
    const nothing = [null, null, null];
    expect(left(threads, {}, false, { denied: 1 })).toEqual(nothing);
    const seen = [row({ tid: 1, ...io }), row({ tid: 3 })];
    expect(left(seen, {}, false, { denied: 1 })).toEqual([0, 0, 0]);
    expect(left(seen, {}, false, { denied: null })).toEqual(nothing);
    expect(left(seen, {}, true, { denied: null })).toEqual(nothing);
  });

  test("is unknown with the total", () => {
    expect(left([denied])).toEqual([null, null, null]);
  });
});

test("processes recorded again leave as many tasks to the others", () => {
  const made = record(sample, { processes: true });
  expect(made.other.tasks).toBe(1);
  expect(record(parse(made), { processes: true })).toEqual(made);
});

describe("fromRecord", () => {
  test("gives back the rows, totals and health that were recorded", () => {
    const back = parse(record(sample, {}, true));
    expect(back.seq).toBe(7);
    expect(back.timeMs).toBe(sample.timeMs);
    expect(back.intervalNs).toBe(sample.intervalNs);
    expect(back.origin).toEqual(sample.origin);
    expect(back.health).toEqual(sample.health);
    expect(back.host).toMatchObject({
      tasks: 3,
      readBytes: 4096,
      writeBytes: 9216,
      ioWaitNs: 1_234_567_890,
      readCalls: null,
      diskReadBytes: 4096,
      diskWriteBytes: null,
      pressure: { someRatio: 0.123457, fullRatio: 0 },
    });
    expect(back.threads).toHaveLength(4);
    const [first] = back.threads as [TaskDelta];
    expect(first.task).toEqual({
      ...dd.task,
      comm: "dd\ufffd",
      cmdline: ["/bin/dd of=a b"],
      state: null,
    });
    expect(first).toMatchObject({
      born: true,
      exit: { code: 1, signal: 0 },
      elapsedNs: 3e9,
      swapWaitNs: null,
      readRate: 1024,
      count: 1,
    });
    expect(back.threads[3]!.task.isKernelThread).toBe(true);
  });

  test("what was unknown of the machine stays so", () => {
    const origin = { bootId: null, delayAccounting: null };
    const health = { denied: null };
    const made = record(makeSample({ origin, health }), {}, true);
    expect(made).toMatchObject({
      boot_id: null,
      delay_accounting: null,
      health: { unreadable_tasks: null },
    });
    const back = parse(made);
    expect(back.origin).toMatchObject(origin);
    expect(back.health).toMatchObject(health);
  });

  test("recorded again, a replayed sample is the same record", () => {
    fc.assert(
      fc.property(samplesArbitrary, fc.boolean(), (samples, all) => {
        for (const each of samples) {
          const made = JSON.parse(encodeRecord(record(each, {}, all)));
          expect(record(fromRecord(made), {}, all)).toEqual(made);
        }
      }),
    );
  });

  test("every priority survives", () => {
    const kept = (["rt", "be"] as const).flatMap((name) =>
      [0, 7].map((level) => ({ class: name, level })),
    );
    const rows = [...kept, { class: "idle", level: 0 } as const, null].map(
      (ioPriority, n) => row({ tid: n + 1, ioPriority }),
    );
    const back = parse(record(makeSample({ threads: rows }), {}, true));
    expect(back.threads.map((r) => r.task.ioPriority)).toEqual(
      rows.map((r) => r.task.ioPriority),
    );
  });

  const line = () => JSON.parse(encodeRecord(record(sample)));

  test("ignores what it does not know, and takes what is missing as unknown", () => {
    const grown = line();
    grown.brand_new = { a: 1 };
    grown.tasks[0].brand_new = [];
    delete grown.tasks[0].swapin_delay_ns;
    delete grown.tasks[0].elapsed_s;
    delete grown.tasks[0].key;
    delete grown.tasks[0].process_key;
    delete grown.pressure;
    const back = fromRecord(grown);
    expect(back.threads[0]!.swapWaitNs).toBeNull();
    expect(back.threads[0]!.elapsedNs).toBe(sample.intervalNs);
    const { tid, startMs } = dd.task;
    expect(back.threads[0]!.task).toMatchObject({
      key: `${tid}.${startMs}`,
      processKey: "4320",
    });
    expect(back.host.pressure).toBeNull();
  });

  test.each<[string, (made: any) => unknown]>([
    [
      '"iotop.sample/2" was written by another version',
      (r) => ({ ...r, schema: "iotop.sample/2" }),
    ],
    [
      '"iotop.sample/10" was written by another version',
      (r) => ({ ...r, schema: "iotop.sample/10" }),
    ],
    ['"other/1" is not a recording', (r) => ({ ...r, schema: "other/1" })],
    ["schema is not a string", (r) => ({ ...r, schema: 1 })],
    [
      "seq is not a whole number, 1 to 9007199254740991",
      (r) => ({ ...r, seq: "1" }),
    ],
    ["time is not a time", (r) => ({ ...r, time: "soon" })],
    ["accounting is not one of", (r) => ({ ...r, accounting: "bpf" })],
    ["disk is not an object", (r) => ({ ...r, disk: [] })],
    ["tasks is not an array", (r) => ({ ...r, tasks: {} })],
    ["tasks[0] is not an object", (r) => ({ ...r, tasks: [1] })],
    ["tasks[0].tid is not a whole number", (r) => ({ ...r, tasks: [{}] })],
    [
      "tasks[0].read_bytes is not a whole number",
      (r) => ({ ...r, tasks: [{ ...r.tasks[0], read_bytes: "1" }] }),
    ],
    ["interval_s is not a number, 0 to", (r) => ({ ...r, interval_s: "1" })],
    [
      "tasks add up to more than total.write_bytes",
      (r) => ({ ...r, total: { ...r.total, write_bytes: 9215 } }),
    ],
    ...[`"${"x".repeat(40)}~" is not a recording`, "a\\n"].map(
      (message, n): [string, (made: any) => unknown] => [
        message,
        (r) => ({ ...r, schema: n === 0 ? "x".repeat(1e6) : "a\n" }),
      ],
    ),
    ["the record is not an object", () => null],
    ["the record is not an object", () => []],
  ])("refuses: %s", (message, spoil) => {
    const attempt = () => fromRecord(spoil(line()));
    expect(attempt).toThrow(RecordError);
    expect(attempt).toThrow(message);
  });
});

describe("numbers that iotop never writes are refused, by the place where they stand:", () => {
  const COUNTS = [
    "seq",
    "disk.read_bytes",
    "total.tasks",
    "total.read_bytes",
    "total.since_write_bytes",
    "health.unreadable_tasks",
    "health.vanished_tasks",
    ...["tid", "pid", "ppid", "uid", "threads", "exit_code", "exit_signal"].map(
      (key) => `tasks.0.${key}`,
    ),
    ...COUNTER_KEYS.map((key) => `tasks.0.${key}`),
    "tasks.0.since_cancelled_write_bytes",
  ];
  const AMOUNTS = [
    "interval_s",
    "uptime_s",
    "health.scan_s",
    "pressure.some_ratio",
    "tasks.0.elapsed_s",
  ];
  const spoiled = (path: string, value: unknown): unknown => {
    const made: any = JSON.parse(encodeRecord(record(sample)));
    const keys = path.split(".");
    const last = keys.pop()!;
    let place = made;
    for (const key of keys) place = place[key];
    expect(place).toContainKey(last);
    place[last] = value;
    return made;
  };
  const NEVER = [1e308, -1e308, -1, -0.5, 2 ** 53, 2 ** 64, Infinity];

  test.each(AMOUNTS)("%s", (path) => {
    const place = path.replace(".0.", "[0].");
    for (const value of NEVER)
      expect(() => fromRecord(spoiled(path, value))).toThrow(
        new RecordError(`${place} is not a number, 0 to 9007199254740991`),
      );
    expect(fromRecord(spoiled(path, 0.25))).toBeObject();
  });

  test.each(COUNTS)("%s", (path) => {
    const place = path.replace(".0.", "[0].");
    for (const value of [...NEVER, 0.5, 1024.000_1, 5e-324])
      expect(() => fromRecord(spoiled(path, value))).toThrow(
        `${place} is not a whole number, `,
      );
  });

  test.each(["time", "tasks.0.start_time"])("%s", (path) => {
    for (const value of [
      "+275760-09-13T00:00:00.000Z",
      "-000001-01-01T00:00:00.000Z",
      "Thu Nov 26 2026",
      "2026-11-23T99:00:00.000Z",
      "",
    ])
      expect(() => fromRecord(spoiled(path, value))).toThrow(" is not a time");
  });

  test("what is left for the others is never below nothing", () => {
    const back = fromRecord(spoiled("total.tasks", 0));
    const { other } = record(back, { pids: [4320] });
    expect(other.tasks).toBe(0);
  });
});

test("times of fractions of a ns come back to the byte", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e12, noNaN: true }),
      fc.nat({ max: 2 ** 31 }),
      (elapsedNs, bytes) => {
        const rows = [
          row({ tid: 1, readBytes: bytes, ioWaitNs: bytes, elapsedNs }),
        ];
        const once = record(
          makeSample({
            threads: rows,
            intervalNs: elapsedNs / 3,
            health: { scanNs: elapsedNs / 7 },
          }),
          {},
          true,
        );
        expect(record(parse(once), {}, true)).toEqual(once);
      },
    ),
  );
});

test("records share nothing with the sample", () => {
  const made = record(sample);
  (made.tasks[0] as { -readonly [K in keyof TaskRecord]: TaskRecord[K] }).comm =
    "changed";
  expect(record(sample).tasks[0]!.comm).toBe("dd\ufffd");
});
