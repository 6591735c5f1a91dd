/**
 * What the live screen costs beside iotop-c's: bytes that the terminal must take, CPU, and the answer to a key. Run it
 * alone, `bun test/bench/screen.ts [rounds] [seconds] [threads for the
 * keys, 0: none]`, or as a part of the benchmark. The runtime goes on compiling for ten seconds or so: CPU that is
 * measured earlier is higher.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { BINARY, openTerminal } from "../support/binary.ts";
import { startWorkload } from "../support/workload.ts";
import { median } from "./statistics.ts";
import { asTable, ms, type Figures } from "./tables.ts";

export interface ScreenBenchOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Time between frames, s. */
  readonly delayS?: number;
  /** How often each program is started, one after the other in turn. */
  readonly rounds?: number;
  /** What is left out at the beginning of each run, s: starting up, and compiling what runs often. */
  readonly warmUpS?: number;
  /** What is measured of each run, s. */
  readonly seconds?: number;
  /** Programs to compare, by name; by default ours and iotop-c where it is installed. */
  readonly programs?: Readonly<Record<string, readonly string[]>>;
}

/** Medians over the rounds. */
export interface ScreenCost {
  readonly program: string;
  readonly bytesPerS: number;
  /** Of all threads, ms of CPU a second. */
  readonly cpuMsPerS: number;
}

export interface KeyLatency {
  readonly program: string;
  /** Threads that slept beside it. */
  readonly tasks: number;
  /** From the key to the first byte of the answer, ms. */
  readonly medianMs: number;
  readonly worstMs: number;
}

const PEER = "iotop-c";

function installedPrograms(): Record<string, readonly string[]> {
  const peer = Bun.which(PEER, { PATH: `${process.env["PATH"]}:/usr/sbin` });
  return {
    iotop: [BINARY],
    ...(peer === null ? {} : { [PEER]: [peer] }),
  };
}

/** CPU that the threads of a process have used so far, ms. */
function cpuMs(pid: number): number {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).reduce((sum, tid) => {
    const path = `${folder}/${tid}/schedstat`;
    const ranNs = existsSync(path)
      ? Number(readFileSync(path, "utf8").split(" ", 1)[0])
      : 0;
    return sum + ranNs / 1e6;
  }, 0);
}

async function measureCost(
  command: readonly string[],
  options: Required<Omit<ScreenBenchOptions, "programs">>,
): Promise<{ bytesPerS: number; cpuMsPerS: number }> {
  let bytes = 0;
  await using session = openTerminal(["-d", String(options.delayS)], {
    command,
    columns: options.columns,
    rows: options.rows,
    onOutput: (piece) => void (bytes += piece.length),
  });
  await Bun.sleep(options.warmUpS * 1000);
  const before = { bytes, cpuMs: cpuMs(session.pid), atMs: performance.now() };
  await Bun.sleep(options.seconds * 1000);
  const s = (performance.now() - before.atMs) / 1000;
  return {
    bytesPerS: (bytes - before.bytes) / s,
    cpuMsPerS: (cpuMs(session.pid) - before.cpuMs) / s,
  };
}

/** Starts the programs in turn, so that what else the machine does meets all of them. */
export async function benchScreen(
  options: ScreenBenchOptions = {},
): Promise<readonly ScreenCost[]> {
  const { programs = installedPrograms(), ...given } = options;
  const chosen = {
    columns: 120,
    rows: 40,
    delayS: 0.2,
    rounds: 3,
    warmUpS: 10,
    seconds: 10,
    ...given,
  };
  const runs = new Map<string, { bytesPerS: number; cpuMsPerS: number }[]>(
    Object.keys(programs).map((program) => [program, []]),
  );
  for (let round = 0; round < chosen.rounds; round++)
    for (const [program, command] of Object.entries(programs))
      runs.get(program)!.push(await measureCost(command, chosen));
  return [...runs].map(([program, costs]) => ({
    program,
    bytesPerS: median(costs.map(({ bytesPerS }) => bytesPerS)),
    cpuMsPerS: median(costs.map(({ cpuMsPerS }) => cpuMsPerS)),
  }));
}

/** Presses `r`, which turns the order of all rows around, beside sleeping threads. */
export async function benchKeys(
  tasks: number,
  programs = installedPrograms(),
  presses = 25,
): Promise<readonly KeyLatency[]> {
  const threads = Math.min(50, tasks);
  await using herd = startWorkload(
    "sleepers",
    Math.ceil(tasks / threads),
    threads,
  );
  await herd.ready;
  const latencies: KeyLatency[] = [];
  for (const [program, command] of Object.entries(programs)) {
    let onOutput = (): void => {};
    // Frames that nobody asked for would be taken for answers.
    await using session = openTerminal(["-d", "4"], {
      command,
      columns: 120,
      rows: 40,
      onOutput: () => onOutput(),
    });
    // A row of anybody's: busier tasks than the herd's may fill the screen.
    await session.until((text) => text.includes("root"), 20_000);
    await Bun.sleep(1000);
    const times: number[] = [];
    for (let i = 0; i < presses; i++) {
      const { promise: answered, resolve } = Promise.withResolvers<void>();
      onOutput = resolve;
      const pressedMs = performance.now();
      session.type("r");
      await answered;
      times.push(performance.now() - pressedMs);
      await Bun.sleep(150);
    }
    latencies.push({
      program,
      tasks,
      medianMs: median(times),
      worstMs: Math.max(...times),
    });
  }
  return latencies;
}

/** Both measurements; ratios are to the peer, where there is one. */
export function screenFigures(
  costs: readonly ScreenCost[],
  keys: readonly KeyLatency[],
): readonly Figures[] {
  const peer = costs.find(({ program }) => program === PEER);
  const ratio = (ours: number, theirs: number | undefined): string =>
    theirs === undefined ? "" : (ours / theirs).toFixed(2);
  return [
    {
      title: "The screen",
      head: ["", "bytes/s", "ratio", "CPU ms/s", "ratio"],
      rows: costs.map(({ program, bytesPerS, cpuMsPerS }) => [
        program,
        bytesPerS.toFixed(0),
        ratio(bytesPerS, peer?.bytesPerS),
        cpuMsPerS.toFixed(1),
        ratio(cpuMsPerS, peer?.cpuMsPerS),
      ]),
    },
    {
      title: "A key",
      head: ["", "threads", "median", "worst"],
      rows: keys.map(({ program, tasks, medianMs, worstMs }) => [
        program,
        String(tasks),
        ms(medianMs),
        ms(worstMs),
      ]),
    },
  ].filter(({ rows }) => rows.length > 0);
}

if (import.meta.main) {
  const [rounds = 3, seconds = 10, tasks = 10_000] = process.argv
    .slice(2)
    .map(Number);
  const costs = await benchScreen({ rounds, seconds });
  const keys = tasks > 0 ? await benchKeys(tasks) : [];
  for (const figures of screenFigures(costs, keys))
    console.log(asTable(figures));
}
