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
          { look: 2, does: { op: "exit", on: 0, lingers: false } },
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
];
