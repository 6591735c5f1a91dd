import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { layOutRegions } from "../../../../outputs/screen/regions.ts";
import { HIDDEN, SLOTS } from "../../../../outputs/screen/table/slots.ts";
import { layoutTable } from "../../../../outputs/screen/table/table-layout.ts";
import { COLUMNS } from "../../../../src/model/columns.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view.ts";

setDefaultTimeout(120_000);

const ids = COLUMNS.map(({ id }) => id);
const shownAt = (columns: number, sort: (typeof ids)[number] = "io"): string =>
  layoutTable(columns, {
    sort,
    hidden: HIDDEN,
    view: DEFAULT_VIEW,
    idCells: 5,
  })
    .columns.map(({ column }) => column?.id ?? "graph")
    .join(" ");

describe("columns", () => {
  test("leave one by one as the window narrows", () => {
    expect(shownAt(120)).toBe(
      "tid prio user read write swapin io graph command",
    );
    expect(shownAt(80)).toBe("tid prio user read write io command");
    expect(shownAt(40)).toBe("tid read write io command");
    expect(shownAt(20)).toBe("tid io command");
  });

  test("shown by default leave no room for graphs in a window of 99", () => {
    expect(shownAt(99)).not.toContain("graph");
    expect(shownAt(100)).toContain("graph");
  });

  test("the one that orders the rows shows in any window that has room for one", () => {
    for (const id of ids)
      for (let columns = 20; columns <= 300; columns++)
        expect(shownAt(columns, id).split(" ")).toContain(id);
  });

  test("lie side by side within the window, with a gap", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(...ids),
        fc.subarray([...SLOTS]),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (screenColumns, sort, hidden, idCells, kilobytes) => {
          const layout = layoutTable(screenColumns, {
            sort,
            hidden: new Set(hidden),
            view: { ...DEFAULT_VIEW, kilobytes },
            idCells,
          });
          const end = layout.scrollBar ?? screenColumns;
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

  test("the command has a quarter of the window from 20 to 80 columns, or 5 cells", () => {
    for (let columns = 20; columns <= 120; columns++) {
      const { columns: placed } = layoutTable(columns, {
        sort: "io",
        hidden: new Set(),
        view: DEFAULT_VIEW,
        idCells: 5,
      });
      expect(placed.at(-1)!.column!.id).toBe("command");
      expect(placed.at(-1)!.width).toBeGreaterThanOrEqual(
        Math.max(5, Math.min(20, Math.floor(columns / 4))),
      );
    }
  });
});

describe("regions", () => {
  test("do not overlap and fill the window, whatever its height", () => {
    for (let rows = 1; rows <= 100; rows++)
      for (let messages = 0; messages <= 5; messages++) {
        const regions = layOutRegions(rows, messages);
        const {
          titleRow,
          bodyTop,
          bodyRows,
          messageTop,
          messageRows,
          hintTop,
        } = regions;
        expect(bodyTop).toBe(titleRow + 1);
        if (rows >= 3) expect(bodyTop + bodyRows).toBe(messageTop);
        expect(messageTop + messageRows).toBe(hintTop);
        expect(hintTop).toBe(rows >= 16 ? rows - 2 : rows);
        if (rows >= 3) expect(bodyRows).toBeGreaterThan(0);
      }
  });
});
