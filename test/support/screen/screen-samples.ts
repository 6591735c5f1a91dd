/** Samples for the tests of the screen as a whole. */
import type { Sample } from "../../../src/model/sample.ts";
import { makeSample, makeTask, row } from "../samples.ts";

export const MIB = 1024 * 1024;

export const TASKS = {
  fio: makeTask({
    tid: 31863,
    comm: "fio",
    cmdline: [
      "fio",
      "--name=rd20",
      "--filename=/data/rd.dat",
      "--rate=20m",
      "--runtime=3600",
    ],
  }),
  postgres: makeTask({
    tid: 812,
    comm: "postgres",
    user: "postgres",
    uid: 105,
    cmdline: [
      "/usr/lib/postgresql/15/bin/postgres",
      "-D",
      "/var/lib/postgresql/15/main",
    ],
  }),
  wide: makeTask({
    tid: 900,
    comm: "日本語",
    cmdline: [
      "日本語プロセス名前日本語プロセス名前",
      "漢字漢字漢字漢字漢字漢字",
    ],
  }),
  evil: makeTask({
    tid: 901,
    comm: "evil",
    cmdline: [
      "evil\x1b[31mred\x1b[2J\x1b[H",
      "rtl\u202eabc",
      "two\nlines",
      "tab\t\x9b",
    ],
  }),
  dd: makeTask({
    tid: 32000,
    comm: "dd",
    cmdline: ["dd", "if=/dev/zero", "of=/data/x"],
  }),
  idle: makeTask({ tid: 2, comm: "kthreadd", isKernelThread: true }),
};

export function busySample(
  fields: { seq?: number; bare?: boolean; ended?: boolean } = {},
): Sample {
  const { seq = 1, bare = false, ended = true } = fields;
  const waits = (ioWaitNs: number) =>
    bare ? { ioWaitNs: null, swapWaitNs: null } : { ioWaitNs, swapWaitNs: 0 };
  return makeSample({
    seq,
    origin: { delayAccounting: !bare },
    host: {
      diskReadBytes: 24 * MIB,
      diskWriteBytes: 5 * MIB,
      pressure: { someRatio: 0.12, fullRatio: 0.031 },
    },
    threads: [
      row({ tid: 2, task: TASKS.idle, ...waits(0) }),
      row({ tid: 901, task: TASKS.evil, writeBytes: 4096, ...waits(0) }),
      row({ tid: 900, task: TASKS.wide, readBytes: 65536, ...waits(2e7) }),
      row({
        tid: 812,
        task: TASKS.postgres,
        writeBytes: 5 * MIB,
        readBytes: 128 * MIB,
        ...waits(85e7),
      }),
      row({
        tid: 31863,
        task: TASKS.fio,
        readBytes: 20 * MIB,
        ...waits(31e7),
        born: true,
      }),
      ...(ended
        ? [
            row({
              tid: 32000,
              task: TASKS.dd,
              writeBytes: 2.5 * MIB,
              ...waits(0),
              born: true,
              exit: { code: 1, signal: 0 },
            }),
          ]
        : []),
    ],
  });
}

/** A list of many rows: the first write, the others rest. */
export function longSample(count: number, busiest: number): Sample {
  return makeSample({
    threads: Array.from({ length: count }, (_, i) =>
      row({
        tid: 1000 + i,
        comm: `task${i}`,
        writeBytes: i === busiest ? MIB : 0,
      }),
    ),
  });
}

/** Lines as one. */
export const text = (lines: readonly string[]): string => lines.join("\n");
