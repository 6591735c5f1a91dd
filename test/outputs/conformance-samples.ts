/** Samples that are hard on outputs. None can be changed. */
import {
  COUNTERS,
  unknownDelta,
  type IoDelta,
  type Sample,
} from "../../src/model/index.ts";
import { makeSample, row, type SampleFields } from "../support/samples.ts";

/** A sample that throws when anybody changes it, or anything in it. */
export function frozenSample(fields: SampleFields): Sample {
  const sample = makeSample(fields);
  freeze(sample.processes);
  return freeze(sample);
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value))
    return value;
  if (value instanceof Map) {
    for (const part of value.values()) freeze(part);
    const refuse = (): never => {
      throw new TypeError("a sample cannot be changed");
    };
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
  }
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
}

/** Three samples of a small machine: processes with threads, one that begins, one that ends, one that is killed. */
export function busySamples(seqs = [1, 2, 3]): readonly Sample[] {
  return seqs.map((seq) => {
    const did = (readBytes: number, times = 1): Partial<IoDelta> => ({
      readBytes: readBytes * times,
      writeBytes: 2048 * times,
      ioWaitNs: 3_000_000 * times,
    });
    const task = (tid: number, comm: string, readBytes: number) => ({
      tid,
      comm,
      ...did(readBytes),
      since: did(readBytes, seq),
    });
    return frozenSample({
      seq,
      timeMs: Date.UTC(2026, 10, 23, 3, 27, 28 + seq),
      threads: [
        row(task(5, "mysqld", 4096)),
        row({ ...task(6, "flusher", 1024), pid: 5 }),
        row(task(7, "dd", 8192)),
        row({ tid: 8 }),
        row({
          ...task(100 + seq, "sh", 512),
          since: did(512),
          born: true,
          exit: { code: 0, signal: seq === 2 ? 9 : 0 },
        }),
      ],
      host: {
        since: {
          ...makeSample().host.since,
          readBytes: BUSY_READ_BYTES * seq,
          writeBytes: 4 * 2048 * seq,
        },
      },
    });
  });
}

/** What each of them read. */
export const BUSY_READ_BYTES = 4096 + 1024 + 8192 + 512;

/** Nothing is known that can be unknown. */
export function unknownSamples(): readonly Sample[] {
  const nothing = unknownDelta();
  const task = {
    cmdline: null,
    longName: null,
    ioPriority: null,
    cgroup: null,
    state: null,
    ...nothing,
    since: nothing,
  };
  return [1, 2].map((seq) =>
    frozenSample({
      seq,
      origin: { bootId: null, accounting: "procfs", delayAccounting: null },
      threads: [
        row({ tid: 5, ...task }),
        row({ tid: 6, pid: 5, ...task }),
        row({ tid: 10 + seq, ...task, exit: { code: null, signal: null } }),
        row({ tid: 20, ...task, readBytes: 1024 }),
      ],
      host: {
        ...nothing,
        since: nothing,
        diskReadBytes: null,
        diskWriteBytes: null,
        pressure: null,
      },
      health: { denied: null, exitEvents: false, vanished: 1, lostExits: 2 },
    }),
  );
}

export const MANY_ROWS = 10_000;

/** Ten thousand tasks that all do something, each by a name of its own. */
export function hugeSamples(): readonly Sample[] {
  return [1, 2].map((seq) =>
    frozenSample({
      seq,
      threads: Array.from({ length: MANY_ROWS }, (_, n) =>
        row({ tid: n + 1, comm: `worker-${n}`, readBytes: 512, writeBytes: n }),
      ),
    }),
  );
}

/** Names that would move a cursor, set a title, end a line, hide or reorder their neighbours, if printed as they are. */
export const HOSTILE_NAMES = [
  "\x1b[6n",
  "\x1b]0;title\x07",
  "\x9b6n",
  "two\nlines\r",
  "a:1|c\nb:2|c",
  "tab\tbell\x07",
  "nul\0del\x7f",
  "\u202etxt.exe",
  "\u2066isolate",
  "zero\u200bwidth\ufeff",
  "line\u2028paragraph\u2029",
  "\ud800",
  "__proto__",
  "constructor",
  "",
  " ",
  "日本語",
] as const;

/** A sample a name. */
export function hostileSamples(): readonly Sample[] {
  const io = Object.fromEntries(COUNTERS.map((counter) => [counter, 4096]));
  return HOSTILE_NAMES.map((name, n) =>
    frozenSample({
      seq: n + 1,
      origin: { hostname: name },
      threads: [
        row({
          ...{ tid: 5, comm: name, user: name, cgroup: `/${name}`, ...io },
          cmdline: [name, name],
        }),
        row({
          ...{ tid: 6, comm: name, longName: name, ...io },
          isKernelThread: true,
        }),
        row({
          ...{ tid: 100 + n, comm: name, user: name, ...io },
          exit: { code: 1, signal: 0 },
        }),
      ],
    }),
  );
}
