import { describe, expect, test } from "bun:test";
import { familyOf, parseStat, type Mark, type Process } from "./family.ts";

const stat = (state: string, name = "sh") =>
  `42 (${name}) ${state} 7 40 39 ${"0 ".repeat(15)}1234 5 6\n`;

describe("parseStat", () => {
  test("takes parent, session and start, whatever the name holds", () => {
    for (const name of ["sh", "a) R 1 2 3 (", "line\nbreak"])
      expect(parseStat(stat("S", name))).toEqual({
        pid: 42,
        parentPid: 7,
        session: 39,
        startTicks: 1234,
        name,
      });
  });

  test.each(["Z", "X"])("knows that state %s is the end", (state) =>
    expect(parseStat(stat(state))).toBeNull(),
  );

  test("takes nothing for a line", () => expect(parseStat("")).toBeNull());
});

describe("familyOf", () => {
  const mark: Mark = {
    leaderPid: 10,
    startTicks: 100,
    entry: "A=1",
    outputs: [],
  };
  const one = (
    pid: number,
    parentPid: number,
    session: number,
    startTicks = 100,
  ): Process => ({ pid, parentPid, session, startTicks, name: "x" });
  const pidsOf = (processes: Process[], marked: number[] = []) =>
    familyOf(processes, mark, (pid) => marked.includes(pid))
      .map(({ pid }) => pid)
      .toSorted((a, b) => a - b);

  test("is the leader, its session, what is marked, and all that those started", () => {
    const processes = [
      one(1, 0, 1, 0),
      one(9, 1, 9, 50),
      one(14, 13, 14),
      one(10, 9, 10),
      one(11, 1, 10),
      one(12, 1, 12),
      one(13, 12, 13),
      one(20, 9, 20),
    ];
    expect(pidsOf(processes, [12])).toEqual([10, 11, 12, 13, 14]);
  });

  test("has nobody who was given its leader's id later, nor what that one started", () => {
    expect(pidsOf([one(10, 30, 30, 105), one(11, 10, 30, 106)])).toEqual([]);
  });

  test("has nobody who began before its leader", () => {
    expect(pidsOf([one(11, 1, 10, 99), one(12, 1, 12, 99)], [12])).toEqual([]);
  });
});
