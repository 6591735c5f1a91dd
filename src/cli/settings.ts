/** The command line in the program's own terms. Pure: the caller passes in what it must know of the world. */
import { UsageError } from "../errors.ts";
import {
  DEFAULT_SCREEN,
  type ScreenSettings,
} from "../model/screen-settings.ts";
import type { View } from "../model/view.ts";
import {
  outputSpec,
  parseOutputSpec,
  type OutputSpec,
} from "../output-options/output-spec.ts";
import { parseArguments, type Arguments } from "./arguments.ts";
import { colorLevel, type ColorLevel, type Environment } from "./color.ts";
import {
  parseCount,
  parseDelayMs,
  parsePids,
  parseUids,
  type UidOfUser,
} from "./option-values.ts";
import { parseSourceSpec, parseSpeed, type SourceSpec } from "./source-spec.ts";

export interface Settings {
  /** Nominal time between samples, ms. */
  readonly intervalMs: number;
  /** Samples to take; null: no end. */
  readonly count: number | null;
  /** How long to watch, ms; null: no end. */
  readonly durationMs: number | null;
  readonly view: View;
  readonly screen: ScreenSettings;
  readonly outputs: readonly OutputSpec[];
  readonly source: SourceSpec;
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
    ...paceOf(given),
    view: viewOf(given, around.uidOfUser),
    screen: DEFAULT_SCREEN,
    outputs: outputsOf(
      given,
      around.stdoutIsTerminal && around.env["TERM"] !== "dumb",
    ),
    source: sourceOf(given),
    colorLevel: colorLevel(around.env, around.stdoutIsTerminal, args.color),
  };
  return args["list-outputs"]
    ? { kind: "list-outputs" }
    : { kind: "run", settings };
}

/**
 * --report watches for a time but takes samples as often as without it. Ended tasks stay in memory until the next
 * sample, and where only /proc can be read, tasks between two samples would not be seen at all.
 */
function paceOf({
  args,
}: Arguments): Pick<Settings, "intervalMs" | "count" | "durationMs"> {
  const count = args.iter === undefined ? null : parseCount(args.iter);
  if (args.report !== undefined && count !== null)
    throw new UsageError("--report and -n both say when to end; give only one");
  return {
    intervalMs: parseDelayMs(args.delay),
    count,
    durationMs:
      args.report === undefined ? null : parseDelayMs(args.report, "--report"),
  };
}

/** A recording stands in for the live source, so the options of one exclude those of the other. */
function sourceOf({ args, given }: Arguments): SourceSpec {
  const { replay, speed } = args;
  if (replay === undefined) {
    if (speed !== undefined)
      throw new UsageError("--speed works only with --replay");
    return parseSourceSpec(args.source);
  }
  if (given.has("source"))
    throw new UsageError(
      "--replay and --source both say where samples come from; give only one",
    );
  if (given.has("delay"))
    throw new UsageError(
      "-d cannot be used with --replay, because a recording has its own intervals; --speed sets how fast they pass",
    );
  if (args.report !== undefined)
    throw new UsageError(
      "--report watches this machine; for a report of a recording use --replay FILE --output report",
    );
  return {
    kind: "replay",
    path: replay,
    speed: parseSpeed(speed ?? "1"),
  };
}

function viewOf(
  { args, lists, counts }: Arguments,
  uidOfUser: UidOfUser,
): View {
  return {
    only: args.only ?? false,
    processes: args.processes ?? false,
    accumulated: args.accumulated ?? false,
    mean: false,
    lifetime: false,
    pids: parsePids(lists.get("pid") ?? []),
    uids: parseUids(lists.get("user") ?? [], uidOfUser),
    filter: null,
    kilobytes: args.kilobytes ?? false,
    si: false,
    timestamp: args.time ?? false,
    // More than three counts as three, for compatibility.
    quiet: Math.min(counts.get("quiet") ?? 0, 3) as View["quiet"],
  };
}

/**
 * -b adds the batch text to the outputs of --output, --report adds the report. Without --output the result is one of
 * these, or the screen.
 */
function outputsOf(
  { args, lists }: Arguments,
  canShowScreen: boolean,
): readonly OutputSpec[] {
  const asked = (lists.get("output") ?? []).map(parseOutputSpec);
  if (args.report !== undefined) {
    const isAsked = asked.some((each) => each.name === "report");
    return isAsked ? asked : [...asked, outputSpec("report")];
  }
  if (asked.length === 0) {
    const text = args.batch || args.time || args.quiet || !canShowScreen;
    return [outputSpec(text ? "batch" : "screen")];
  }
  const hasBatch = asked.some((o) => o.name === "batch" && o.target === null);
  if (!args.batch || hasBatch) return asked;
  if (asked.some((o) => o.name === "screen"))
    throw new UsageError(
      "-b and --output screen cannot both use the terminal; --output batch=FILE writes the text to a file",
    );
  return [outputSpec("batch"), ...asked];
}
