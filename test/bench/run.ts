/**
 * What iotop costs, beside the other programs that show the same. Needs root, taskstats and a C compiler, and a machine
 * that has nothing else to do. Compare within one table, not between machines.
 */
import { parseArgs } from "node:util";
import { ensureBinary } from "../support/binary.ts";
import { TASKSTATS_REFUSAL } from "../support/machine/taskstats-client.ts";
import { FILES } from "./files.ts";
import { FORKS } from "./forks.ts";
import { KEY_SCENARIO } from "./keys.ts";
import { awaitQuiet, describeMachine, isQuiet } from "./machine.ts";
import { programs } from "./programs.ts";
import { REFRESHES } from "./refreshes.ts";
import type { BenchOptions, Scenario } from "./scenario.ts";
import { SCREEN } from "./screen.ts";
import { START_UP } from "./startup.ts";
import { STEADY } from "./steady.ts";
import { STORM_SCENARIO } from "./storm.ts";
import { asMarkdown, asTable } from "./tables.ts";

const SCENARIOS: readonly Scenario[] = [
  ...REFRESHES,
  START_UP,
  SCREEN,
  KEY_SCENARIO,
  FORKS,
  FILES,
  STEADY,
  STORM_SCENARIO,
];

const HELP = `Usage: npm run bench -- [OPTIONS]

  --scenario NAME   repeat it for more; by default those with a star:
${SCENARIOS.map(({ name, about, isDefault }) => `                    ${isDefault ? "*" : " "} ${name.padEnd(10)} ${about}\n`).join("")}
  --program NAME    of those that refresh: ${programs()
    .map(({ name }) => name)
    .join(", ")}; likewise
  --refreshes NUM   refreshes to measure in each process; 3 by default
  --rounds NUM      how often everything is started anew; by default as the scenario thinks fit
  --against PATH    another build of iotop, of screen
  --seconds NUM     how long to watch: of screen, forks and steady
  --threads NUM     threads that sleep beside steady; 10000 by default
  --patience SEC    how long to wait for other work to end; 60 by default
  --markdown        tables for a README
`;

const { values } = parseArgs({
  options: {
    scenario: { type: "string", multiple: true },
    program: { type: "string", multiple: true },
    refreshes: { type: "string", default: "3" },
    rounds: { type: "string" },
    against: { type: "string" },
    seconds: { type: "string" },
    threads: { type: "string", default: "10000" },
    patience: { type: "string", default: "60" },
    markdown: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const known = SCENARIOS.map(({ name }) => name);
const unknown = values.scenario?.filter((name) => !known.includes(name)) ?? [];

if (values.help) {
  console.log(HELP);
} else if (unknown.length > 0) {
  console.error(
    `no scenario ${unknown.join(", ")}; there are ${known.join(", ")}`,
  );
  process.exitCode = 2;
} else {
  if (TASKSTATS_REFUSAL !== null) throw new Error(TASKSTATS_REFUSAL);
  await ensureBinary();
  await measureAll();
}

async function measureAll(): Promise<void> {
  const print = values.markdown ? asMarkdown : asTable;
  const options: BenchOptions = {
    rounds: numberOrNull(values.rounds),
    refreshes: Number(values.refreshes),
    programs: values.program ?? null,
    against: values.against ?? null,
    seconds: numberOrNull(values.seconds),
    threads: Number(values.threads),
    signal: interruption(),
  };
  const patienceMs = Number(values.patience) * 1000;
  for (const scenario of SCENARIOS) {
    const { name, isDefault } = scenario;
    if (!(values.scenario?.includes(name) ?? isDefault)) continue;
    const busyCpus = await awaitQuiet(patienceMs, options.signal);
    if (!isQuiet(busyCpus))
      console.error(
        `${name}: other work keeps ${busyCpus.toFixed(2)} CPUs busy; it is in all figures`,
      );
    const machine = describeMachine(busyCpus);
    for await (const figures of scenario.measure(options))
      console.log(
        print({ ...figures, notes: [...(figures.notes ?? []), machine] }),
      );
  }
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

/** Herds are let go and the kernel's limits put back before we end. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => interrupted.abort(new Error(name)));
  return interrupted.signal;
}
