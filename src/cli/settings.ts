/** The command line in the program's own terms. Pure: the caller passes in what it must know of the world. */
import type { Shell } from "./completions/index.ts";
import { UsageError } from "../errors.ts";
import {
  settingLines,
  type SettingsFile,
} from "../model/options/setting-lines.ts";
import type { ScreenSettings } from "../model/options/screen-settings.ts";
import { viewOf, type FixedView } from "../model/options/screen-view.ts";
import type { View } from "../model/view/view.ts";
import {
  outputSpec,
  parseOutputSpec,
  type OutputSpec,
} from "../output-options/output-spec.ts";
import { parseArguments, type Arguments } from "./arguments.ts";
import { colorLevel, type Environment } from "./color.ts";
import type { ColorLevel } from "../model/output.ts";
import {
  parseCount,
  parseDelayMs,
  parsePids,
  parseUsers,
  type UidOfUser,
} from "./option-values.ts";
import { refuseUnfollowed } from "./followed-options.ts";
import { choicesOf, choicesWith } from "./screen-choices.ts";
import { filesOf, sourceOf } from "./source-choice.ts";
import type { SourceSpec } from "./source-spec.ts";

/** What the user wants to see, as an output is given it. */
export interface Shown {
  readonly view: View;
  readonly screen: ScreenSettings;
  readonly colorLevel: ColorLevel;
}

/** `view`, `screen` and `colorLevel` are for all outputs but the screen: no settings file changes what those get. */
export interface Settings extends Shown {
  /** Nominal time between samples, ms. */
  readonly intervalMs: number;
  /** Samples to take; null: no end. */
  readonly count: number | null;
  /** How long to watch, ms; null: no end. */
  readonly durationMs: number | null;
  /** For the output that owns the terminal. */
  readonly onScreen: Shown;
  /** Where the screen saves its settings; null if it cannot. */
  readonly settingsPath: string | null;
  /** What of the settings file is not used, and why. */
  readonly notice: string | null;
  /** Why no key may change a task or the kernel; null if keys may. */
  readonly lock: string | null;
  readonly outputs: readonly OutputSpec[];
  readonly source: SourceSpec;
  /** Count by file too. */
  readonly files: boolean;
}

/** What is printed as it is. */
const PRINTED = [
  "output-types",
  "output-template",
  "json-schema",
  "grafana-dashboard",
  "prometheus-rules",
] as const;
export type Printed = (typeof PRINTED)[number];

export type Request =
  | {
      readonly kind:
        | "short-help"
        | "help"
        | "man"
        | "doctor"
        | "licenses"
        | "version"
        | "list-outputs"
        | Printed;
    }
  | { readonly kind: "completions"; readonly shell: Shell }
  | {
      readonly kind: "save";
      /** Null where there is no home. */
      readonly path: string | null;
      readonly lines: readonly string[];
      /** What of the file was not understood. */
      readonly notice: string | null;
    }
  | { readonly kind: "run"; readonly settings: Settings };

export interface Surroundings {
  readonly env: Environment;
  readonly stdoutIsTerminal: boolean;
  readonly uidOfUser: UidOfUser;
  /** Called only if the file has a say. */
  readonly readSettings: () => SettingsFile;
}

const NO_FILE: SettingsFile = { path: null, text: "", flaw: null };

/** @throws UsageError */
export function parseCommandLine(
  argv: readonly string[],
  around: Surroundings,
): Request {
  const given = parseArguments(argv);
  const { args } = given;
  if (args.h) return { kind: "short-help" };
  if (args.help) return { kind: "help" };
  if (args.man) return { kind: "man" };
  if (args.doctor) return { kind: "doctor" };
  if (args.licenses) return { kind: "licenses" };
  if (args.completions !== undefined)
    return { kind: "completions", shell: args.completions as Shell };
  if (args.version) return { kind: "version" };
  const printed = PRINTED.find((each) => args[each]);
  if (printed !== undefined) return { kind: printed };
  const outputs = outputsOf(
    given,
    around.stdoutIsTerminal && around.env["TERM"] !== "dumb",
  );
  const hasScreen = outputs.some(({ name }) => name === "screen");
  const file =
    args.config && (hasScreen || args.write) ? around.readSettings() : NO_FILE;
  const { screen: ofScreen, notice } = choicesWith(given, file);
  if (args.write && !args.config)
    throw new UsageError(
      "-W writes the settings file, which --no-config leaves alone; give only one",
    );
  if (args.write)
    return {
      kind: "save",
      path: file.path,
      lines: settingLines(ofScreen),
      notice,
    };
  const screen = choicesOf(given);
  refuseUnfollowed(given, screen, outputs);
  const watched = watchedOf(given, around.uidOfUser);
  const colorsOf = (wanted: boolean): ColorLevel =>
    colorLevel(around.env, around.stdoutIsTerminal, wanted);
  const settings: Settings = {
    ...paceOf(given),
    intervalMs: hasScreen ? ofScreen.intervalMs : screen.intervalMs,
    view: viewOf(screen, watched),
    screen,
    colorLevel: colorsOf(screen.color),
    onScreen: {
      view: viewOf(ofScreen, watched),
      screen: ofScreen,
      // A key turns colors on again.
      colorLevel: colorsOf(true),
    },
    settingsPath: file.path,
    notice,
    lock: lockOf(ofScreen, around.env),
    outputs,
    source: sourceOf(given, screen),
    files: filesOf(given, outputs),
  };
  return args["list-outputs"]
    ? { kind: "list-outputs" }
    : { kind: "run", settings };
}

function lockOf({ readonly }: ScreenSettings, env: Environment): string | null {
  if (readonly) return "read-only by --readonly";
  const ofIotopC = (env["IOTOP_NO_RENICE"] ?? "") !== "";
  return ofIotopC ? "read-only by IOTOP_NO_RENICE" : null;
}

/**
 * --report watches for a time but takes samples as often as without it. Ended tasks stay in memory until the next
 * sample, and where only /proc can be read, tasks between two samples would not be seen at all.
 */
function paceOf({ args }: Arguments): Pick<Settings, "count" | "durationMs"> {
  const count = args.iter === undefined ? null : parseCount(args.iter);
  if (args.report !== undefined && count !== null)
    throw new UsageError(
      "--report and -n both say when to exit; give only one",
    );
  return {
    count,
    durationMs:
      args.report === undefined ? null : parseDelayMs(args.report, "--report"),
  };
}

function watchedOf(
  { args, lists, counts }: Arguments,
  uidOfUser: UidOfUser,
): FixedView {
  return {
    pids: parsePids(lists.get("pid") ?? []),
    ...parseUsers(lists.get("user") ?? [], uidOfUser, lists.has("replay")),
    timestamp: args.time ?? false,
    devices: args.devices ?? false,
    // More than three counts as three, for compatibility.
    quiet: Math.min(counts.get("quiet") ?? 0, 3) as View["quiet"],
  };
}

/**
 * -b adds the batch text to the outputs of --output, --report adds the report, which is text with or without -b. Without
 * --output the result is one of these, or the screen.
 */
function outputsOf(
  { args, lists }: Arguments,
  canShowScreen: boolean,
): readonly OutputSpec[] {
  const asked = (lists.get("output") ?? []).map(parseOutputSpec);
  if (args.batch && asked.some((o) => o.name === "screen"))
    throw new UsageError(
      "-b and --output screen cannot both use the terminal; --output batch=FILE writes the text to a file",
    );
  if (args.report !== undefined) {
    const isAsked = asked.some((each) => each.name === "report");
    return isAsked ? asked : [...asked, outputSpec("report")];
  }
  if (asked.length === 0) {
    const { batch, time, devices, quiet } = args;
    const isText = batch || time || devices || quiet || !canShowScreen;
    return [outputSpec(isText ? "batch" : "screen")];
  }
  const hasBatch = asked.some((o) => o.name === "batch" && o.target === null);
  if (!args.batch || hasBatch) return asked;
  return [outputSpec("batch"), ...asked];
}
