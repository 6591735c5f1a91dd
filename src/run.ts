/** One run: samples from a source to outputs, until something or somebody ends it. */
import type { Settings } from "./cli/settings.ts";
import {
  catchBackgroundErrors,
  findCulprit,
  originOf,
} from "./host/background-errors.ts";
import { createContext, type Surface } from "./host/context.ts";
import { Course } from "./host/course.ts";
import { describeError } from "./host/describe-error.ts";
import { Fanout } from "./host/fanout.ts";
import type { Lane, LaneEnd } from "./host/lane.ts";
import { Messages } from "./host/messages.ts";
import { placeOutput } from "./host/placement.ts";
import type { Sink } from "./host/print.ts";
import type { ResolvedOutput } from "./host/resolve-outputs.ts";
import { listenForStop } from "./host/signals.ts";
import { openScreenStage, plainStage, type Stage } from "./host/stage.ts";
import type { HostTerminal, TerminalOptions } from "./host/terminal.ts";
import { settlesWithin, type AlarmClock } from "./kernel/clock.ts";
import { createFormat, type LocalTime } from "./model/format.ts";
import { Warnings } from "./host/warnings.ts";
import type { Source } from "./sources/source.ts";

/** What a run touches of the process; tests hand in their own. */
export interface Surroundings {
  readonly version: string;
  readonly clock: AlarmClock;
  readonly localTime: (timeMs: number) => LocalTime;
  readonly stdout: Sink;
  readonly printError: (text: string) => void;
  readonly openTerminal: (options: TerminalOptions) => HostTerminal;
  /** Ends the process at once. */
  readonly exit: (status: number) => void;
}

export type RunSettings = Pick<
  Settings,
  "intervalMs" | "count" | "durationMs" | "view" | "colorLevel"
>;

/** How long an output that does not answer holds up the start, and the end. */
const PATIENCE_MS = 2000;

/**
 * Resolves with the exit status: 0 for every end that was asked for, 1 if the source or an output failed, and 128 and
 * its number for a signal that nobody sends to a program of this kind.
 */
export async function run(
  settings: RunSettings,
  source: Source,
  outputs: readonly ResolvedOutput[],
  around: Surroundings,
): Promise<number> {
  const course = new Course(new Messages(around.printError));
  let isAskedToEnd = false;
  let askedStatus = 0;
  using signals = listenForStop(
    {
      onStop(exitStatus) {
        isAskedToEnd = true;
        askedStatus = exitStatus;
        course.stop("signal");
      },
      onInsist: around.exit,
    },
    around.clock,
  );
  const owner = outputs.findIndex((each) => each.owns === "terminal");
  using stage =
    owner < 0
      ? plainStage(around.stdout)
      : openScreenStage(
          around.openTerminal,
          {
            onInterrupt: () => signals.request("SIGINT"),
            onHangup: () => signals.request("SIGHUP"),
            signal: course.signal,
          },
          around.stdout,
          course.messages,
        );
  const fanout = createFanout(
    outputs,
    course,
    stage,
    surfaceOf(settings, source, course, around),
    around.clock,
  );
  using _background = catchBackgroundErrors((error) =>
    containError(error, outputs, fanout, course),
  );
  const restored = fanout.lanes[owner]?.closed
    .then(() => stage.leave())
    .catch((error) => course.fail(describeError(error)));

  // Whoever is still not open then gets the samples merged when it is.
  await until(
    course.signal,
    settlesWithin(fanout.open(), PATIENCE_MS, around.clock),
  );
  const warnings = new Warnings(source, course.messages, owner >= 0);
  warnings.tellNotices();
  try {
    await deliverSamples(settings, source, fanout, course, warnings);
    const screen = fanout.lanes[owner];
    const isShown = source.name === "replay" && screen?.end === null;
    // The last sample of a recording stays on the screen until somebody has seen enough of it.
    if (isShown && course.tally.samples !== settings.count) {
      course.messages.warn("end of the recording: q quits");
      await until(course.signal, screen.closed);
    }
  } catch (error) {
    course.fail(describeError(error));
    course.stop("error");
  }
  warnings.tellLateNotices();
  // Nobody is waiting for us when the samples simply end: then a reader may take its time, until we are asked to end.
  const isUnhurried = course.reason === null;
  const isAsAsked =
    source.name !== "replay" || course.tally.samples === settings.count;
  course.stop(isAsAsked ? "count" : "end-of-input");
  const summary = course.tally.summarize(course.reason!);
  await fanout.close(summary, {
    ms: PATIENCE_MS,
    waitsForReaders: () => isUnhurried && !isAskedToEnd,
  });
  while (
    restored &&
    !(await settlesWithin(restored, PATIENCE_MS, around.clock))
  ) {
    if (!isAskedToEnd) continue;
    course.fail("stdout takes nothing: what waited for the screen is left out");
    break;
  }
  return course.failed ? 1 : askedStatus;
}

function surfaceOf(
  { intervalMs, view, colorLevel }: RunSettings,
  source: Source,
  course: Course,
  { version, localTime }: Surroundings,
): Surface {
  return {
    run: {
      version,
      intervalMs: source.name === "replay" ? null : intervalMs,
      view,
      colorLevel,
    },
    format: createFormat({ kilobytes: view.kilobytes, localTime }),
    signal: course.signal,
    messages: course.messages,
    stop: () => course.stop("quit"),
  };
}

function createFanout(
  outputs: readonly ResolvedOutput[],
  course: Course,
  stage: Stage,
  surface: Surface,
  clock: AlarmClock,
): Fanout {
  const fanout = new Fanout({
    outputs: outputs.map((each) => {
      const { name } = each;
      const placement = placeOutput(each, stage);
      return {
        name,
        output: placement.output,
        createContext: (lane) =>
          createContext(surface, { name, ...placement }, lane),
      };
    }),
    clock,
    summarize: (reason) => course.tally.summarize(reason),
    patience: { ms: PATIENCE_MS, waitsForReaders: () => false },
    onEnd({ name }: Lane, end: LaneEnd) {
      if (end.kind === "failed")
        course.fail(`${name}: ${describeError(end.error)}`);
      if (end.kind === "hung")
        course.fail(`${name}: did not end in time and was left behind`);
    },
    onAllEnded() {
      const unread = fanout.lanes.some(
        (each) => each.end?.kind === "broken-pipe",
      );
      course.stop(unread ? "broken-pipe" : "error");
    },
  });
  return fanout;
}

function containError(
  error: unknown,
  outputs: readonly ResolvedOutput[],
  fanout: Fanout,
  course: Course,
): void {
  const culprit = fanout.lanes[findCulprit(error, outputs)];
  if (culprit !== undefined) {
    culprit.fail(error);
    return;
  }
  course.fail(`unexpected error: ${describeError(error)}${originOf(error)}`);
  // It may be a module's, which must not end the others; without one it is our own, and nothing is certain.
  if (outputs.every((each) => each.codePath === null)) course.stop("error");
}

async function deliverSamples(
  { intervalMs, count, durationMs, view }: RunSettings,
  source: Source,
  fanout: Fanout,
  { tally, signal }: Course,
  warnings: Warnings,
): Promise<void> {
  if (signal.aborted) return;
  const pace = { intervalMs, count, durationMs };
  for await (const sample of source.samples(pace, signal)) {
    if (tally.samples === 0) warnings.tellAbsent(sample, view.pids);
    tally.add(sample);
    warnings.tellProblems(sample);
    fanout.deliver(sample);
    // Live time does not wait for slow outputs; a recording does, so that none of its lines is merged into another.
    if (source.name === "replay") await until(signal, fanout.idle());
  }
}

/** Waits for the work, but not longer than for the signal. */
async function until(
  signal: AbortSignal,
  work: Promise<unknown>,
): Promise<void> {
  if (signal.aborted) return;
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  signal.addEventListener("abort", onAbort);
  await Promise.race([work, aborted]);
  signal.removeEventListener("abort", onAbort);
}
