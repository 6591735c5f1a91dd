import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { makeSample, row } from "../../../support/samples.ts";
import { framesOf, titleRowOf } from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

test.each([80, 106, 120])(
  "in %d columns, each part of the status line has its place in all frames",
  async (columns) => {
    const samples = culprits({
      samples: 30,
      stuckFrom: 11,
      // Up to a storm of a thousand and more.
      loopTasks: (sample) => (sample % 4 === 0 ? 0 : 7 ** (sample % 4)) * 4,
    });
    const frames = await framesOf({ columns, rows: 24 }, samples);
    const places = new Map<string, Set<number>>();
    for (const lines of frames) {
      const status = lines[titleRowOf(lines) - 1]!;
      for (const word of [
        "processes",
        "active",
        "ended",
        "blocked",
        "stalls",
      ]) {
        const at = status.indexOf(word);
        if (at < 0) continue;
        if (!places.has(word)) places.set(word, new Set());
        places.get(word)!.add(at);
      }
      const clock = /\d\d:\d\d:\d\d$/.exec(status);
      expect(clock?.index).toBe(columns - 8);
      const [, alive, active] = /(\d+) processes +(\d+) active/.exec(status)!;
      expect(Number(active)).toBeLessThanOrEqual(Number(alive));
    }
    expect([...places.keys()].toSorted()).toEqual([
      "active",
      "blocked",
      "ended",
      "processes",
      "stalls",
    ]);
    for (const [word, columnsOf] of places)
      expect([word, columnsOf.size]).toEqual([word, 1]);
  },
);

test.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])(
  "a wider status line says all that a narrower one says (sums: %j, a recording: %j)",
  async (accumulated, isRecorded) => {
    const samples = culprits({ samples: 2, waits: false });
    let before: readonly string[] = [];
    for (let columns = 40; columns <= 200; columns++) {
      const setup = { columns, rows: 24, view: { accumulated }, isRecorded };
      const lines = (await framesOf(setup, samples)).at(-1)!;
      const status = lines[titleRowOf(lines) - 1]!;
      expect(/ replay\b/.test(status)).toBe(isRecorded);
      const parts = [/active/, /ended/, /since/, /stalls/, /:\d\d$/, /^db1/]
        .filter((part) => part.test(status))
        .map(String);
      expect([columns, parts]).toEqual([
        columns,
        expect.arrayContaining(before as string[]),
      ]);
      before = parts;
    }
  },
);

test.each([
  [80, 65],
  [106, 91],
  [200, 185],
  [40, 34],
  [20, 14],
])(
  "a recording says so in %d columns, in one place, before its clock",
  async (columns, at) => {
    const samples = culprits({
      samples: 12,
      stuckFrom: 6,
      loopTasks: (sample) => 7 ** (sample % 4) * 4,
    });
    for (const keys of ["", " ", "a", "o"]) {
      const setup = { columns, rows: 24, isRecorded: true };
      const frames = await framesOf(setup, samples, keys);
      const shown = frames.map((lines) => {
        const status = lines[titleRowOf(lines) - 1]!;
        return [status.indexOf("replay"), status.lastIndexOf("replay")];
      });
      expect(shown).toEqual(frames.map(() => [at, at]));
    }
  },
);

test.each([
  [40, "p"],
  [60, "pp"],
  [80, "p"],
  [106, "p"],
  [200, "pp"],
])("hundreds are never 0k in %d columns after %j", async (columns, keys) => {
  const threads = Array.from({ length: 480 }, (_, i) =>
    row({ tid: 1 + i, blockedNs: 5e9 }),
  );
  const samples = [makeSample({ threads })];
  const lines = (await framesOf({ columns, rows: 24 }, samples, keys))[0]!;
  const status = lines[titleRowOf(lines) - 1]!;
  const counts = [...status.matchAll(/(\w+) (?:proc|thread|task|blocked)/g)];
  expect(counts.map(([, amount]) => amount)).toEqual(["480", "480"]);
});
