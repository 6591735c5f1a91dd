/**
 * CPU and terminal bytes of live screens that run side by side: all see the same machine in the same seconds, so that
 * their ratios hold beside other work too.
 */
import { openTerminal } from "../support/binary.ts";
import { TaskstatsClient } from "../support/machine/taskstats-client.ts";
import { cpuMsOf } from "./process.ts";
import { PEER, SIZE, type ScreenProgram } from "./screen-programs.ts";
import { median } from "./statistics.ts";
import type { Figures } from "./tables.ts";

const DELAY_S = 1;
/** Until then the runtime compiles most. */
const WARM_UP_S = 10;

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

/** @param seconds to watch for after the warm-up */
export async function screenCosts(
  programs: readonly ScreenProgram[],
  rounds: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Figures> {
  const costs = programs.map((): ScreenCost[] => []);
  for (let round = 0; round < rounds; round++) {
    const measured = programs.map(({ command }) =>
      costOf(command, seconds, signal),
    );
    (await Promise.all(measured)).forEach((cost, i) => costs[i]!.push(cost));
  }
  return figures(programs, costs, seconds);
}

async function costOf(
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
    const cpuMs = cpuMsOf(session.pid, client);
    const now = { bytes, cpuMs, atMs: performance.now() };
    const s = (now.atMs - before.atMs) / 1000;
    const cost = {
      bytesPerS: (now.bytes - before.bytes) / s,
      cpuMsPerS: (now.cpuMs - before.cpuMs) / s,
    };
    before = now;
    return cost;
  };
  return { warmUp: await stretch(WARM_UP_S), settled: await stretch(seconds) };
}

function figures(
  programs: readonly ScreenProgram[],
  costs: readonly (readonly ScreenCost[])[],
  seconds: number,
): Figures {
  const medians = costs.map((rounds) => ({
    bytesPerS: median(rounds.map(({ settled }) => settled.bytesPerS)),
    cpuMsPerS: median(rounds.map(({ settled }) => settled.cpuMsPerS)),
    warmUpMsPerS: median(rounds.map(({ warmUp }) => warmUp.cpuMsPerS)),
  }));
  const peer = medians[programs.findIndex(({ name }) => name === PEER)];
  const ratio = (ours: number, theirs: number | undefined): string =>
    theirs === undefined ? "" : (ours / theirs).toFixed(2);
  return {
    title: `Screens side by side, a frame each ${DELAY_S} s, ${SIZE.columns}x${SIZE.rows}, for ${seconds} s from ${WARM_UP_S} s after their start on`,
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
      programs[i]!.name,
      cost.bytesPerS.toFixed(0),
      ratio(cost.bytesPerS, peer?.bytesPerS),
      cost.cpuMsPerS.toFixed(1),
      ratio(cost.cpuMsPerS, peer?.cpuMsPerS),
      cost.warmUpMsPerS.toFixed(1),
      ratio(cost.warmUpMsPerS, peer?.warmUpMsPerS),
    ]),
  };
}
