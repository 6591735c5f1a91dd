/**
 * What the live screen costs beside iotop-c's: bytes that the terminal must take, CPU, and the answer to a key. The
 * runtime goes on compiling for ten seconds or so: those have columns of their own.
 */
import { BINARY, openTerminal } from "../support/binary.ts";
import { TaskstatsClient } from "../support/taskstats-client.ts";
import { HERDS, startHerd } from "./herds.ts";
import { cpuMsOf } from "./process.ts";
import type { Scenario } from "./scenario.ts";
import { median } from "./statistics.ts";
import { ms, type Figures } from "./tables.ts";

const ROUNDS = 3;
const WARM_UP_S = 10;
const SECONDS = 10;
const DELAY_S = 0.2;
const PRESSES = 25;
const SIZE = { columns: 120, rows: 40 };
const PEER = "iotop-c";

/** What one stretch cost, a second. */
interface Cost {
  readonly bytesPerS: number;
  /** Of all threads. */
  readonly cpuMsPerS: number;
}

interface ScreenCost {
  readonly warmUp: Cost;
  readonly settled: Cost;
}

interface Program {
  readonly name: string;
  readonly command: readonly string[];
}

export const SCREEN: Scenario = {
  name: "screen",
  about: "the live screen's bytes, CPU and answers to keys",
  isDefault: false,
  async *measure({ rounds, seconds, signal }) {
    const compared = installedPrograms();
    const runs = compared.map((): ScreenCost[] => []);
    for (let round = 0; round < (rounds ?? ROUNDS); round++)
      for (const [i, { command }] of compared.entries())
        runs[i]!.push(await measureCost(command, seconds ?? SECONDS, signal));
    yield costFigures(compared, runs);
    yield await keyFigures(compared, signal);
  },
};

function installedPrograms(): readonly Program[] {
  const peer = Bun.which(PEER, { PATH: `${process.env["PATH"]}:/usr/sbin` });
  return [
    { name: "iotop", command: [BINARY] },
    ...(peer === null ? [] : [{ name: PEER, command: [peer] }]),
  ];
}

async function measureCost(
  command: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<ScreenCost> {
  using client = new TaskstatsClient();
  let bytes = 0;
  await using session = openTerminal(["-d", String(DELAY_S)], {
    ...SIZE,
    command,
    onOutput: (piece) => void (bytes += piece.length),
  });
  let before = { bytes: 0, cpuMs: 0, atMs: performance.now() };
  const stretch = async (forS: number): Promise<Cost> => {
    await Bun.sleep(forS * 1000);
    signal.throwIfAborted();
    const now = {
      bytes,
      cpuMs: cpuMsOf(session.pid, client),
      atMs: performance.now(),
    };
    const s = (now.atMs - before.atMs) / 1000;
    const cost = {
      bytesPerS: (now.bytes - before.bytes) / s,
      cpuMsPerS: (now.cpuMs - before.cpuMs) / s,
    };
    before = now;
    return cost;
  };
  return {
    warmUp: await stretch(WARM_UP_S),
    settled: await stretch(seconds),
  };
}

function costFigures(
  compared: readonly Program[],
  runs: readonly (readonly ScreenCost[])[],
): Figures {
  const medians = runs.map((costs) => ({
    bytesPerS: median(costs.map(({ settled }) => settled.bytesPerS)),
    cpuMsPerS: median(costs.map(({ settled }) => settled.cpuMsPerS)),
    warmUpMsPerS: median(costs.map(({ warmUp }) => warmUp.cpuMsPerS)),
  }));
  const peer = medians[compared.findIndex(({ name }) => name === PEER)];
  const ratio = (ours: number, theirs: number | undefined): string =>
    theirs === undefined ? "" : (ours / theirs).toFixed(2);
  return {
    title: `The screen, ${1 / DELAY_S} frames a second, ${SIZE.columns}x${SIZE.rows}; from ${WARM_UP_S} s after its start on`,
    head: [
      "",
      "bytes/s",
      "ratio",
      "CPU ms/s",
      "ratio",
      `in the first ${WARM_UP_S} s`,
      "ratio",
    ],
    rows: medians.map((cost, i) => [
      compared[i]!.name,
      cost.bytesPerS.toFixed(0),
      ratio(cost.bytesPerS, peer?.bytesPerS),
      cost.cpuMsPerS.toFixed(1),
      ratio(cost.cpuMsPerS, peer?.cpuMsPerS),
      cost.warmUpMsPerS.toFixed(1),
      ratio(cost.warmUpMsPerS, peer?.warmUpMsPerS),
    ]),
  };
}

/** Presses `r`, which turns the order of all rows around, beside sleeping threads. */
async function keyFigures(
  compared: readonly Program[],
  signal: AbortSignal,
): Promise<Figures> {
  const herd = HERDS[0]!;
  await using _herd = await startHerd(herd);
  const rows: string[][] = [];
  for (const { name, command } of compared) {
    const times = await pressKeys(command, signal);
    rows.push([name, ms(median(times)), ms(Math.max(...times))]);
  }
  return {
    title: `A key that turns the order of ${herd.tasks} tasks around`,
    head: ["", "answered after", "at worst"],
    rows,
  };
}

/** From each key to the first byte of its answer, ms. */
async function pressKeys(
  command: readonly string[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  let onOutput = (): void => {};
  // Frames that nobody asked for would be taken for answers.
  await using session = openTerminal(["-d", "4"], {
    ...SIZE,
    command,
    onOutput: () => onOutput(),
  });
  // A row of anybody's: busier tasks than the herd's may fill the screen.
  await session.until((text) => text.includes("root"), 20_000);
  await Bun.sleep(WARM_UP_S * 1000);
  const times: number[] = [];
  for (let i = 0; i < PRESSES; i++) {
    signal.throwIfAborted();
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    onOutput = resolve;
    const pressedMs = performance.now();
    session.type("r");
    await answered;
    times.push(performance.now() - pressedMs);
    await Bun.sleep(150);
  }
  return times;
}
