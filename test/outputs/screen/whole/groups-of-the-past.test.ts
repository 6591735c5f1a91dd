import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { Intake } from "../../../../outputs/screen/intake.ts";
import {
  initialState,
  type ScreenState,
} from "../../../../outputs/screen/state.ts";
import { listRows, type Taken } from "../../../../outputs/screen/table/list.ts";
import { grossBytes } from "../../../../src/model/delta.ts";
import {
  DEFAULT_SCREEN,
  type ScreenSettings,
} from "../../../../src/model/options/screen-settings.ts";
import { viewOf } from "../../../../src/model/options/screen-view.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../../../src/model/view/task-filter.ts";
import { simulatedRun } from "../../../support/runs/simulated-run.ts";

setDefaultTimeout(120_000);

const STEPS = 8;
const filters = fc.array(fc.constantFrom(null, null, "1", "task1", "[35]$"), {
  minLength: STEPS,
  maxLength: STEPS,
});

function stateOf(
  groupBy: ScreenSettings["groupBy"],
  text: string | null,
): ScreenState {
  const filter = text === null ? null : (parseFilter(text) as TaskFilter);
  const screen = { ...DEFAULT_SCREEN, sums: "sums", groupBy, filter } as const;
  const view = viewOf(screen);
  return { ...initialState(view, "ascii", screen), view };
}

const groupsOf = (taken: Taken, state: ScreenState): readonly string[] =>
  listRows(taken, state)
    .rows.filter(({ since }) => grossBytes(since) > 0)
    .map(({ task, since: { readBytes, writeBytes } }) =>
      JSON.stringify([task.comm, task.user, readBytes, writeBytes]),
    )
    .sort();

test("groups have in each earlier sample the sums that they had then, whatever was selected or set to 0 since", () =>
  fc.assert(
    fc.property(
      simulatedRun(STEPS),
      fc.constantFrom("command" as const, "user" as const),
      filters,
      fc.constantFrom(-1, 2, 4),
      (run, groupBy, texts, zeroedAt) => {
        const intake = new Intake(false);
        const seen = run.map((sample, n) => {
          const state = stateOf(groupBy, texts[n % STEPS]!);
          intake.take(sample, state.view);
          const groups = groupsOf(intake.latest!, state);
          if (n === zeroedAt) intake.startSums();
          return { state, groups };
        });
        for (const [n, { state, groups }] of seen.entries()) {
          const back = run.length - 1 - n;
          if (back > 0)
            expect(groupsOf(intake.at(back)!, state)).toEqual([...groups]);
        }
      },
    ),
    { numRuns: 300 },
  ));
