/**
 * What a refresh costs, beside the other programs that show the same: one after the other in fresh processes, round by
 * round, among crowds of tasks of known behaviour. Figures are medians of single refreshes.
 */
import { TaskstatsClient } from "../support/machine/taskstats-client.ts";
import { HERDS, startHerd, type Herd } from "./herds.ts";
import { measure, type Measurement } from "./measure.ts";
import { programs, readVersion, type Program } from "./programs.ts";
import type { BenchOptions, Scenario } from "./scenario.ts";
import { median } from "./statistics.ts";
import { mib, ms, spread, times, type Figures } from "./tables.ts";

const ROUNDS = 1;

export const REFRESHES: readonly Scenario[] = HERDS.map((herd) => ({
  name: herd.name,
  about: `a refresh among ${herd.about}`,
  isDefault: true,
  async *measure(options) {
    yield await measureHerd(herd, options);
  },
}));

async function measureHerd(
  herd: Herd,
  options: BenchOptions,
): Promise<Figures> {
  const chosen = programs().filter(
    ({ name }) => options.programs?.includes(name) ?? true,
  );
  await using _herd = await startHerd(herd);
  using client = new TaskstatsClient();
  const measured = new Map<Program, Measurement[]>();
  for (let round = 0; round < (options.rounds ?? ROUNDS); round++)
    for (const program of chosen) {
      if (program.command === null) continue;
      const measurement = await measure(
        program.command,
        {
          warmUps: program.warmUps,
          refreshes: options.refreshes,
          signal: options.signal,
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
  const versions = chosen.flatMap((program) => {
    const version = readVersion(program);
    return version === null ? [] : [`${program.name} ${version}`];
  });
  return {
    title: herd.about,
    notes: versions.length === 0 ? [] : [versions.join(", ")],
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
        spread(all, ms),
        mib(median(runs.map((m) => m.residentBytes))),
      ];
    }),
  };
}
