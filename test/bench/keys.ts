/** How long the screen takes for a key among many rows: in this process, without a terminal's own time. */
import { ScreenHarness } from "../support/screen-harness.ts";
import { makeSample, row } from "../support/samples.ts";
import type { Scenario } from "./scenario.ts";
import { median } from "./statistics.ts";
import { ms } from "./tables.ts";

const ROWS = 10_000;
const ROWS_A_PROCESS = 5;
const ROUNDS = 20;

/** What each does, and how it is typed. */
const KEYS: readonly (readonly [string, string])[] = [
  ["cursor down", "j"],
  ["page down", "\x1b[6~"],
  ["turn the order", "r"],
  ["sort by the next column", "\x1b[C"],
  ["only who does I/O", "o"],
  ["processes or threads", "p"],
  ["sums or rates", "a"],
  ["command lines or names", "c"],
  ["help", "?"],
];

export const KEY_SCENARIO: Scenario = {
  name: "keys",
  about: `the screen's answers to keys among ${ROWS} rows`,
  isDefault: false,
  async *measure({ rounds, signal }) {
    const sample = makeSample({
      threads: Array.from({ length: ROWS }, (_, i) =>
        row({
          tid: 1000 + i,
          pid: 1000 + (i % (ROWS / ROWS_A_PROCESS)),
          comm: `task${i}`,
          readBytes: (i * 7919) % 100_000,
        }),
      ),
    });
    await using screen = await ScreenHarness.open({ columns: 120, rows: 40 });
    await screen.show(sample);
    const times = KEYS.map((): number[] => []);
    for (let round = 0; round < (rounds ?? ROUNDS); round++)
      for (const [i, [, key]] of KEYS.entries()) {
        signal.throwIfAborted();
        const pressedMs = performance.now();
        await screen.type(key);
        times[i]!.push(performance.now() - pressedMs);
      }
    yield {
      title: `A key among ${ROWS} rows, drawn on an emulated terminal`,
      head: ["", "answered after", "at worst"],
      rows: KEYS.map(([about], i) => [
        about,
        ms(median(times[i]!)),
        ms(Math.max(...times[i]!)),
      ]),
    };
  },
};
