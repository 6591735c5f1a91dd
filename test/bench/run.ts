/**
 * What a refresh costs, beside the other programs that show the same. Needs root, taskstats and a C compiler.
 *
 * Programs are measured one after the other in fresh processes, round by round, among crowds of tasks of known
 * behaviour. Figures are medians of single refreshes; compare within one table, not between machines.
 */
import { parseArgs } from "node:util";
import { BINARY } from "../support/binary.ts";
import {
  TASKSTATS_REFUSAL,
  TaskstatsClient,
} from "../support/taskstats-client.ts";
import { HERDS, startHerd, type Herd } from "./herds.ts";
import { measure, type Measurement } from "./measure.ts";
import { programs, type Program } from "./programs.ts";
import { benchKeys, benchScreen } from "./screen.ts";
import { measureStartUp } from "./startup.ts";
import { median } from "./statistics.ts";
import { asMarkdown, asTable, mib, ms, times, type Figures } from "./tables.ts";

const SCREEN = "screen";
const SCREEN_TASKS = 10_000;
const START_UP = "start-up";
const START_UP_ROUNDS = 20;

const HELP = `Usage: npm run bench -- [OPTIONS]

  --scenario NAME   ${[...HERDS.map(({ name }) => name), SCREEN, START_UP].join(", ")}; repeat it for more; all
                    but screen by default
  --program NAME    ${programs("")
    .map(({ name }) => name)
    .join(", ")}; likewise
  --refreshes NUM   refreshes to measure in each process; 3 by default
  --rounds NUM      fresh processes of each program; 1 by default
  --markdown        tables for a README
`;

const { values } = parseArgs({
  options: {
    scenario: { type: "string", multiple: true },
    program: { type: "string", multiple: true },
    refreshes: { type: "string", default: "3" },
    rounds: { type: "string", default: "1" },
    markdown: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const print = values.markdown ? asMarkdown : asTable;
const isChosen = (name: string, chosen: readonly string[] | undefined) =>
  chosen === undefined || chosen.includes(name);

/** Herds are let go and the kernel's limits put back before we end. */
const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => interrupted.abort(new Error(name)));

if (values.help) {
  console.log(HELP);
} else {
  if (TASKSTATS_REFUSAL !== null) throw new Error(TASKSTATS_REFUSAL);
  for (const herd of HERDS)
    if (isChosen(herd.name, values.scenario))
      console.log(print(await measureHerd(herd)));
  if (values.scenario?.includes(SCREEN))
    for (const figures of await screenFigures()) console.log(print(figures));
  if (isChosen(START_UP, values.scenario))
    console.log(print(await startUpFigures()));
}

async function measureHerd(herd: Herd): Promise<Figures> {
  const chosen = programs(BINARY).filter(({ name }) =>
    isChosen(name, values.program),
  );
  await using _herd = await startHerd(herd);
  using client = new TaskstatsClient();
  const measured = new Map<Program, Measurement[]>();
  for (let round = 0; round < Number(values.rounds); round++)
    for (const program of chosen) {
      if (program.command === null) continue;
      const measurement = await measure(
        program.command,
        {
          warmUps: program.warmUps,
          refreshes: Number(values.refreshes),
          signal: interrupted.signal,
        },
        client,
      );
      measured.set(program, [...(measured.get(program) ?? []), measurement]);
    }
  return herdFigures(herd, chosen, measured);
}

function herdFigures(
  herd: Herd,
  chosen: readonly Program[],
  measured: ReadonlyMap<Program, readonly Measurement[]>,
): Figures {
  const costOf = (program: Program): number | undefined => {
    const all = measured.get(program)?.flatMap((m) => m.refreshCpuMs);
    return all && median(all);
  };
  const ours = costOf(chosen[0]!);
  return {
    title: herd.about,
    head: ["", "CPU a refresh", `of ${chosen[0]!.about}`, "spread", "memory"],
    rows: chosen.map((program) => {
      const cost = costOf(program);
      if (cost === undefined || ours === undefined)
        return [program.about, "not installed", "", "", ""];
      const runs = measured.get(program)!;
      const all = runs.flatMap((m) => m.refreshCpuMs);
      return [
        program.about,
        ms(cost),
        times(cost / ours),
        `${ms(Math.min(...all))} to ${ms(Math.max(...all))}`,
        mib(median(runs.map((m) => m.residentBytes))),
      ];
    }),
  };
}

async function screenFigures(): Promise<readonly Figures[]> {
  const rounds = Number(values.rounds);
  const costs = await benchScreen({ rounds, warmUpS: 5, seconds: 5 });
  const keys = await benchKeys(SCREEN_TASKS);
  return [
    {
      title: "The screen, five frames a second",
      head: ["", "to the terminal", "CPU in a second"],
      rows: costs.map(({ program, bytesPerS, cpuMsPerS }) => [
        program,
        `${(bytesPerS / 1024).toFixed(1)} KiB/s`,
        ms(cpuMsPerS),
      ]),
    },
    {
      title: `A key that turns the order of ${SCREEN_TASKS} tasks around`,
      head: ["", "answered after", "at worst"],
      rows: keys.map(({ program, medianMs, worstMs }) => [
        program,
        ms(medianMs),
        ms(worstMs),
      ]),
    },
  ];
}

async function startUpFigures(): Promise<Figures> {
  const figures = await measureStartUp(BINARY, START_UP_ROUNDS);
  return {
    title: "From start to end",
    head: ["", "time", "CPU"],
    rows: figures.map(({ name, wallMs, cpuMs }) => [
      name,
      ms(wallMs),
      ms(cpuMs),
    ]),
  };
}
