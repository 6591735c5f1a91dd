/** One run: delivers samples from a source to outputs, until something ends it. */
import type { Settings } from "./cli/settings.ts";
import {
  catchBackgroundErrors,
  findCulprit,
  originOf,
} from "./host/errors/background-errors.ts";
import { describeError } from "./errors.ts";
import { chooseDestination } from "./host/outputs/destination.ts";
import { deliverAll } from "./host/run/delivery.ts";
import { Fanout } from "./host/outputs/fanout.ts";
import {
  LogRotation,
  isOnTerminal,
  rotationSignals,
} from "./host/run/log-rotation.ts";
import { describeFailure } from "./host/modules/module-error.ts";
import { Messages } from "./host/run/messages.ts";
import {
  createContext,
  type SharedContext,
} from "./host/outputs/output-context.ts";
import type { OutputRunner, OutputEnd } from "./host/outputs/output-runner.ts";
import type { ResolvedOutput } from "./host/outputs/resolve-outputs.ts";
import { paceOf } from "./host/run/run-pace.ts";
import { RunState } from "./host/run/run-state.ts";
import {
  openScreenSession,
  withoutScreen,
  type ScreenSession,
} from "./host/screen/screen-session.ts";
import { listenForStop } from "./host/run/signals.ts";
import type { Sink } from "./host/sinks/sink.ts";
import { SourceWarnings } from "./host/run/source-warnings.ts";
import type { HostTerminal, TerminalOptions } from "./host/screen/terminal.ts";
import { settlesWithin, until, type AlarmClock } from "./kernel/clock.ts";
import type {
  Controls,
  SettingsControl,
  TaskControl,
} from "./model/controls.ts";
import { createFormat, type LocalTime } from "./model/text/format.ts";
import type { Source } from "./sources/source.ts";

/** The parts of the process that a run touches; tests pass their own. */
export interface Surroundings {
  readonly version: string;
  readonly clock: AlarmClock;
  readonly localTime: (timeMs: number) => LocalTime;
  readonly stdout: Sink;
  readonly printError: (text: string) => void;
  readonly openTerminal: (options: TerminalOptions) => HostTerminal;
  /** Acts on tasks, for the owner of the terminal; disposed at the end of the run. */
  readonly openTasks: () => TaskControl & Disposable;
  /** Where the owner of the terminal saves its settings; null if it cannot. */
  readonly savedSettings: SettingsControl | null;
  /** Ends the process at once. */
  readonly exit: (status: number) => void;
}

export type RunSettings = Pick<
  Settings,
  | "intervalMs"
  | "count"
  | "durationMs"
  | "view"
  | "screen"
  | "colorLevel"
  | "onScreen"
  | "notice"
>;

/** How long an output that does not answer delays the start, and the end. */
const PATIENCE_MS = 2000;

/**
 * Resolves to the exit status: 0 for every end that was asked for, 1 if the source or an output failed, and 128 plus
 * its number for a signal that is not usually sent to a program of this kind.
 */
export async function run(
  settings: RunSettings,
  source: Source,
  outputs: readonly ResolvedOutput[],
  around: Surroundings,
): Promise<number> {
  const state = new RunState(new Messages(around.printError));
  const rotation = new LogRotation();
  const hasFile = outputs.some(({ file }) => file !== null);
  let isAskedToEnd = false;
  let askedStatus = 0;
  using signals = listenForStop(
    {
      onStop(exitStatus) {
        isAskedToEnd = true;
        askedStatus = exitStatus;
        state.stop("signal");
      },
      onInsist(exitStatus) {
        fanout.leave();
        around.exit(exitStatus);
      },
      onReopen: () => rotation.reopen(),
    },
    around.clock,
    rotationSignals(hasFile, isOnTerminal()),
  );
  const owner = outputs.findIndex((each) => each.owns === "terminal");
  using session =
    owner < 0
      ? withoutScreen(around.stdout)
      : openScreenSession(
          around.openTerminal,
          {
            onInterrupt: () => signals.request("SIGINT"),
            onHangup: () => signals.request("SIGHUP"),
            signal: state.signal,
          },
          around.stdout,
          state.messages,
        );
  const pace = paceOf(settings, source, outputs);
  using tasks =
    owner < 0 || source.name === "replay" ? null : around.openTasks();
  const fanout = createFanout(
    outputs,
    state,
    session,
    rotation,
    sharedContextOf(settings, source, state, around),
    {
      ...{ pace: pace.control, tasks, settings: around.savedSettings },
      ...{ replay: source.player ?? null, files: source.files ?? null },
      cgroups: source.cgroups ?? null,
    },
    around.clock,
  );
  using _background = catchBackgroundErrors((error) =>
    containError(error, outputs, fanout, state),
  );
  const restored = fanout.runners[owner]?.closed
    .then(() => session.leave())
    .catch((error) => state.fail(describeError(error)));

  // Outputs that are still opening after that get merged samples later.
  await until(
    state.signal,
    settlesWithin(fanout.open(), PATIENCE_MS, around.clock),
  );
  const warnings = new SourceWarnings(source, state.messages, owner >= 0);
  // Nothing is left that could lack anything if all outputs have failed.
  const isOver = state.reason === "error";
  if (!isOver) warnings.reportNotices();
  if (!isOver && settings.notice !== null) state.messages.warn(settings.notice);
  try {
    await deliverAll({
      ...{ source, pace, fanout, state, warnings },
      pids: settings.view.pids,
      screen: fanout.runners[owner],
    });
  } catch (error) {
    state.fail(describeError(error));
    state.stop("error");
  }
  if (!isOver) warnings.reportLateNotices();
  // If the samples simply end, nothing waits for iotop: then a reader may take its time, until iotop is asked to end.
  const isUnhurried = state.reason === null;
  const isAsAsked =
    source.name !== "replay" || state.totals.samples === settings.count;
  state.stop(isAsAsked ? "count" : "end-of-input");
  const summary = state.totals.summarize(state.reason!);
  await fanout.close(summary, {
    ms: PATIENCE_MS,
    waitsForReaders: () => isUnhurried && !isAskedToEnd,
  });
  while (
    restored &&
    !(await settlesWithin(restored, PATIENCE_MS, around.clock))
  ) {
    if (!isAskedToEnd) continue;
    state.fail(
      "stdout accepts no data: text that waited for the screen to close is lost",
    );
    break;
  }
  return state.failed ? 1 : askedStatus;
}

/** By whether the output owns the terminal. */
function sharedContextOf(
  settings: RunSettings,
  source: Source,
  state: RunState,
  { version, localTime }: Surroundings,
): (isOwner: boolean) => SharedContext {
  const isReplay = source.name === "replay";
  const intervalMs = isReplay ? null : settings.intervalMs;
  const origin = isReplay ? "replay" : "live";
  return (isOwner) => {
    const { view, screen, colorLevel } = isOwner ? settings.onScreen : settings;
    return {
      run: { version, origin, intervalMs, view, screen, colorLevel },
      format: createFormat({ ...view, localTime }),
      messages: state.messages,
      stop: () => state.stop("quit"),
    };
  };
}

function createFanout(
  outputs: readonly ResolvedOutput[],
  state: RunState,
  session: ScreenSession,
  rotation: LogRotation,
  shared: (isOwner: boolean) => SharedContext,
  controls: Controls,
  clock: AlarmClock,
): Fanout {
  const fanout = new Fanout({
    outputs: outputs.map((each) => {
      const { name } = each;
      const destination = chooseDestination(each, session, {
        rotation,
        signal: state.signal,
      });
      const isOwner = destination.terminal !== null;
      return {
        name,
        output: destination.output,
        createContext: (runner) =>
          createContext(
            shared(isOwner),
            { name, ...destination, controls: isOwner ? controls : null },
            runner,
          ),
      };
    }),
    clock,
    summarize: (reason) => state.totals.summarize(reason),
    patience: { ms: PATIENCE_MS, waitsForReaders: () => false },
    onEnd(runner: OutputRunner, end: OutputEnd) {
      const { name } = runner;
      const codePath =
        outputs[fanout.runners.indexOf(runner)]?.codePath ?? null;
      if (end.kind === "failed")
        state.fail(`${name}: ${describeFailure(end, codePath)}`);
      if (end.kind === "hung")
        state.fail(
          `${name}: did not finish in time: iotop does not wait any longer`,
        );
    },
    onAllEnded() {
      const unread = fanout.runners.some(
        (each) => each.end?.kind === "broken-pipe",
      );
      state.stop(unread ? "broken-pipe" : "error");
    },
  });
  return fanout;
}

function containError(
  error: unknown,
  outputs: readonly ResolvedOutput[],
  fanout: Fanout,
  state: RunState,
): void {
  const culprit = fanout.runners[findCulprit(error, outputs)];
  if (culprit !== undefined) {
    culprit.fail(error);
    return;
  }
  state.fail(`unexpected error: ${describeError(error)}${originOf(error)}`);
  // The error may come from a module, and must not end the other outputs. Without modules it is our own, and the state
  // of the run is unknown.
  if (outputs.every((each) => each.codePath === null)) state.stop("error");
}
