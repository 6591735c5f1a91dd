import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  COLUMNS,
  columnById,
  columnsOf,
  cellText,
  type ColumnId,
} from "../../../src/model/columns/columns.ts";
import { groupEnded } from "../../../src/model/tasks/ended.ts";
import { createFormat } from "../../../src/model/text/format.ts";
import { utcTime } from "../../support/utc-time.ts";
import type { TaskDelta, TaskInfo } from "../../../src/model/sample.ts";
import { sortRows } from "../../../src/model/view/sort-rows.ts";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { withSums, type SumsMode } from "../../../src/model/sums/sums.ts";
import {
  IDLE,
  SAMPLE_TIME_MS,
  row,
  type RowFields,
} from "../../support/samples.ts";

setDefaultTimeout(120_000);

const format = createFormat({ kilobytes: false, localTime: utcTime });
const view = DEFAULT_VIEW;
const processes = { ...view, processes: true };
const accumulated = { ...view, accumulated: true };

const cells = (fields: RowFields, shown = view) =>
  columnsOf("batch").map((column) => column.cell(row(fields), shown, format));

describe("cells", () => {
  test("a busy thread", () => {
    const fio = {
      tid: 42,
      pid: 41,
      comm: "io-worker",
      user: "post\tgres",
      cmdline: ["/usr/bin/fio", "--name=a b"],
      readBytes: 3 * 1024 ** 2,
      writeBytes: 8192,
      cancelledBytes: 4096,
      ioWaitNs: 125e6,
      swapWaitNs: 2e9,
    };
    expect(cells(fio)).toEqual([
      "42",
      "be/4",
      "post\\tgres",
      "3.00 M/s",
      "4.00 K/s",
      "99.99 %",
      "12.50 %",
      "fio --name=a b [io-worker]",
    ]);
    expect(cells({ ...fio, tid: 41 }, processes)[0]).toBe("41");
  });

  test("what is unknown prints as ?", () => {
    const lost = {
      tid: 7,
      comm: "gone",
      cmdline: null,
      ioPriority: null,
      readBytes: null,
      writeBytes: null,
      ioWaitNs: null,
      swapWaitNs: null,
    };
    expect(cells(lost)).toEqual(["7", "?", "root", "?", "?", "?", "?", "gone"]);
    expect(cells(lost, accumulated).slice(3, 5)).toEqual(["?", "?"]);
  });

  test("rates divide by the task's own time; -a shows bytes, cancelled writes taken off", () => {
    const fields = {
      tid: 1,
      readBytes: 4096,
      elapsedNs: 2e9,
      since: { readBytes: 1024 ** 2, writeBytes: 9216, cancelledBytes: 1024 },
    };
    expect(cells(fields)[3]).toBe("2.00 K/s");
    expect(cells(fields, accumulated).slice(3, 5)).toEqual([
      "1024.00 K",
      "8.00 K",
    ]);
    const deleted = { tid: 1, writeBytes: 1024, cancelledBytes: 4096 };
    expect(cells(deleted)[4]).toBe("0.00 B/s");
  });

  test.each([
    ["be", 4, "be/4"],
    ["rt", 0, "rt/0"],
    ["idle", 7, "idle"],
    ["none", 0, "none"],
  ] as const)("priority %s %d", (name, level, text) => {
    const cell = cells({ tid: 1, ioPriority: { class: name, level } })[1];
    expect(cell).toBe(text);
  });

  test("the id's title follows the view", () => {
    expect(columnById("tid").title(view)).toBe("TID");
    expect(columnById("tid").title(processes)).toBe("PID");
  });
});

describe("columns on request", () => {
  const cellOf = (id: ColumnId, fields: RowFields, shown = view) =>
    cellText(columnById(id), row(fields), shown, format);

  test("the state is what the sample says of it, else that of the task", () => {
    expect(cellOf("state", { tid: 1, state: "S" })).toBe("S");
    expect(cellOf("state", { tid: 1, state: "R", blockedNs: 1e9 })).toBe("D");
    expect(cellOf("state", { tid: 1, state: null })).toBe("?");
    const exit = { code: 0, signal: 0 };
    expect(cellOf("state", { tid: 1, state: "S", exit })).toBe("x");
  });

  test("unit, container and cgroup show containers by their short ids", () => {
    const id = "9f86d081884c".padEnd(64, "0");
    const docker = { tid: 1, cgroup: `/system.slice/docker-${id}.scope` };
    expect(cellOf("unit", docker)).toBe("9f86d081884c");
    expect(cellOf("container", docker)).toBe("9f86d081884c");
    expect(cellOf("cgroup", docker)).toBe(
      "/system.slice/docker-9f86d081884c.scope",
    );
    const plain = { tid: 1, cgroup: "/system.slice/a\tb.service" };
    expect(cellOf("unit", plain)).toBe("a\\tb.service");
    expect(cellOf("container", plain)).toBe("-");
    for (const name of ["unit", "container", "cgroup"] as const)
      expect(cellOf(name, { tid: 1, cgroup: null })).toBe("?");
  });

  test("calls are per second with rates, and bytes of a life are the same in every view", () => {
    const fields = {
      tid: 1,
      readCalls: 20,
      elapsedNs: 2e9,
      since: { readCalls: 70 },
      lifetime: { readBytes: 4096, writeBytes: null, cancelledBytes: null },
    };
    expect(cellOf("read-calls", fields)).toBe("10 /s");
    expect(cellOf("read-calls", fields, accumulated)).toBe("70");
    expect(cellOf("read-calls", { tid: 1, readCalls: null })).toBe("?");
    for (const shown of [view, accumulated]) {
      expect(cellOf("life-read", fields, shown)).toBe("4.00 K");
      expect(cellOf("life-write", fields, shown)).toBe("?");
    }
  });

  test("a share is unknown without a whole, and none of nothing", () => {
    const busy = row({ tid: 1, readBytes: 1024 });
    const share = columnById("share");
    expect(cellText(share, busy, view, format)).toBe("?");
    expect(cellText(share, busy, view, format, busy)).toBe("99.99 %");
    expect(cellText(share, row({ tid: 2 }), view, format, IDLE)).toBe("0.00 %");
  });
});

test("the titles of what was read and written say what is shown", () => {
  const titles = (mode: SumsMode) =>
    (["read", "write"] as const).map((id) =>
      columnById(id).title(withSums(view, mode)),
    );
  expect(titles("rates")).toEqual(["DISK READ", "DISK WRITE"]);
  expect(titles("sums")).toEqual(["DISK READ", "DISK WRITE"]);
  expect(titles("means")).toEqual(["MEAN R", "MEAN W"]);
  expect(titles("lifetime")).toEqual(["LIFE R", "LIFE W"]);
});

describe("the declaration", () => {
  test("of batch has the fields that scripts count, and never another", () => {
    expect(columnsOf("batch").map(({ id }) => id)).toEqual([
      ...["tid", "prio", "user", "read", "write", "swapin", "io", "command"],
    ] as ColumnId[]);
  });

  test("has one column that takes the rest, the last", () => {
    const rest = COLUMNS.filter(({ width }) => width === "rest");
    expect(rest).toEqual([COLUMNS.at(-1)!]);
  });

  test("gives each id and key once", () => {
    for (const name of ["id", "key"] as const) {
      const values = COLUMNS.flatMap((column) => column[name] ?? []);
      expect(new Set(values).size, name).toBe(values.length);
    }
  });

  test("of the screen has more columns on request, and no key for them", () => {
    const more = COLUMNS.filter(({ shownBy }) => shownBy.length === 0);
    expect(more.map(({ id }) => id).sort()).toEqual([
      "cancelled",
      "cgroup",
      "container",
      "from-disk",
      "life-read",
      "life-write",
      "logical-read",
      "logical-write",
      "read-calls",
      "share",
      "state",
      "threads",
      "to-disk",
      "unit",
      "write-calls",
    ]);
    for (const { key } of more) expect(key).toBeNull();
  });

  test("says the number that is in a cell", () => {
    const busy = row({
      tid: 1,
      readBytes: 3072,
      writeBytes: 4096,
      cancelledBytes: 1024,
      ioWaitNs: 5e8,
      swapWaitNs: null,
      logicalReadBytes: 6000,
      logicalWriteBytes: 7000,
      readCalls: 12,
      writeCalls: null,
      elapsedNs: 1e9,
      since: {
        readBytes: 2 ** 20,
        writeBytes: null,
        logicalReadBytes: 9000,
        readCalls: 40,
      },
      lifetime: {
        readBytes: 2 ** 30,
        writeBytes: 2 ** 21,
        cancelledBytes: 2 ** 20,
      },
      count: 3,
    });
    const whole = { ...IDLE, readBytes: 10_000, writeBytes: 2288 };
    const amounts = (shown: typeof view) =>
      COLUMNS.flatMap((column) =>
        "amount" in column
          ? [[column.id, column.amount(busy, shown, whole)]]
          : [],
      );
    expect(Object.fromEntries(amounts(view))).toEqual({
      ...{ read: 3072, write: 3072, swapin: null, io: 50 },
      ...{ threads: 3, share: 50, cancelled: 1024 },
      "life-read": 2 ** 30,
      "life-write": 2 ** 20,
      "logical-read": 6000,
      "logical-write": 7000,
      "read-calls": 12,
      "write-calls": null,
      "from-disk": null,
      "to-disk": null,
    });
    expect(Object.fromEntries(amounts(accumulated))).toEqual({
      ...{ read: 2 ** 20, write: null, swapin: null, io: 50 },
      ...{ threads: 3, share: 100, cancelled: 1024 },
      "life-read": 2 ** 30,
      "life-write": 2 ** 20,
      "logical-read": 9000,
      "logical-write": 7000,
      "read-calls": 40,
      "write-calls": null,
      "from-disk": null,
      "to-disk": null,
    });
  });

  test("says what several tasks that ended have in common", () => {
    const exit = { code: 0, signal: 0 };
    const ended = [1, 2].map((tid) =>
      row({ tid, comm: "cp", readBytes: 1024, exit }),
    );
    const [group] = groupEnded(ended, SAMPLE_TIME_MS);
    const textsOf = (shown: TaskDelta) =>
      columnsOf("batch").map((column) => cellText(column, shown, view, format));
    expect(textsOf(group!).join(" ")).toBe(
      "- - root 2.00 K/s 0.00 B/s 0.00 % 0.00 % cp",
    );
    expect(textsOf(ended[1]!).slice(0, 2)).toEqual(["2", "be/4"]);
  });
});

describe("command", () => {
  const command = (fields: RowFields) =>
    columnById("command").cell(row(fields), view, format);

  test.each<[Partial<TaskInfo>, string]>([
    [{ cmdline: ["/usr/sbin/sshd", "-D"] }, "sshd -D"],
    [{ cmdline: ["-bash"] }, "-bash"],
    [{ cmdline: ["./run/me"] }, "./run/me"],
    [{ cmdline: ["sshd: root@pts/0"] }, "sshd: root@pts/0"],
    [{ cmdline: ["/sbin/init splash --dir=/x/y"] }, "init splash --dir=/x/y"],
    [{ cmdline: ["/bin/dd", "", "of=\x1b[2J"] }, "dd  of=\\e[2J"],
    [{ cmdline: [], comm: "empty" }, "empty"],
    [{ cmdline: [""], comm: "blank" }, "blank"],
    [{ cmdline: null, comm: "ended" }, "ended"],
    [{ isKernelThread: true, comm: "kworker/0:1" }, "[kworker/0:1]"],
    [
      {
        isKernelThread: true,
        comm: "kworker/R-slub_",
        longName: "kworker/R-slub_flushwq",
      },
      "[kworker/R-slub_flushwq]",
    ],
    [{ pid: 8, cmdline: ["/bin/db"], comm: "wal" }, "db [wal]"],
    [{ pid: 8, cmdline: ["/bin/db"], comm: "db" }, "db"],
    [
      {
        pid: 8,
        cmdline: ["/x/a-very-long-program", "-v"],
        comm: "a-very-long-pro",
      },
      "a-very-long-program -v",
    ],
    [{ cmdline: ["/bin/db"], comm: "renamed" }, "db"],
  ])("%j", (fields, text) => {
    expect(command({ tid: 9, ...fields })).toBe(text);
  });
});

describe("sorting", () => {
  const ids = (rows: readonly TaskDelta[]) => rows.map((r) => r.task.tid);
  const io = columnById("io");

  test("by IO: waiting, then moving bytes without waiting, then idle by id", () => {
    const rows = [
      row({ tid: 1 }),
      row({ tid: 2, ioWaitNs: null }),
      row({ tid: 3, writeBytes: 1024 }),
      row({ tid: 4, ioWaitNs: 1 }),
      row({ tid: 5, readBytes: 1024 ** 3, ioWaitNs: null }),
      row({ tid: 6, ioWaitNs: 5e8 }),
      row({ tid: 7, cancelledBytes: 1024 }),
    ];
    expect(ids(sortRows(rows, io, true, view))).toEqual([6, 4, 5, 3, 7, 1, 2]);
    expect(ids(sortRows(rows, io, false, view))).toEqual([1, 2, 7, 3, 5, 4, 6]);
  });

  test("rows that did nothing stay in the order of their ids, whatever of them is known", () => {
    const unknown = {
      readBytes: null,
      writeBytes: null,
      ioWaitNs: null,
      swapWaitNs: null,
    };
    const rows = [
      row({ tid: 1, ...unknown, since: unknown }),
      row({ tid: 2 }),
      row({ tid: 3, ...unknown, since: unknown }),
      row({ tid: 4 }),
    ];
    for (const id of ["io", "swapin", "read", "write"] as const)
      for (const shown of [view, accumulated])
        for (const descending of [true, false])
          expect(
            ids(sortRows(rows, columnById(id), descending, shown)),
          ).toEqual([1, 2, 3, 4]);
  });

  test("by IO, rows that moved about the same keep the order of their ids", () => {
    const rows = [
      row({ tid: 1, writeBytes: 1000 * 1024 }),
      row({ tid: 2, writeBytes: 1024 * 1024 }),
      row({ tid: 3, writeBytes: 1200 * 1024 }),
      row({ tid: 4, writeBytes: 1024 }),
    ];
    expect(ids(sortRows(rows, io, true, view))).toEqual([3, 1, 2, 4]);
    const write = columnById("write");
    expect(ids(sortRows(rows, write, true, view))).toEqual([3, 2, 1, 4]);
  });

  test("by IO with -a counts what was moved before", () => {
    const rows = [
      row({ tid: 1 }),
      row({ tid: 2, since: { writeBytes: 1024 } }),
    ];
    expect(ids(sortRows(rows, io, true, accumulated))).toEqual([2, 1]);
    expect(ids(sortRows(rows, io, true, view))).toEqual([1, 2]);
  });

  test("by priority: rt, be, idle, then the unknown", () => {
    const rows = [
      row({ tid: 1, ioPriority: null }),
      row({ tid: 2, ioPriority: { class: "idle", level: 7 } }),
      row({ tid: 3, ioPriority: { class: "be", level: 4 } }),
      row({ tid: 4, ioPriority: { class: "rt", level: 7 } }),
      row({ tid: 5, ioPriority: { class: "be", level: 0 } }),
    ];
    const prio = columnById("prio");
    expect(ids(sortRows(rows, prio, false, view))).toEqual([4, 5, 3, 2, 1]);
  });

  test("every column: a permutation in the order of compare, ties by id, input untouched", () => {
    const number = fc.option(fc.constantFrom(0, 1024, 4096, 1e9), {
      nil: null,
    });
    const anyRow = fc
      .record({
        tid: fc.integer({ min: 1, max: 4_194_304 }),
        readBytes: number,
        writeBytes: number,
        cancelledBytes: number,
        ioWaitNs: number,
        swapWaitNs: number,
        user: fc.constantFrom("root", "www", "漢"),
      })
      .map(row);
    const rows = fc.uniqueArray(anyRow, { selector: (r) => r.task.tid });
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(...COLUMNS),
        fc.boolean(),
        fc.constantFrom(view, processes, accumulated),
        (input, column, descending, shown) => {
          const before = [...input];
          const sorted = sortRows(input, column, descending, shown);
          expect(input).toEqual(before);
          expect(new Set(sorted)).toEqual(new Set(input));
          expect(sorted).toHaveLength(input.length);
          for (const [n, b] of sorted.entries()) {
            const a = sorted[n - 1];
            if (a === undefined) continue;
            const [x, y] = [a, b].map((each) => column.sortKey(each, shown));
            const order =
              (x! < y! ? -1 : x! > y! ? 1 : 0) * (descending ? -1 : 1);
            expect(order).toBeLessThanOrEqual(0);
            if (order === 0) expect(a.task.tid).toBeLessThan(b.task.tid);
          }
        },
      ),
    );
  });
});
