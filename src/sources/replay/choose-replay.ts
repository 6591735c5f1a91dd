/** What of the recordings is replayed, and why nothing is. */
import { UsageError } from "../../errors.ts";
import { createFormat } from "../../model/text/format.ts";
import {
  needsSpan,
  resolveWindow,
  type Place,
  type Span,
  type WindowText,
} from "../../model/text/time-text.ts";
import { hostsOf, listed } from "./hosts.ts";
import { nameOf, type RecordingFile } from "./recording-files.ts";
import { readSpan } from "./recording-span.ts";
import { RecordingError } from "./recording.ts";
import type { Choice, ReplayReading } from "./replay-reading.ts";

export interface ReplayOptions {
  /** JSON lines, plain or compressed by gzip or zstd. */
  readonly files: readonly RecordingFile[];
  /** Which part of them is wanted; by default all is. */
  readonly window?: WindowText;
  /** The host that is shown; null, as by default: all. */
  readonly host?: string | null;
  /** Whether all must be of one host. */
  readonly isOneHost?: boolean;
  /** Samples are merged until they are at least so long, ms; null, as by default: they are not. */
  readonly lengthMs?: number | null;
}

const ALL: WindowText = { from: null, to: null };

/** @throws UsageError for times that have no meaning here, RecordingError when a file cannot be read */
export async function chooseReplay(
  {
    files,
    window = ALL,
    host = null,
    isOneHost = false,
    lengthMs = null,
  }: ReplayOptions,
  place: Place,
): Promise<Choice> {
  const isRelative = needsSpan(window);
  const span = isRelative ? await readSpan(files) : null;
  if (isRelative && span === null) throw describeNoSpan(files);
  const { fromMs, toMs } = resolveWindow(window, span, place);
  if (fromMs >= toMs)
    throw new UsageError(
      `--from is not before --to: ${stampOf(place)(fromMs)} is after ${stampOf(place)(toMs)}`,
    );
  return {
    files,
    wanted: { fromMs, toMs, host },
    isOneHost,
    lengthNs: lengthMs === null ? null : lengthMs * 1e6,
  };
}

function describeNoSpan(files: readonly RecordingFile[]): Error {
  const piped = files.find(({ isFile }) => !isFile);
  return piped === undefined
    ? describeEmpty(files)
    : new UsageError(
        `${nameOf(piped.path)} can be read only once, so its end is not known in advance: give --from and --to a date, as in "2026-11-24 02:13"`,
      );
}

/** Why a reading that came to its end had no sample. */
export async function describeNothing(
  { files, wanted }: Choice,
  { unwanted }: ReplayReading,
  place: Place,
): Promise<Error> {
  const { fromMs, toMs, host } = wanted;
  const hosts = hostsOf(
    unwanted.flatMap((each) => [...each.hosts]),
    files,
  );
  if (host !== null && hosts.length > 0 && !hosts.includes(host))
    return new UsageError(
      `--host ${host}: the recordings are of ${listed(hosts)}`,
    );
  const spans: readonly Span[] = [
    ...unwanted,
    ...files.flatMap(({ period }) => period ?? []),
  ];
  if (spans.length === 0) return describeEmpty(files);
  const stamp = stampOf(place);
  const limits = [
    ...(fromMs > -Infinity ? [`after ${stamp(fromMs)}`] : []),
    ...(toMs < Infinity ? [`before ${stamp(toMs)}`] : []),
  ].join(" and ");
  // Nothing was read after the first line that was too late.
  const span = await readSpan(files);
  const begin = stamp(Math.min(...spans.map(({ beginMs }) => beginMs)));
  const period =
    span === null ? `${begin} on` : `${begin} to ${stamp(span.endMs)}`;
  return new RecordingError(
    `no sample is ${limits}: the recording is from ${period}`,
  );
}

function describeEmpty(files: readonly RecordingFile[]): RecordingError {
  const [{ path }, second] = files as readonly [RecordingFile, RecordingFile?];
  return new RecordingError(
    second === undefined
      ? `${nameOf(path)}: the recording is empty`
      : `${nameOf(path)} and the other recordings are empty`,
  );
}

/** "2026-11-24 02:13:00", local. */
function stampOf({ localTime }: Place): (timeMs: number) => string {
  const { date, clock } = createFormat({ kilobytes: false, localTime });
  return (timeMs) => `${date(timeMs)} ${clock(timeMs)}`;
}
