/** What the command line asks for, in terms of the program. Pure: what it needs to know of the world is handed in. */
import { UsageError } from "../errors.ts";
import type { View } from "../model/view.ts";
import { parseArguments, type Arguments } from "./arguments.ts";
import { colorLevel, type ColorLevel, type Environment } from "./color.ts";
import { outputSpec, parseOutputSpec, type OutputSpec } from "./output-spec.ts";
import {
  parseCount,
  parseDelayMs,
  parsePids,
  parseUids,
  type UidOfUser,
} from "./values.ts";

export interface Settings {
  /** Nominal time between samples, ms. */
  readonly intervalMs: number;
  /** Samples to take; null: no end. */
  readonly count: number | null;
  readonly view: View;
  readonly outputs: readonly OutputSpec[];
  readonly source: "auto" | "taskstats" | "procfs";
  readonly colorLevel: ColorLevel;
}

export type Request =
  | { readonly kind: "help" | "version" | "list-outputs" }
  | { readonly kind: "run"; readonly settings: Settings };

export interface Surroundings {
  readonly env: Environment;
  readonly stdoutIsTerminal: boolean;
  readonly uidOfUser: UidOfUser;
}

/** @throws UsageError */
export function parseCommandLine(
  argv: readonly string[],
  around: Surroundings,
): Request {
  const given = parseArguments(argv);
  const { args } = given;
  if (args.help) return { kind: "help" };
  if (args.version) return { kind: "version" };
  const settings: Settings = {
    intervalMs: parseDelayMs(args.delay),
    count: args.iter === undefined ? null : parseCount(args.iter),
    view: viewOf(given, around.uidOfUser),
    outputs: outputsOf(
      given,
      around.stdoutIsTerminal && around.env["TERM"] !== "dumb",
    ),
    source: args.source as Settings["source"],
    colorLevel: colorLevel(around.env, around.stdoutIsTerminal, args.color),
  };
  return args["list-outputs"]
    ? { kind: "list-outputs" }
    : { kind: "run", settings };
}

function viewOf(
  { args, lists, counts }: Arguments,
  uidOfUser: UidOfUser,
): View {
  return {
    only: args.only ?? false,
    processes: args.processes ?? false,
    accumulated: args.accumulated ?? false,
    pids: parsePids(lists.get("pid") ?? []),
    uids: parseUids(lists.get("user") ?? [], uidOfUser),
    kilobytes: args.kilobytes ?? false,
    timestamp: args.time ?? false,
    // More than three has always been taken as three.
    quiet: Math.min(counts.get("quiet") ?? 0, 3) as View["quiet"],
  };
}

/** -b adds the batch text to what --output asks for; without --output it is the batch text or the screen. */
function outputsOf(
  { args, lists }: Arguments,
  canShowScreen: boolean,
): readonly OutputSpec[] {
  const asked = (lists.get("output") ?? []).map(parseOutputSpec);
  if (asked.length === 0) {
    const text = args.batch || args.time || args.quiet || !canShowScreen;
    return [outputSpec(text ? "batch" : "screen")];
  }
  const hasBatch = asked.some((o) => o.name === "batch" && o.target === null);
  if (!args.batch || hasBatch) return asked;
  if (asked.some((o) => o.name === "screen"))
    throw new UsageError(
      "-b and --output screen cannot both have the terminal; --output batch=FILE writes the text to a file",
    );
  return [outputSpec("batch"), ...asked];
}
