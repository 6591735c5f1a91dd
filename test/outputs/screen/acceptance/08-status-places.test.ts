import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen-culprits.ts";
import { framesOf, titleRowOf } from "../../../support/screen-frames.ts";

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

test.each([false, true])(
  "a wider status line says all that a narrower one says (sums: %j)",
  async (accumulated) => {
    const samples = culprits({ samples: 2, waits: false });
    let before: readonly string[] = [];
    for (let columns = 40; columns <= 200; columns++) {
      const setup = { columns, rows: 24, view: { accumulated } } as const;
      const lines = (await framesOf(setup, samples)).at(-1)!;
      const status = lines[titleRowOf(lines) - 1]!;
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
