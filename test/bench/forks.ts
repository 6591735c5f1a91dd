/**
 * What a program that lives by forking loses while somebody watches, and what the watcher loses of it.
 *
 * The kernel's own part is seen in the median of single forks: it describes every ending task to whoever listens. The
 * speed over all also has what watchers take of the CPUs; the program is tied to one CPU and they to another to tell the
 * two apart. In each round everything is measured once, the program alone before and after: what is compared is of the
 * same round.
 */
import { TaskstatsClient } from "../support/machine/taskstats-client.ts";
import { nsPerFork, runForker, type Forked, type Load } from "./forker.ts";
import { awaitQuiet, readBusyMs } from "./machine.ts";
import { cpuMsOf } from "./process.ts";
import type { BenchOptions, Scenario } from "./scenario.ts";
import { median } from "./statistics.ts";
import { percent, spread, us, type Figures } from "./tables.ts";
import {
  PLACEMENTS,
  endsOf,
  iotopWatcher,
  lossesOf,
  startWatcher,
  watchers,
  type Placement,
  type Watcher,
} from "./watcher.ts";

const ROUNDS = 10;
const SECONDS = 2;
const LOSSES_S = 10;
const WARM_UP_S = 1;
const PATIENCE_MS = 10_000;

const FAST: Load = {
  about: "calls vfork 10,000 times a second",
  how: "vfork",
  ratePerS: 10_000,
};
const LOADS: readonly Load[] = [
  { about: "calls fork as fast as it can", how: "fork", ratePerS: null },
  { about: "calls vfork as fast as it can", how: "vfork", ratePerS: null },
  FAST,
];

export const FORKS: Scenario = {
  name: "forks",
  about: "what a program that forks loses while it is watched",
  isDefault: false,
  async *measure(options) {
    yield await measureLosses(options);
    for (const placement of PLACEMENTS)
      yield* await compare(placement, options);
  },
};

/** One stretch of forking. */
interface Run {
  readonly forked: Forked;
  /** Of the watcher, in CPUs. */
  readonly watcherCpus: number;
  /** Of everybody else, the kernel's own threads too. */
  readonly otherCpus: number;
}

/** Runs in the order of LOADS, and what the watcher said that it lost. */
interface Watched {
  readonly runs: readonly Run[];
  readonly lostExits: number | null;
}

async function compare(
  placement: Placement,
  { rounds, seconds, signal }: BenchOptions,
): Promise<readonly Figures[]> {
  const compared = watchers();
  const alone: Run[][] = [];
  const watched: Watched[][] = [];
  const measure = (watcher: Watcher | null) =>
    measureLoads(watcher, placement, seconds ?? SECONDS, signal);
  for (let round = 0; round < (rounds ?? ROUNDS); round++) {
    const before = (await measure(null)).runs;
    const byWatcher: Watched[] = [];
    // Who comes later in a round meets a later machine: everybody in turn.
    for (let i = 0; i < compared.length; i++) {
      const at = (i + round) % compared.length;
      byWatcher[at] = await measure(compared[at]!);
    }
    const after = (await measure(null)).runs;
    alone.push([...before, ...after]);
    watched.push(byWatcher);
  }
  return LOADS.map((load, l) =>
    figures(load, placement, {
      alone: alone.map((runs) => [runs[l]!, runs[l + LOADS.length]!]),
      watched: compared.map(({ about }, w) => ({
        about,
        runs: watched.map((row) => row[w]!.runs[l]!),
        lostExits: watched.map((row) => row[w]!.lostExits),
      })),
    }),
  );
}

/** Of one load; by round. */
interface Comparison {
  readonly alone: readonly (readonly Run[])[];
  readonly watched: readonly {
    readonly about: string;
    readonly runs: readonly Run[];
    readonly lostExits: readonly (number | null)[];
  }[];
}

function figures(
  load: Load,
  placement: Placement,
  { alone, watched }: Comparison,
): Figures {
  const ownNs = median(alone.flat().map(({ forked }) => forked.medianNs));
  const others = [alone.flat(), watched.flatMap(({ runs }) => runs)]
    .flat()
    .map(({ otherCpus }) => otherCpus);
  return {
    title: `A program that ${load.about}, ${placement.about}`,
    notes: [
      `one takes ${us(ownNs)} unwatched; other work meanwhile: ${median(others).toFixed(2)} CPUs, at most ${Math.max(...others).toFixed(2)}`,
    ],
    head: [
      "watched by",
      "one takes longer by",
      "spread",
      "speed lost",
      "spread",
      "watcher's CPU",
      "messages lost",
    ],
    rows: watched.map(({ about, runs, lostExits }) => {
      const ratios = (of: (forked: Forked) => number) =>
        runs.map((run, round) => of(run.forked) / mean(alone[round]!, of));
      const longer = ratios(({ medianNs }) => medianNs).map((r) => r - 1);
      const lost = ratios(nsPerFork).map((r) => 1 - 1 / r);
      return [
        about,
        percent(median(longer)),
        spread(longer, percent),
        percent(median(lost)),
        spread(lost, percent),
        percent(median(runs.map(({ watcherCpus }) => watcherCpus))),
        lostExits.includes(null)
          ? "?"
          : String(lostExits.reduce<number>((sum, n) => sum + n!, 0)),
      ];
    }),
  };
}

const mean = (runs: readonly Run[], of: (forked: Forked) => number): number =>
  runs.reduce((sum, { forked }) => sum + of(forked), 0) / runs.length;

async function measureLoads(
  watcher: Watcher | null,
  placement: Placement,
  seconds: number,
  signal: AbortSignal,
): Promise<Watched> {
  using client = new TaskstatsClient();
  await awaitQuiet(PATIENCE_MS, signal);
  await using watching = startWatcher(watcher, placement);
  const cpuMs = () => (watching === null ? 0 : cpuMsOf(watching.pid, client));
  // What the watcher compiles at first is not what watching costs.
  await runForker(FAST, WARM_UP_S, placement.forker);
  const runs: Run[] = [];
  for (const load of LOADS) {
    signal.throwIfAborted();
    const began = {
      ms: performance.now(),
      cpuMs: cpuMs(),
      busyMs: readBusyMs(),
    };
    const forked = await runForker(load, seconds, placement.forker);
    const tookMs = performance.now() - began.ms;
    const watcherMs = cpuMs() - began.cpuMs;
    const otherMs =
      readBusyMs() - began.busyMs - watcherMs - forked.cpuNs / 1e6;
    runs.push({
      forked,
      watcherCpus: watcherMs / tookMs,
      otherCpus: Math.max(0, otherMs / tookMs),
    });
  }
  const lines = await watching?.end();
  return {
    runs,
    lostExits: lines && watcher?.isOurs ? lossesOf(lines).lostExits : null,
  };
}

/** Whether every end is told: with all tasks listed they can be counted. */
async function measureLosses({ signal }: BenchOptions): Promise<Figures> {
  const rows: string[][] = [];
  for (const placement of PLACEMENTS)
    for (const listsAll of [false, true]) {
      const watcher = iotopWatcher(listsAll ? "jsonl,all" : "jsonl");
      await using watching = startWatcher(watcher, placement);
      await awaitQuiet(PATIENCE_MS, signal);
      const { forks, pid } = await runForker(FAST, LOSSES_S, placement.forker);
      const lines = await watching!.end();
      const { lostExits, vanished } = lossesOf(lines);
      rows.push([
        `${watcher.about}, ${placement.about}`,
        String(forks),
        listsAll ? String(endsOf(lines, pid)) : "not listed",
        String(lostExits),
        String(vanished),
      ]);
    }
  return {
    title: `Ten thousand ends a second for ${LOSSES_S} s`,
    head: ["", "ended", "told", "messages lost", "ended without one"],
    rows,
  };
}
