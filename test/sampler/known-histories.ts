/** Histories that random play once found and that depend on microseconds: played in every run, before the random ones. */
import type { History, Op } from "../support/fake-history.ts";

const fork = (again = false): Op => ({ op: "fork", on: 0, again });
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
];
