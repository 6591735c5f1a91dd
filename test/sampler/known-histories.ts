/** Histories that random play once found and that depend on microseconds: played in every run, before the random ones. */
import type { History, Op } from "../support/fake-linux/history.ts";
import type { FakeCounters } from "../support/fake-linux/fake-linux-tasks.ts";

const fork = (again = false): Op => ({ op: "fork", on: 0, again });
const clone = (on: number): Op => ({ op: "clone", on, again: false });
const io = (on: number, did: Partial<FakeCounters>): Op => ({
  op: "io",
  on,
  did,
  unaccounted: false,
});
const kill = (on: number, reaped: boolean): Op => ({
  op: "kill",
  on,
  mainFirst: false,
  reaped,
});

const HISTORIES: readonly History[] = [
  // The first answer under a tid could be the ended life's, the second cannot, and the message comes between them.
  {
    before: [fork()],
    atBaseline: [],
    ops: [
      { op: "sample", races: [{ look: 2, does: fork() }] },
      kill(13, true),
      fork(true),
      {
        op: "sample",
        races: [
          { look: 2, does: { op: "exit", on: 0, halt: "nowhere" } },
          { look: 0, does: kill(0, false) },
        ],
      },
    ],
  },
  // The main thread was not the last of its process; its tid comes again as a thread of another one.
  {
    before: [],
    atBaseline: [],
    ops: [
      {
        op: "sample",
        races: [
          { look: 3, does: fork() },
          { look: 3, does: { op: "clone", on: 15, again: false } },
        ],
      },
      { op: "kill", on: 0, mainFirst: true, reaped: true },
      { op: "clone", on: 0, again: true },
    ],
  },
  // A thread is made after the scan has read that nobody began, and before the CPU time of its process.
  {
    before: [],
    atBaseline: [],
    ops: [
      {
        op: "sample",
        races: [{ look: 2, does: { op: "clone", on: 0, again: false } }],
      },
      { op: "sample", races: [] },
      { op: "io", on: 15, did: { ioWaitNs: 1 }, unaccounted: false },
    ],
  },
  // The tid that a thread left by execve comes again as a process, which ends before anybody has looked.
  {
    before: [fork()],
    atBaseline: [],
    ops: [
      { op: "io", on: 3, did: { swapWaitNs: 1 }, unaccounted: false },
      {
        op: "sample",
        races: [{ look: 0, does: { op: "clone", on: 3, again: false } }],
      },
      { op: "exec", on: 13 },
      fork(true),
      { op: "sleep", ms: 1 },
      { op: "exit", on: 3, halt: "nowhere" },
    ],
  },
  // A thread calls execve while the scan asks about an execve before that one.
  ...[31, 32, 33].map((look): History => ({
    before: [fork()],
    atBaseline: [],
    ops: [
      clone(1),
      io(4, { writeBytes: 1024 }),
      { op: "exec", on: 1 },
      clone(1),
      io(3, { writeBytes: 4096 }),
      io(4, { writeBytes: 16_384 }),
      { op: "sample", races: [{ look, does: { op: "exec", on: 1 } }] },
    ],
  })),
  // The thread that calls execve was asked once more because another one could have.
  {
    before: [],
    atBaseline: [],
    ops: [
      io(0, {}),
      io(-1, {}),
      {
        op: "sample",
        races: [
          {
            look: 2,
            does: {
              op: "flood",
              on: 0,
              lives: [{ as: "process", us: 0, did: {} }],
              stays: true,
            },
          },
          { look: 2, does: clone(7) },
        ],
      },
      clone(7),
      {
        op: "sample",
        races: [
          { look: 32, does: { op: "exec", on: -3 } },
          { look: 0, does: clone(-1) },
        ],
      },
    ],
  },
  // The thread's message is held up, its process has ended, and a scan comes before the message.
  {
    before: [clone(0), fork()],
    atBaseline: [{ look: 0, does: fork() }],
    ops: [
      io(5, { swapWaitNs: 1 }),
      kill(0, false),
      clone(3),
      { op: "exit", on: 1, halt: "before its message is sent" },
      kill(0, false),
      { op: "sample", races: [] },
    ],
  },
  // The main thread's message is held up, its process has ended, and nobody of it was known.
  {
    before: [],
    atBaseline: [],
    ops: [
      fork(),
      clone(-1),
      { op: "exit", on: 0, halt: "before its message is sent" },
      kill(0, false),
      { op: "late", on: 0, did: { ioWaitNs: 1 } },
    ],
  },
  // The last one of a process has ended; its main thread goes on under the tid of an earlier life of microseconds.
  {
    before: [],
    atBaseline: [],
    ops: [
      {
        op: "flood",
        on: 0,
        lives: [{ as: "pool", us: 0, did: {} }],
        stays: true,
      },
      { op: "sample", races: [] },
      { op: "exec", on: -1 },
    ],
  },
  // A thread lingers for several scans after its message, and its process seems to have but one.
  {
    before: [],
    atBaseline: [],
    ops: [
      {
        op: "flood",
        on: 0,
        lives: [{ as: "pool", us: 0, did: {} }],
        stays: true,
      },
      { op: "exit", on: -1, halt: "with its memory" },
      {
        op: "sample",
        races: [
          {
            look: 0,
            again: true,
            does: { op: "io", on: 7, did: {}, unaccounted: false },
          },
        ],
      },
      { op: "sample", races: [] },
      { op: "fork", on: 15, again: false },
      { op: "sample", races: [] },
      { op: "exec", on: 0 },
    ],
  },
  // A thread that lives under a tid used twice before calls execve while it is asked again.
  {
    before: [],
    atBaseline: [],
    ops: [
      {
        op: "flood",
        on: -1,
        lives: [{ as: "process", us: 0, did: {} }],
        stays: true,
      },
      {
        op: "flood",
        on: -1,
        lives: [
          { as: "thread", us: 0, did: {} },
          { as: "thread", us: 0, did: {} },
        ],
        stays: true,
      },
      {
        op: "sample",
        races: [
          { look: 4, again: true, does: { op: "exec", on: 4 } },
          { look: 0, does: { op: "fork", on: -1, again: false } },
        ],
      },
    ],
  },
  // The same, and the main thread is to be asked because of it.
  {
    before: [
      { op: "fork", on: -1, again: false },
      {
        op: "flood",
        on: -1,
        lives: [{ as: "process", us: 0, did: {} }],
        stays: true,
      },
    ],
    atBaseline: [],
    ops: [
      { op: "fork", on: 0, again: false },
      { op: "clone", on: 5, again: false },
      { op: "clone", on: 5, again: false },
      {
        op: "flood",
        on: -1,
        lives: [
          { as: "thread", us: 0, did: {} },
          { as: "thread", us: 0, did: {} },
        ],
        stays: true,
      },
      {
        op: "flood",
        on: -1,
        lives: [{ as: "process", us: 0, did: {} }],
        stays: true,
      },
      {
        op: "sample",
        races: [
          { look: 0, does: { op: "fork", on: 0, again: false } },
          { look: 3, again: true, does: { op: "exec", on: 13 } },
        ],
      },
    ],
  },
  // At the baseline a thread calls execve after it has answered, and its process ends before the answer is looked at.
  {
    before: [
      { op: "fork", on: 0, again: false },
      { op: "clone", on: -1, again: false },
    ],
    atBaseline: [
      { look: 18, does: { op: "exit", on: 0, halt: "nowhere" } },
      { look: 17, does: { op: "exec", on: 7 } },
    ],
    ops: [],
  },
  // A pid is used again within a scan, and a thread of its second process calls execve.
  {
    before: [],
    atBaseline: [],
    ops: [
      {
        op: "flood",
        on: -1,
        lives: [{ as: "process", us: 0, did: {} }],
        stays: false,
      },
      {
        op: "sample",
        races: [
          { look: 0, again: true, does: { op: "exec", on: -1 } },
          {
            look: 2,
            does: {
              op: "flood",
              on: 0,
              lives: [{ as: "pool", us: 0, did: {} }],
              stays: true,
            },
          },
        ],
      },
    ],
  },
  // A thread that lingers is taken for one of the process that had the pid some microseconds before.
  {
    before: [],
    atBaseline: [],
    ops: [
      {
        op: "flood",
        on: 0,
        lives: [
          { as: "pool", us: 1, did: {} },
          { as: "process", us: 0, did: {} },
        ],
        stays: true,
      },
      { op: "clone", on: -1, again: false },
      { op: "drain" },
      { op: "exit", on: 3, halt: "before its message is sent" },
      { op: "sleep", ms: 90 },
      { op: "exit", on: 0, halt: "before its message is sent" },
      { op: "sample", races: [] },
      { op: "sample", races: [] },
      { op: "late", on: -1, did: {} },
      { op: "sample", races: [] },
      { op: "reap", on: 0 },
    ],
  },
  // A thread is held up after its message, and no scan lists the threads of its process meanwhile.
  {
    before: [],
    atBaseline: [],
    ops: [
      { op: "fork", on: -1, again: false },
      {
        op: "flood",
        on: 0,
        lives: [
          { as: "pool", us: 0, did: {} },
          { as: "pool", us: 0, did: { writeBytes: 4096 } },
        ],
        stays: true,
      },
      { op: "exit", on: 2, halt: "with its memory" },
      { op: "sample", races: [] },
      { op: "sample", races: [] },
      {
        op: "flood",
        on: 0,
        lives: [{ as: "process", us: 0, did: {} }],
        stays: false,
      },
    ],
  },
  // The message of a thread that called execve is held up, and the last one of its process comes before it.
  {
    before: [{ op: "fork", on: -1, again: false }],
    atBaseline: [],
    ops: [
      { op: "clone", on: 13, again: false },
      { op: "io", on: -1, did: { ioWaitNs: 262144 }, unaccounted: false },
      { op: "exec", on: 1 },
      { op: "clone", on: -1, again: false },
      { op: "exit", on: -2, halt: "before its message is sent" },
      { op: "exit", on: 0, halt: "nowhere" },
    ],
  },
  // The main thread answers while its message is held up, and its process has ended.
  {
    before: [{ op: "fork", on: -1, again: false }],
    atBaseline: [],
    ops: [
      { op: "fork", on: -1, again: false },
      { op: "exit", on: 0, halt: "nowhere" },
      { op: "io", on: -1, did: { ioWaitNs: 262144 }, unaccounted: false },
      { op: "clone", on: -1, again: false },
      { op: "exit", on: -2, halt: "before its message is sent" },
      {
        op: "sample",
        races: [
          {
            look: 0,
            does: { op: "kill", on: 0, mainFirst: false, reaped: false },
          },
        ],
      },
    ],
  },
  // A thread whose id had another life answers, calls execve, and its process ends before the answer is looked at.
  {
    before: [],
    atBaseline: [],
    ops: [
      { op: "fork", on: -1, again: false },
      {
        op: "flood",
        on: -1,
        lives: [
          { as: "thread", us: 0, did: {} },
          { as: "thread", us: 0, did: {} },
        ],
        stays: true,
      },
      {
        op: "sample",
        races: [
          { look: 2, again: true, does: { op: "exec", on: -1 } },
          {
            look: 21,
            does: { op: "kill", on: 0, mainFirst: false, reaped: false },
          },
        ],
      },
    ],
  },
  // A process has the id of what was another process's thread, and makes a thread under that process's id.
  {
    before: [],
    atBaseline: [],
    ops: [
      { op: "fork", on: 0, again: false },
      { op: "sample", races: [] },
      {
        op: "sample",
        races: [
          {
            look: 2,
            does: {
              op: "flood",
              on: 1,
              lives: [
                { as: "thread", us: 0, did: {} },
                { as: "process", us: 0, did: {} },
              ],
              stays: true,
            },
          },
          {
            look: 19,
            does: { op: "kill", on: -2, mainFirst: false, reaped: true },
          },
          {
            look: 0,
            again: true,
            does: { op: "clone", on: 1, again: true },
          },
        ],
      },
    ],
  },
  // The message of a thread waits in the journal of an id that was another process's, and its own process ends.
  {
    before: [],
    atBaseline: [],
    ops: [
      { op: "fork", on: -1, again: false },
      { op: "fork", on: 0, again: false },
      { op: "clone", on: 4, again: false },
      { op: "exec", on: -1 },
      { op: "exit", on: 0, halt: "before its message is sent" },
      { op: "reap", on: -1 },
      { op: "clone", on: -1, again: true },
      { op: "exec", on: 0 },
      { op: "sleep", ms: 100 },
      { op: "io", on: 3, did: { swapWaitNs: 262144 }, unaccounted: false },
      { op: "exit", on: -1, halt: "nowhere" },
    ],
  },
];

/** The same with the races of each sample but the first one so many looks later. */
function shifted(history: History, looks: number): History {
  const first = history.ops.findIndex(({ op }) => op === "sample");
  const ops = history.ops.map((op, i) =>
    op.op === "sample" && i > first
      ? {
          ...op,
          races: op.races.map((race) => ({ ...race, look: race.look + looks })),
        }
      : op,
  );
  return { ...history, ops };
}

const hasLaterRaces = ({ ops }: History): boolean =>
  ops
    .filter(({ op }) => op === "sample")
    .slice(1)
    .some((op) => op.op === "sample" && op.races.length > 0);

/** How many looks a scan takes depends on how it finds new processes, but for the first ones, which list /proc. */
export const KNOWN_HISTORIES: readonly History[] = [
  ...HISTORIES,
  ...HISTORIES.filter(hasLaterRaces).flatMap((history) =>
    [-1, 1, 2].map((looks) => shifted(history, looks)),
  ),
];
