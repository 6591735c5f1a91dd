/** What came of each machine, as it is kept in results.json and stands in the manual. */
import { join } from "node:path";
import { formatText } from "../support/documents/format-text.ts";
import { runCommand } from "./run-command.ts";
import { MACHINES, nameOf, type Machine } from "./machines.ts";
import { EXACT, type Verdict } from "./verdict.ts";

export interface Result {
  /** Which of the machines, by name. */
  readonly machine: string;
  readonly date: string;
  /** As it calls itself; null if no package has it, or it did not boot. */
  readonly kernel: string | null;
  readonly taskstats: string | null;
  /** Of memory: "4 kB". */
  readonly page: string | null;
  /** By part; null if there is no package. */
  readonly results: Verdict["results"] | null;
}

const ROOT = join(import.meta.dir, "../..");
const PATH = join(import.meta.dir, "results.json");
const TABLES = "test/support/manual-tables.ts";

export const toResult = (
  machine: Machine,
  verdict: Verdict | null,
  date = new Date(),
): Result => ({
  machine: nameOf(machine),
  date: date.toISOString().slice(0, 10),
  kernel: verdict?.kernel ?? null,
  taskstats: verdict?.taskstats ?? null,
  page: verdict?.page ?? null,
  results: verdict === null ? null : verdict.results,
});

/** With this one instead of that of the same machine before, in the order of the machines. Pure. */
export function mergeResult(
  old: readonly Result[],
  result: Result,
): readonly Result[] {
  const last = new Map([...old, result].map((each) => [each.machine, each]));
  return MACHINES.flatMap((machine) => last.get(nameOf(machine)) ?? []);
}

/** Also writes the table in the manual. */
export async function writeResult(result: Result): Promise<void> {
  const old = (await Bun.file(PATH).json()) as readonly Result[];
  const results = JSON.stringify(mergeResult(old, result), null, 2);
  await Bun.write(PATH, await formatText("results.json", results));
  await runCommand([process.execPath, TABLES, "--write"], ROOT);
}

/** The cells of its row in the manual, by the heads of the columns. Pure. */
export function rowOf(result: Result): Readonly<Record<string, string>> {
  const { kernel, machine, date, taskstats, page, results } = result;
  const part = (name: string): string => results?.[name] ?? "";
  const option = /\S+=\S+/.exec(machine)?.[0];
  const named = [
    kernel ?? machine,
    ...(kernel === null || option === undefined ? [] : [`\`${option}\``]),
    ...(page === null || page === "4 kB"
      ? []
      : [`pages of ${page.replace("kB", "KiB")}`]),
  ].join(", ");
  return {
    Kernel: named,
    taskstats: taskstats ?? "?",
    Processes: results === null ? "no package" : part("processes"),
    "Without `/sys`": part("proc-alone"),
    "`--files`": results === null ? "" : filesOf(results),
    "TO DISK of cgroups": part("writeback"),
    "Booted on": date,
  };
}

/** One word for three file systems where they are alike. */
function filesOf(results: NonNullable<Result["results"]>): string {
  const { positions } = results;
  if (positions !== undefined)
    return positions === EXACT ? "positions" : positions;
  const systems = ["ext4", "xfs", "btrfs"];
  if (systems.every((name) => results[name] === EXACT)) return EXACT;
  return systems.map((name) => `${name}: ${results[name]}`).join("; ");
}
