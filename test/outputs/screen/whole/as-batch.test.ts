import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import batch from "../../../../outputs/batch/index.ts";
import { Intake } from "../../../../outputs/screen/intake.ts";
import { initialState } from "../../../../outputs/screen/state.ts";
import { listRows } from "../../../../outputs/screen/table/list.ts";
import { cellText, columnById } from "../../../../src/model/columns/columns.ts";
import {
  DEFAULT_SCREEN,
  type ScreenSettings,
} from "../../../../src/model/options/screen-settings.ts";
import type { TaskDelta } from "../../../../src/model/sample.ts";
import { viewOf } from "../../../../src/model/options/screen-view.ts";
import { taskCountOf } from "../../../../src/model/tasks/ended.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../../../src/model/view/task-filter.ts";
import { makeContext } from "../../../support/context.ts";
import { simulatedRun } from "../../../support/runs/simulated-run.ts";

setDefaultTimeout(120_000);

const chosen: fc.Arbitrary<Partial<ScreenSettings>> = fc.record({
  sums: fc.constantFrom("sums", "means", "lifetime"),
  mode: fc.constantFrom("processes", "threads"),
  only: fc.boolean(),
  groupBy: fc.constantFrom("off", "off", "command", "user"),
  filter: fc
    .constantFrom(null, "1", "task1", "[35]$", "nothing")
    .map((text) => (text === null ? null : (parseFilter(text) as TaskFilter))),
});
/** The first are processes, those above 100 threads. */
const selected = fc.record({
  pids: fc.constantFrom([], [], [2], [1, 3, 5], [104], [101, 102, 103, 2]),
  uids: fc.constantFrom([], [], [0], [7]),
});

/** Of a line of text: the id, what was read and written, and how many ended. */
function factsOf(line: string): string {
  const [id, , , read, readUnit, write, writeUnit] = line.trim().split(/ +/);
  const ended = /\((?:(\d+) )?(?:exited|killed)[^)]*\)$/.exec(line);
  const count = ended === null ? 0 : Number(ended[1] ?? 1);
  // The unit of an unknown amount is there for parsers.
  const amounts = [read, readUnit, write, writeUnit].join(" ");
  return `${id} ${amounts.replace(/\? B(?:\/s)?/g, "?")} ${count}`;
}

test("with sums and means, the screen lists what -b lists, whatever is selected", () =>
  fc.assert(
    fc.asyncProperty(
      simulatedRun(8),
      chosen,
      selected,
      async (run, settings, fixed) => {
        const screen = { ...DEFAULT_SCREEN, ...settings };
        const view = { ...viewOf(screen), ...fixed, quiet: 3 as const };
        const ctx = makeContext(view, { screen });
        const text = batch.create({});
        const intake = new Intake(false);
        const state = { ...initialState(view, "ascii", screen), view };
        const factsOfRow = (row: TaskDelta): string =>
          (["tid", "read", "write"] as const)
            .map((id) => cellText(columnById(id), row, view, ctx.format))
            .concat(row.exit === null ? "0" : String(taskCountOf(row)))
            .join(" ");
        for (const sample of run) {
          ctx.printed.length = 0;
          await text.write(sample, ctx);
          const lines = ctx.printed.join("").split("\n").slice(0, -1);
          intake.take(sample, view);
          const { rows } = listRows(intake.latest!, state);
          expect(rows.map(factsOfRow).sort()).toEqual(
            lines.map(factsOf).sort(),
          );
        }
      },
    ),
    { numRuns: 300 },
  ));
