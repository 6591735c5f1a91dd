import { describe, expect, test } from "bun:test";
import { Messages } from "../../../src/host/run/messages.ts";
import { SourceWarnings } from "../../../src/host/run/source-warnings.ts";
import type { Health, Origin } from "../../../src/model/sample.ts";
import type { Notice, Source } from "../../../src/sources/source.ts";
import { makeSample, row } from "../../support/samples.ts";

class World {
  readonly lines: string[] = [];
  readonly notices: Notice[] = [];
  readonly messages = new Messages((text) => void this.lines.push(text));
  readonly warnings: SourceWarnings;

  constructor(name: Source["name"] = "taskstats", showsProblems = false) {
    const source = {
      name,
      notices: this.notices,
      samples: () => {
        throw new Error("not asked for");
      },
      [Symbol.dispose]() {},
    };
    this.warnings = new SourceWarnings(source, this.messages, showsProblems);
  }

  sample(health: Partial<Health>, origin: Partial<Origin> = {}): void {
    this.warnings.reportProblems(makeSample({ health, origin }));
  }
}

test("each problem is told once a run, in one line", () => {
  const world = new World();
  world.sample({});
  expect(world.lines).toEqual([]);
  world.sample({ denied: 1 });
  world.sample({ denied: 5, vanished: 2 });
  world.sample({ lostExits: 1, vanished: 1 });
  world.sample({ exitEvents: false, vanished: 3 });
  expect(world.lines.map((text) => text.slice(0, 30))).toEqual([
    "1 task could not be read, for ",
    "2 tasks could not be read in t",
    "the kernel dropped messages ab",
    "the kernel does not report tas",
  ]);
});

test("delay accounting that is off: once, with what turns it on", () => {
  const world = new World();
  world.sample({}, { delayAccounting: false });
  world.sample({}, { delayAccounting: true });
  world.sample({}, { delayAccounting: false });
  expect(world.lines).toHaveLength(1);
  expect(world.lines[0]).toContain("sysctl kernel.task_delayacct=1");
});

test("what a notice explains is not told again", () => {
  const world = new World();
  world.notices.push({ text: "no root", explains: ["denied", "exit-events"] });
  world.warnings.reportNotices();
  world.sample({ denied: 7, exitEvents: false, lostExits: 2 });
  expect(world.lines).toEqual([
    "no root",
    "the kernel dropped messages about tasks that exited (2 times): what those tasks did last is missing",
  ]);
});

test("an output that shows the problems itself is left to it; notices are told all the same", () => {
  const world = new World("taskstats", true);
  world.notices.push({ text: "less", explains: [] });
  world.warnings.reportNotices();
  world.sample({ denied: 7 });
  expect(world.lines).toEqual(["less"]);
});

test("the problems of a recording are its own, and nobody is told to mend them", () => {
  const world = new World("replay");
  world.sample({ lostExits: 1, denied: 2 }, { delayAccounting: false });
  expect(world.lines).toEqual([
    "the recording was made without delay accounting: SWAPIN and IO are unknown",
    "in the recording, the kernel dropped messages about tasks that exited (once): what those tasks did last is missing",
    "in the recording, 2 tasks could not be read, for lack of permission",
  ]);
});

describe("ids to watch that nobody has", () => {
  const sample = makeSample({
    threads: [row({ tid: 7, pid: 7 }), row({ tid: 8, pid: 7 })],
  });
  const told = (pids: readonly number[], name?: Source["name"]) => {
    const world = new World(name);
    world.warnings.reportAbsent(sample, pids);
    return world.lines;
  };

  test("are told in one line", () => {
    expect(told([999_999])).toEqual([
      "-p 999999: no such process or thread now",
    ]);
    expect(told([5, 8, 6, 5])).toEqual([
      "-p 5, 6: no such process or thread now",
    ]);
  });

  test("are none where each is a process or a thread", () => {
    expect(told([])).toEqual([]);
    expect(told([7, 8])).toEqual([]);
  });

  test("are not looked for in a recording, which need not list who is idle", () => {
    expect(told([999_999], "replay")).toEqual([]);
  });
});

test("late notices are told behind the screen too, and none of them twice", () => {
  const world = new World();
  const shown: string[] = [];
  world.messages.showOn((text) => void shown.push(text));
  world.notices.push({ text: "early", explains: [] });
  world.warnings.reportNotices();
  world.notices.push({ text: "late", explains: [] });
  world.warnings.reportLateNotices();
  world.warnings.reportLateNotices();
  world.messages.screenGone();
  expect(shown).toEqual(["early", "late"]);
  expect(world.lines).toEqual(["late"]);
});
