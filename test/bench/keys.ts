/** How long the screen takes for a key among many rows: in this process, without a terminal's own time. */
import { ScreenHarness } from "../support/screen/screen-harness.ts";
import { makeSample, row } from "../support/samples.ts";
import type { Scenario } from "./scenario.ts";
import { median, quantile } from "./statistics.ts";
import { ms } from "./tables.ts";

const ROWS = 10_000;
const ROWS_A_PROCESS = 5;
const ROUNDS = 20;

/** What each does, and how it is typed: what one key changes, the next one takes back. */
export const KEYS: readonly (readonly [what: string, ...keys: string[]])[] = [
  ["cursor down, up", "j", "k"],
  ["page down, up", "\x1b[6~", "\x1b[5~"],
  ["last row, first row", "\x1b[F", "\x1b[H"],
  ["turn the order", "r", "r"],
  ["sort by the next column, back", "\x1b[C", "\x1b[D"],
  ["sort by all columns", ..."\x1b[C ".repeat(9).trim().split(" ")],
  ["only who does I/O", "o", "o"],
  ["tree, processes, threads", "p", "p", "p"],
  ["rates, sums, means, lifetime", "a", "a", "a", "a"],
  ["command lines or names", "c", "c"],
  ["arguments on, back", ">", "<"],
  ["what graphs show", "g", "G"],
  ["how graphs are drawn", "u", "u", "u"],
  ["ended tasks", "e", "e", "e"],
  ["group by", "y", "y", "y", "y", "y"],
  ["hide a column, show it", "4", "4"],
  ["column chooser", "v", "j", "v"],
  ["find", "/", ..."task.*77", "\r", "/", "\x15", "\r"],
  [
    "filter",
    "f",
    "0",
    "\t",
    "1",
    "\t",
    "t",
    "\x15",
    "\r",
    "f",
    "\x15",
    "\t",
    "\x15",
    "\r",
  ],
  ["freeze, go on", "s", "s"],
  ["help", "h", "j", "h"],
  ["units of sizes", "b", "b"],
  ["draw anew", "\x0c"],
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
          cmdline: [`/usr/bin/task${i}`, "--number", String(i)],
          readBytes: (i * 7919) % 100_000,
        }),
      ),
    });
    await using screen = await ScreenHarness.open({ columns: 120, rows: 40 });
    await screen.show(sample);
    const times = KEYS.map((): number[] => []);
    for (let round = 0; round < (rounds ?? ROUNDS); round++)
      for (const [i, [, ...keys]] of KEYS.entries())
        for (const key of keys) {
          signal.throwIfAborted();
          const tookMs = await firstByteMs(screen, key);
          if (tookMs !== null) times[i]!.push(tookMs);
        }
    const all = times.flat();
    yield {
      title: `A key among ${ROWS} rows, up to the first byte that changes the screen`,
      head: ["", "median", "99 of 100", "at worst"],
      rows: [
        ...KEYS.map(([about], i) => [about, ...summary(times[i]!)]),
        ["all", ...summary(all)],
      ],
    };
  },
};

function summary(times: readonly number[]): readonly string[] {
  if (times.length === 0) return ["-", "-", "-"];
  return [median(times), quantile(times, 0.99), Math.max(...times)].map(ms);
}

/** Null if the key changes nothing. Waits until all is drawn. */
async function firstByteMs(
  screen: ScreenHarness,
  key: string,
): Promise<number | null> {
  const before = screen.printedMs.length;
  const pressedMs = performance.now();
  await screen.type(key);
  // What is read in slices is drawn later.
  for (let quiet = 0; quiet < 3; quiet++) {
    const prints = screen.printedMs.length;
    await Bun.sleep(2);
    if (screen.printedMs.length > prints) quiet = 0;
  }
  const first = screen.printedMs[before];
  return first === undefined ? null : first - pressedMs;
}
