import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { packRows, unpackRows } from "../../../src/model/kept/packed-rows.ts";
import { samplesArbitrary } from "../../support/arbitrary-samples.ts";
import { makeTask, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

test("rows are read back as they were", () => {
  fc.assert(
    fc.property(samplesArbitrary, (samples) => {
      for (const { threads } of samples)
        expect(unpackRows(packRows(threads))).toEqual([...threads]);
    }),
  );
});

test("with all that a row may have, and with what is unknown", () => {
  const rows = [
    row({
      tid: 1,
      readBytes: 2 ** 52,
      writeBytes: null,
      ioWaitNs: 1.5,
      since: { readBytes: null, writeBytes: 7 },
      lifetime: { readBytes: 9, writeBytes: null, cancelledBytes: 0 },
      count: 12,
      born: true,
      exit: { code: null, signal: 9 },
      blockedNs: null,
      elapsedNs: 123_456_789.25,
    }),
    row({ tid: 2, blockedNs: 5e9, lifetime: null }),
  ];
  const again = unpackRows(packRows(rows));
  expect(again).toEqual(rows);
  expect(again[1]!.task).toBe(rows[1]!.task);
  expect(again[0]!.writeRate).toBeNull();
});

test("many rows take some bytes each", () => {
  const rows = Array.from({ length: 3000 }, (_, i) =>
    row({ tid: 1 + i, readBytes: 1024 * i, ioWaitNs: i, lifetime: null }),
  );
  const { bytes } = packRows(rows);
  expect(bytes.byteLength / rows.length).toBeLessThan(30);
  expect(unpackRows(packRows(rows))).toHaveLength(3000);
});

const exit = { code: 0, signal: 0 };

test("an ended task is bytes, whatever is known of it", () => {
  const usual = makeTask({ tid: 9, comm: "cc1" });
  const rows = [
    makeTask({ tid: 3, cmdline: ["tar", "", "-x"], cgroup: "/a.slice/b" }),
    makeTask({
      tid: 4,
      cmdline: [],
      isKernelThread: true,
      longName: "kworker/0",
    }),
    makeTask({
      tid: 5,
      cmdline: [""],
      ioPriority: { class: "idle", level: 7 },
    }),
    makeTask({
      tid: 6,
      cmdline: null,
      cgroup: "/a.slice/b",
      cgroupInherited: true,
    }),
    makeTask({ tid: 7, comm: "\ud800é\n", uid: 65534, user: "nobody" }),
    makeTask({ tid: 8, state: "Z", startMs: 1.5, key: "8.1.5+2" }),
    { ...usual, processKey: usual.key },
  ].map((task) => row({ tid: task.tid, task, exit }));
  const packed = packRows(rows);
  expect(packed.tasks).toEqual([]);
  expect(unpackRows(packed)).toEqual(rows);
});

test("an ended thread keeps its task: the arguments of its process are read when somebody asks", () => {
  const rows = [
    row({ tid: 8, pid: 7, exit, readBytes: 5 }),
    row({ tid: 9, exit, writeBytes: 6 }),
    row({ tid: 10 }),
  ];
  const packed = packRows(rows);
  expect(packed.tasks).toEqual([rows[0]!.task, rows[2]!.task]);
  const again = unpackRows(packed);
  expect(again).toEqual(rows);
  expect(again[0]!.task).toBe(rows[0]!.task);
  expect(again[2]!.task).toBe(rows[2]!.task);
});

test("tasks of a loop take less than 64 bytes each, rows included", () => {
  const rows = Array.from({ length: 2000 }, (_, i) => {
    const task = makeTask({
      tid: 5000 + i,
      comm: "cat",
      cmdline: ["cat", "/etc/passwd"],
      cgroup: "/user.slice/session-1.scope",
    });
    return row({
      tid: task.tid,
      task,
      readBytes: 4096,
      since: { readBytes: 4096 },
      born: true,
      exit,
    });
  });
  expect(packRows(rows).bytes.byteLength / rows.length).toBeLessThan(64);
});
