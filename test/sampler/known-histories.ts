/** Histories that random play once found and that depend on microseconds: played in every run, before the random ones. */
import type { History, Op } from "../support/fake-history.ts";
import type { FakeCounters } from "../support/fake-linux.ts";

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

export const KNOWN_HISTORIES: readonly History[] = [
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
];
