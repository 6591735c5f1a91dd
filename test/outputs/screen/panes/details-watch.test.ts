import { describe, expect, test } from "bun:test";
import { DetailsWatch } from "../../../../outputs/screen/panes/details-watch.ts";
import {
  initialState,
  selectionOf,
  type ScreenState,
} from "../../../../outputs/screen/state.ts";
import type { Controls } from "../../../../src/model/controls.ts";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import type { OpenFile } from "../../../../src/model/tasks/task-details.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import { FakeTasks } from "../../../support/fake-tasks.ts";
import { makeSample, makeTask, row } from "../../../support/samples.ts";
import { makeDetails } from "../../../support/screen/task-details.ts";

const TASK = makeTask({ tid: 7 });

const file = (fd: number, position: number | null): OpenFile => ({
  ...{ fd, mode: "r", path: `/f${fd}`, position, size: null },
});

class Watched {
  readonly tasks = new FakeTasks();
  readonly #watch = new DetailsWatch();
  #seq = 0;

  /** A new sample, in which the task is open. */
  next(
    files: readonly OpenFile[] | null = [],
    task: TaskDelta = row({ tid: 7, task: TASK }),
  ) {
    this.#seq++;
    this.tasks.details = files && makeDetails({ uptimeS: this.#seq, files });
    return this.again(task);
  }

  /** The same sample. */
  again(
    task: TaskDelta = row({ tid: 7, task: TASK }),
    state: Partial<ScreenState> = {},
  ) {
    const controls: Controls = {
      ...{
        pace: null,
        tasks: this.tasks,
        settings: null,
        replay: null,
        files: null,
      },
    };
    const view = { ...DEFAULT_VIEW, processes: true };
    const { key } = task.task;
    return this.#watch.follow(
      { controls },
      {
        ...initialState(view, "blocks"),
        selected: selectionOf(task, false),
        details: { key, top: 0 },
        ...state,
      },
      {
        sample: makeSample({ seq: this.#seq, threads: [task] }),
        list: { rows: [task], branches: new Map() },
      },
    );
  }
}

test("a sample is looked at once, and the look before is kept", () => {
  const watched = new Watched();
  const first = watched.next()!;
  expect([first.details?.uptimeS, first.before]).toEqual([1, null]);
  expect(watched.again()!.details).toBe(first.details);
  const second = watched.next()!;
  expect(second.before).toBe(first.details);
  expect(watched.tasks.inspected).toEqual([7, 7]);
});

test("a file that has moved once counts as moving", () => {
  const watched = new Watched();
  watched.next([file(3, 0), file(4, 9)]);
  expect([...watched.next([file(3, 5), file(4, 9)])!.moved]).toEqual(["3 /f3"]);
  expect([...watched.next([file(3, 5), file(4, 9)])!.moved]).toEqual(["3 /f3"]);
});

test("another file under the same number has not moved", () => {
  const watched = new Watched();
  watched.next([file(3, 0)]);
  const other = { ...file(3, 5), path: "/other" };
  expect(watched.next([other])!.moved.size).toBe(0);
});

describe("a task that ended", () => {
  test("keeps what was last seen, and is not looked at again", () => {
    const watched = new Watched();
    const seen = watched.next([file(3, 0)])!;
    const gone = watched.next(null)!;
    expect(gone).toMatchObject({ hasEnded: true, before: null });
    expect(gone.details).toBe(seen.details);
    watched.next(null);
    expect(watched.tasks.inspected.length).toBe(2);
  });

  test("that is told to have ended is not looked at either", () => {
    const watched = new Watched();
    const exit = { code: 0, signal: 0 };
    expect(watched.next([], row({ tid: 7, task: TASK, exit }))).toMatchObject({
      ...{ hasEnded: true, details: null },
    });
    expect(watched.tasks.inspected).toEqual([]);
  });
});

test("what is closed is forgotten", () => {
  const watched = new Watched();
  watched.next([file(3, 0)]);
  expect(watched.again(undefined, { details: null })).toBeNull();
  expect(watched.next([file(3, 5)])!.moved.size).toBe(0);
});
