import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  HIDDEN,
  SLOTS,
  type SlotId,
} from "../../../../outputs/screen/table/slots.ts";
import {
  layoutTable,
  type TableWishes,
} from "../../../../outputs/screen/table/table-layout.ts";
import { COLUMNS } from "../../../../src/model/columns/columns.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";

setDefaultTimeout(120_000);

const ids = COLUMNS.map(({ id }) => id);
const NONE: ReadonlySet<SlotId> = new Set();
const wishes = (fields: Partial<TableWishes> = {}): TableWishes => ({
  sort: "graph",
  hidden: HIDDEN,
  view: DEFAULT_VIEW,
  idCells: 5,
  folded: new Set(["swapin"]),
  scrolls: true,
  ...fields,
});
const shownAt = (
  columns: number,
  fields: Partial<TableWishes> = {},
): readonly string[] =>
  layoutTable(columns, wishes(fields)).columns.map(({ id }) => id);

describe("columns", () => {
  test("come one by one as the window grows", () => {
    const at = (columns: number): string => shownAt(columns).join(" ");
    expect(at(20)).toBe("tid rw command");
    expect(at(31)).toBe("tid read write command");
    expect(at(40)).toBe("tid read write io command");
    expect(at(54)).toBe("tid read write io graph command");
    expect(at(80)).toBe("tid user read write io graph command");
    expect(at(110)).toBe("tid prio user read write io graph command");
    expect(at(120)).toBe("tid prio user read write io graph unit command");
    expect(shownAt(120, { folded: NONE })).toContain("swapin");
  });

  test("never leave as the window grows, and none becomes narrower but COMMAND", () => {
    for (const scrolls of [false, true])
      for (const folded of [NONE, new Set<SlotId>(["swapin"])]) {
        let before = new Map<string, number>();
        for (let columns = 31; columns <= 300; columns++) {
          const layout = layoutTable(columns, wishes({ scrolls, folded }));
          const now = new Map(layout.columns.map((one) => [one.id, one.width]));
          for (const [id, width] of before) {
            const least = id === "command" ? 8 : width;
            expect(now.get(id as SlotId) ?? 0).toBeGreaterThanOrEqual(least);
          }
          before = now;
        }
      }
  });

  test("have a graph of at least 6 cells from 54 on, and of 10 at 80", () => {
    const graphAt = (columns: number): number =>
      layoutTable(columns, wishes()).columns.find(({ id }) => id === "graph")!
        .width;
    expect(graphAt(54)).toBe(6);
    expect(graphAt(80)).toBe(10);
    expect(graphAt(120)).toBeGreaterThanOrEqual(20);
    expect(graphAt(500)).toBe(60);
  });

  test("the one that orders the rows shows in any window that has room for one", () => {
    for (const id of ids)
      for (let columns = 20; columns <= 300; columns++) {
        const shown = shownAt(columns, { sort: id });
        const isThere =
          shown.includes(id) ||
          (["read", "write", "graph"].includes(id) && columns < 54);
        expect([columns, id, isThere]).toEqual([columns, id, true]);
      }
  });

  test("on request come before the usual ones, as far as there is room", () => {
    const all = shownAt(80, { hidden: NONE, folded: NONE });
    expect(all.slice(0, 2)).toEqual(["tid", "state"]);
    expect(all).toContain("read");
    expect(all.at(-1)).toBe("command");
    expect(shownAt(300, { hidden: NONE, folded: NONE })).toEqual(SLOTS);
    const { columns } = layoutTable(80, wishes({ hidden: NONE }));
    expect(columns.at(-1)!.width).toBeGreaterThanOrEqual(10);
  });

  test("that fold away come back where they order the rows", () => {
    expect(shownAt(120)).not.toContain("swapin");
    expect(shownAt(120, { sort: "swapin" })).toContain("swapin");
  });

  test("lie side by side within the window, with a gap", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(...SLOTS),
        fc.subarray([...SLOTS]),
        fc.subarray([...SLOTS]),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        fc.boolean(),
        (columns, sort, hidden, folded, idCells, kilobytes, scrolls) => {
          const layout = layoutTable(columns, {
            sort,
            hidden: new Set(hidden),
            folded: new Set(folded),
            view: { ...DEFAULT_VIEW, kilobytes },
            idCells,
            scrolls,
          });
          const end = layout.scrollBar ?? columns;
          let x = 0;
          for (const placed of layout.columns) {
            expect(placed.width).toBeGreaterThanOrEqual(0);
            if (placed.width === 0) continue;
            expect(placed.x).toBeGreaterThan(x);
            x = placed.x + placed.width;
            expect(x).toBeLessThanOrEqual(end);
          }
        },
      ),
    );
  });
});
