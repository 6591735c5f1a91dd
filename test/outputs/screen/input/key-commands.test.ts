import { describe, expect, test } from "bun:test";
import { sumsModeOf } from "../../../../src/model/sums/sums.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import { keyNames } from "../../../../outputs/screen/panes/key-names.ts";
import { hintsOf } from "../../../../outputs/screen/panes/hint-line.ts";
import type { HitMap } from "../../../../outputs/screen/input/hit-map.ts";
import type {
  Key,
  KeyName,
} from "../../../../outputs/screen/input/key-parser.ts";
import { isAct } from "../../../../outputs/screen/input/outcome.ts";
import { neighbour } from "../../../../outputs/screen/input/state-changes.ts";
import {
  KEY_COMMANDS,
  keysOf,
  pressKey,
} from "../../../../outputs/screen/input/key-commands.ts";
import {
  initialState,
  withMode,
  type ScreenState,
} from "../../../../outputs/screen/state.ts";
import {
  AUTOMATIC,
  HIDDEN,
  SLOTS,
  SLOT_KEYS,
  type SlotId,
} from "../../../../outputs/screen/table/slots.ts";
import { makeContext } from "../../../support/context.ts";
import { row } from "../../../support/samples.ts";

const START = initialState(DEFAULT_VIEW, "braille");

/** Each has ten cells. */
const titlesOf = (...ids: readonly SlotId[]): HitMap["titles"] =>
  ids.map((id, i) => ({ id, from: 1 + 10 * i, to: 11 + 10 * i }));

function hitsOf(fields: Partial<HitMap> = {}): HitMap {
  return {
    rows: Array.from({ length: 50 }, (_, i) => row({ tid: 100 + i })),
    uptimeS: 1000,
    countsWaits: true,
    branches: new Map(),
    selectedIndex: -1,
    top: 0,
    helpTop: 0,
    graphSamples: 20,
    maxThreads: 4,
    indexes: Array.from({ length: 10 }, (_, i) => (fields.top ?? 0) + i),
    kept: 1,
    oldestMs: 0,
    bodyTop: 4,
    bodyRows: 10,
    titleRow: 3,
    paneNext: 0,
    argumentCells: () => 200,
    titles: titlesOf(...SLOTS.filter((id) => !HIDDEN.has(id))),
    ...fields,
  };
}

const named = (name: KeyName): Key => ({ type: "named", name });

function press(
  state: ScreenState,
  key: Key | string,
  hits: Partial<HitMap> = {},
): ScreenState {
  const outcome = pressKey(
    state,
    typeof key === "string" ? { type: "character", character: key } : key,
    hitsOf(hits),
  );
  if (typeof outcome === "string") throw new Error(outcome);
  if (!isAct(outcome)) return outcome;
  const reply = outcome.act(makeContext());
  said = reply.message;
  return reply.state;
}

/** What the last key said. */
let said: string | null = null;

describe("the list of keys", () => {
  test("has each key once", () => {
    const keys = KEY_COMMANDS.flatMap(({ press: byKey }) => Object.keys(byKey));
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });

  test("has the keys that the hints at the bottom name", () => {
    const named = KEY_COMMANDS.flatMap((command) => keysOf(command).split(" "));
    const details = { key: "1", top: 0 };
    const states = [START, { ...START, details }, { ...START, help: true }];
    const hints = states
      .flatMap(hintsOf)
      .flatMap(({ key }) =>
        key === "/" ? ["/"] : keyNames(key, false).split(/[ /]/),
      );
    expect(hints.filter((key) => !named.includes(key))).toEqual([]);
  });
});

describe("columns", () => {
  test("each that is shown by itself, and the graph, has a key that does nothing else", () => {
    const usual = SLOTS.filter((id) => !HIDDEN.has(id) && !AUTOMATIC.has(id));
    expect([...SLOT_KEYS.values()].toSorted()).toEqual(usual.toSorted());
    for (const [key, id] of SLOT_KEYS) {
      const pressed = press(START, key);
      expect(pressed).toEqual({ ...START, hidden: pressed.hidden });
      const changed = pressed.hidden.symmetricDifference(START.hidden);
      expect([...changed]).toEqual([id]);
    }
  });
});

describe("sorting", () => {
  test("the arrows walk all columns and wrap around, each in its natural direction", () => {
    let state = START;
    const seen = [];
    for (let i = 0; i < 10; i++) {
      seen.push(`${state.sort} ${state.descending}`);
      state = press(state, named("right"));
    }
    expect(seen).toEqual([
      "graph true",
      "unit false",
      "command false",
      "tid false",
      "prio false",
      "user false",
      "read true",
      "write true",
      "swapin true",
      "io true",
    ]);
    expect(state.sort).toBe("graph");
    // One that has no room is passed over, but for the one that the list is sorted by.
    const titles = titlesOf("tid", "read", "graph", "unit", "command");
    expect(neighbour({ sort: "graph" }, 1, { titles })).toBe("unit");
    expect(neighbour({ sort: "command" }, 1, { titles })).toBe("tid");
    expect(neighbour({ sort: "io" }, -1, { titles })).toBe("read");
  });

  test("r turns the order", () => {
    expect(press(START, "r").descending).toBe(false);
    expect(press(press(START, "R"), "r").descending).toBe(true);
  });

  test("a click on a title sorts by it, and a second one turns the order", () => {
    const click: Key = { type: "click", x: 12, y: 3 };
    const titles = titlesOf("tid", "read", "graph");
    const once = press(START, click, { titles });
    expect([once.sort, once.descending]).toEqual(["read", true]);
    const twice = press(once, click, { titles });
    expect([twice.sort, twice.descending]).toEqual(["read", false]);
    expect(press(START, { ...click, x: 1 }, { titles }).sort).toBe("tid");
    expect(press(START, { ...click, x: 79 }, { titles })).toBe(START);
  });
});

describe("toggles", () => {
  const table: readonly (readonly [string, (state: ScreenState) => unknown])[] =
    [
      ["o", (state) => state.view.only],
      ["c", (state) => state.fullCommand],
      ["s", (state) => state.frozen],
      [" ", (state) => state.frozen],
      ["h", (state) => state.help],
      ["?", (state) => state.help],
    ];
  test.each(table)("%s turns one thing on and off", (key, read) => {
    const once = press(START, key);
    expect(read(once)).toBe(!read(START));
    expect(press(once, key.toUpperCase())).toEqual(START);
  });

  test("a goes through rates, sums, means and whole lives", () => {
    const seen = [];
    let state = START;
    for (let i = 0; i < 4; i++) {
      seen.push(sumsModeOf(state.view));
      state = press(state, "a");
    }
    expect(seen).toEqual(["rates", "sums", "means", "lifetime"]);
    expect(state).toEqual(START);
  });

  test("p goes through tree, processes and threads", () => {
    let state = withMode(START, "tree");
    const seen = [];
    for (let i = 0; i < 3; i++) {
      seen.push([state.mode, state.view.processes]);
      state = press(state, "p");
    }
    expect(seen).toEqual([
      ["tree", true],
      ["processes", true],
      ["threads", false],
    ]);
    expect(state).toEqual(withMode(START, "tree"));
  });

  test("the digits hide the columns of their place, 0 brings all back", () => {
    const all = press(START, "0");
    const state = press(press(press(all, "1"), "8"), "9");
    const fewer = ({ hidden }: ScreenState) => [...hidden.difference(HIDDEN)];
    expect(fewer(state)).toEqual(["tid", "graph", "command"]);
    expect(fewer(press(state, "8"))).toEqual(["tid", "command"]);
    expect(press(state, "0").hidden).toEqual(HIDDEN);
  });

  test("e groups ended tasks, lists each, or hides them", () => {
    const seen = [START, press(START, "e"), press(press(START, "e"), "e")];
    expect(seen.map((state) => state.ended)).toEqual([
      "grouped",
      "each",
      "hidden",
    ]);
  });

  test("g goes through what graphs show, u through how they are drawn", () => {
    expect(press(START, "g").graphSource).toBe("io");
    expect([1, 2, 3, 4, 5].reduce((state) => press(state, "g"), START)).toEqual(
      START,
    );
    expect(press(press(START, "g"), "G")).toEqual(START);
    expect(press(START, "G").graphSource).toBe("swapin");
    expect(press(START, "u").graph).toBe("blocks");
  });

  test("< and > move the arguments, as far as there are some", () => {
    expect(press(START, "<")).toBe(START);
    const moved = press(press(START, ">"), ">");
    expect(moved.commandOffset).toBe(32);
    expect(press(press(moved, "<"), "<")).toEqual(START);
  });

  test.each([
    [0, 0],
    [1, 0],
    [16, 0],
    [17, 16],
    [60, 48],
    [9000, 8992],
  ])("of arguments of %i cells, > ends at %i", (cells, last) => {
    const argumentCells = (): number => cells;
    let state = START;
    for (let i = 0; i < 600; i++) state = press(state, ">", { argumentCells });
    expect(state.commandOffset).toBe(last);
    // One key leads back, wherever longer commands had led to.
    const far = { ...START, commandOffset: 4096 };
    const back = press(far, "<", { argumentCells: () => 60 });
    expect(back.commandOffset).toBe(32);
  });

  test("a digit says what it did", () => {
    press(START, "4");
    expect(said).toBe("DISK READ hidden");
    press(press(START, "4"), "4");
    expect(said).toBe("DISK READ shown, where there is room");
    press({ ...START, sort: "read" }, "4");
    expect(said).toBe(
      "DISK READ hidden, once the list is sorted by another column",
    );
    press(START, "0");
    expect(said).toBe("columns are back to their defaults");
  });
});

test("q and Q quit; ctrl-l draws anew; what has no meaning does nothing", () => {
  for (const character of ["q", "Q"])
    expect(pressKey(START, { type: "character", character }, hitsOf())).toBe(
      "quit",
    );
  for (const key of ["x", "日", "="])
    expect(
      pressKey(START, { type: "character", character: key }, hitsOf()),
    ).toBe(START);
  for (const name of ["other", "delete", "ctrl-a", "alt-b"] as const)
    expect(pressKey(START, named(name), hitsOf())).toBe(START);
  expect(pressKey(START, named("redraw"), hitsOf())).toBe("redraw");
});

describe("the cursor", () => {
  const selectedTid = (state: ScreenState): number | undefined =>
    state.selected === null ? undefined : Number.parseInt(state.selected.key);

  test("appears at the top of what is shown, then moves by rows and pages within the list", () => {
    expect(selectedTid(press(START, "j", { top: 7 }))).toBe(107);
    expect(selectedTid(press(START, named("down"), { selectedIndex: 7 }))).toBe(
      108,
    );
    expect(selectedTid(press(START, "k", { selectedIndex: 7 }))).toBe(106);
    expect(selectedTid(press(START, named("up"), { selectedIndex: 0 }))).toBe(
      100,
    );
    expect(
      selectedTid(press(START, named("page-down"), { selectedIndex: 7 })),
    ).toBe(117);
    expect(
      selectedTid(press(START, named("page-down"), { selectedIndex: 45 })),
    ).toBe(149);
    expect(
      selectedTid(press(START, named("page-up"), { selectedIndex: 7 })),
    ).toBe(100);
    expect(
      selectedTid(
        press(START, { type: "wheel-down", x: 0, y: 0 }, { selectedIndex: 7 }),
      ),
    ).toBe(110);
    expect(
      selectedTid(
        press(START, { type: "wheel-up", x: 0, y: 0 }, { selectedIndex: 7 }),
      ),
    ).toBe(104);
  });

  test("goes to the row that is clicked, and nowhere in an empty list", () => {
    expect(
      selectedTid(press(START, { type: "click", x: 5, y: 6 }, { top: 20 })),
    ).toBe(122);
    expect(press(START, { type: "click", x: 5, y: 14 })).toBe(START);
    expect(press(START, "j", { rows: [] })).toBe(START);
  });

  test("goes to the first and the last row", () => {
    const last = press(START, named("end"));
    expect([selectedTid(last), last.top]).toEqual([149, 40]);
    const first = press(START, named("home"), { top: 20, selectedIndex: 25 });
    expect([selectedTid(first), first.top]).toEqual([100, 0]);
    expect(press(START, named("end"), { rows: [] })).toBe(START);
  });

  test("takes the window along, no further than needed", () => {
    const top = (key: string, selectedIndex: number): number =>
      press(START, key, { top: 20, selectedIndex }).top;
    expect(top("j", 25)).toBe(20);
    expect(top("j", 29)).toBe(21);
    expect(top("k", 20)).toBe(19);
    // From the line that it is pinned to, it goes on where its row is.
    expect(top("j", 44)).toBe(36);
    expect(top("k", 3)).toBe(2);
  });

  test("is let go by Esc, and the window stays", () => {
    const state = press({ ...START, top: 9 }, "j", {
      top: 9,
      selectedIndex: 12,
    });
    const freed = press(state, named("escape"));
    expect([freed.selected, freed.top]).toEqual([null, 9]);
  });
});

describe("the help", () => {
  const open = press(START, "?");
  test("takes the moves, and Esc closes it", () => {
    expect(press(open, "j", { helpTop: 3 }).helpTop).toBe(4);
    expect(press(open, named("page-up"), { helpTop: 3 }).helpTop).toBe(0);
    expect(press(open, named("page-up")).selected).toBeNull();
    expect(press(open, named("escape"))).toEqual(START);
    expect(press(open, { type: "click", x: 12, y: 3 })).toEqual(START);
  });
  test("stays while toggles are tried", () => {
    expect(press(open, "o").help).toBe(true);
  });
});
