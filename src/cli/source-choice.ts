/** What the command line says of where samples come from. Pure. */
import { UsageError } from "../errors.ts";
import type { ScreenSettings } from "../model/options/screen-settings.ts";
import type { OutputSpec } from "../output-options/output-spec.ts";
import type { Arguments } from "./arguments.ts";
import {
  parseSourceSpec,
  parseSpeed,
  parseTime,
  type SourceSpec,
} from "./source-spec.ts";

/** A recording has the files that it was made with. @throws UsageError */
export function filesOf(
  { args }: Arguments,
  outputs: readonly OutputSpec[],
): boolean {
  const isReplay = args.replay !== undefined;
  if (!args.files && !isReplay && outputs.some(isOfFiles))
    throw new UsageError(
      "--output csv,shape=file shows what --files counts: add --files",
    );
  if (!args.files) return false;
  if (isReplay)
    throw new UsageError(
      "--files watches this machine; a recording has files if it was made with --files",
    );
  return true;
}

const isOfFiles = ({ name, options }: OutputSpec): boolean =>
  name === "csv" && options.get("shape") === "file";

const OF_REPLAY = ["speed", "host", "from", "to"] as const;

/**
 * A recording stands in for the live source, so the options of one exclude those of the other.
 *
 * @throws UsageError
 */
export function sourceOf(
  { args, given, lists }: Arguments,
  { intervalMs }: ScreenSettings,
): SourceSpec {
  const paths = lists.get("replay");
  if (paths === undefined) {
    const stray = OF_REPLAY.find((name) => given.has(name));
    if (stray !== undefined)
      throw new UsageError(
        `--${stray} works only with --replay: name the recording too, as in --replay io.jsonl`,
      );
    return parseSourceSpec(args.source);
  }
  if (given.has("source"))
    throw new UsageError(
      "--replay and --source both say where samples come from; give only one",
    );
  if (args.report !== undefined)
    throw new UsageError(
      "--report watches this machine; for a report of a recording use --replay FILE --output report",
    );
  return {
    kind: "replay",
    paths,
    speed: parseSpeed(args.speed ?? "1"),
    host: args.host ?? null,
    window: {
      from: args.from === undefined ? null : parseTime(args.from, "--from"),
      to: args.to === undefined ? null : parseTime(args.to, "--to"),
    },
    lengthMs: given.has("delay") ? intervalMs : null,
  };
}
