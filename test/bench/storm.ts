/** What a storm of ending tasks leaves behind in memory: each output before, at the height, and some time after. */
import { BINARY, openTerminal } from "../support/binary.ts";
import { runForker, type Load } from "./forker.ts";
import { readMemory } from "./process.ts";
import type { Scenario } from "./scenario.ts";
import { mib, type Figures } from "./tables.ts";

const STORM: Load = {
  about: "calls vfork as fast as it can",
  how: "vfork",
  ratePerS: null,
};
const STORM_S = 3;
const SETTLE_S = 12;
const AFTER_S = [1, 10, 60];
const POLL_MS = 100;

const OUTPUTS: readonly (readonly string[])[] = [
  ["--output", "jsonl"],
  ["-b", "-o"],
  ["--output", "screen"],
];

export const STORM_SCENARIO: Scenario = {
  name: "storm",
  about: `memory after ${STORM_S} s of as many ending tasks as can be`,
  isDefault: false,
  async *measure({ signal }) {
    const rows: string[][] = [];
    for (const args of OUTPUTS) rows.push(await measureStorm(args, signal));
    yield figures(rows);
  },
};

const figures = (rows: readonly (readonly string[])[]): Figures => ({
  title: `Resident before, during and after ${STORM_S} s of tasks that end at once`,
  head: [
    "",
    "tasks a second",
    "before",
    "at most",
    ...AFTER_S.map((s) => `${s} s after`),
  ],
  rows,
});

/** In a terminal whatever it writes, so that all are measured alike. */
async function measureStorm(
  args: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  await using session = openTerminal([...args, "-d", "1"], {
    command: [BINARY],
    columns: 120,
    rows: 40,
  });
  const resident = () => readMemory(session.pid).residentBytes;
  const wait = async (s: number) => {
    await Bun.sleep(s * 1000);
    signal.throwIfAborted();
  };
  await wait(SETTLE_S);
  const before = resident();
  let most = before;
  const poll = setInterval(() => {
    most = Math.max(most, resident());
  }, POLL_MS);
  try {
    const { forks } = await runForker(STORM, STORM_S);
    const after: number[] = [];
    let passedS = 0;
    for (const atS of AFTER_S) {
      await wait(atS - passedS);
      passedS = atS;
      after.push(resident());
    }
    return [
      `iotop ${args.join(" ")}`,
      (forks / STORM_S).toFixed(0),
      ...[before, most, ...after].map(mib),
    ];
  } finally {
    clearInterval(poll);
  }
}
