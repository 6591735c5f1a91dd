/** One run: samples from a source to outputs, until something or somebody ends it. */
import type { Settings } from "./cli/settings.ts";
import {
  catchBackgroundErrors,
  findCulprit,
  originOf,
} from "./host/background-errors.ts";
import { createContext, type Surface } from "./host/context.ts";
import { describeError } from "./host/describe-error.ts";
import { Fanout } from "./host/fanout.ts";
import type { Lane, LaneEnd } from "./host/lane.ts";
import { Messages } from "./host/messages.ts";
import { placeOutput } from "./host/placement.ts";
import { holdBack, type Sink } from "./host/print.ts";
import type { ResolvedOutput } from "./host/resolve-outputs.ts";
import { listenForStop } from "./host/signals.ts";
import { Tally } from "./host/tally.ts";
import type { HostTerminal, TerminalOptions } from "./host/terminal.ts";
import { createFormat } from "./model/format.ts";
import type { StopReason } from "./model/sample.ts";
import type { Pace, Source } from "./sources/source.ts";

/** What the run touches of the process; tests hand in their own. */
export interface Surroundings {
  readonly version: string;
  readonly stdout: Sink;
  readonly printError: (text: string) => void;
  readonly openTerminal: (options: TerminalOptions) => HostTerminal;
  /** Ends the process at once. */
  readonly exit: (status: number) => void;
}

export type RunSettings = Pick<
  Settings,
  "intervalMs" | "count" | "view" | "colorLevel"
>;

/** How long an output that has stopped answering holds up the end. */
const PATIENCE_MS = 2000;

/** Resolves with the exit status: 0 for every end that was asked for, 1 if the source or an output failed. */
export async function run(
  settings: RunSettings,
  source: Source,
  outputs: readonly ResolvedOutput[],
  around: Surroundings,
): Promise<0 | 1> {
  const ending = new AbortController();
  const messages = new Messages(around.printError);
  const tally = new Tally();
  let reason: StopReason | null = null;
  let failed = false;

  const stop = (why: StopReason): void => {
    reason ??= why;
    ending.abort();
  };
  const failWith = (text: string): void => {
    failed = true;
    messages.error(text);
  };

  using signals = listenForStop({
    onStop: () => stop("signal"),
    onInsist: around.exit,
  });
  const owner = outputs.findIndex((each) => each.owns === "terminal");
  using screen = new DisposableStack();
  const terminal =
    owner < 0
      ? null
      : around.openTerminal({
          onInterrupt: () => signals.request("SIGINT"),
          onHangup: () => signals.request("SIGHUP"),
        });
  if (terminal !== null) {
    screen.defer(() => messages.screenGone());
    screen.use(terminal);
    messages.showOn((text) => terminal.message(text));
  }
  const held = terminal === null ? null : holdBack(around.stdout);

  const surface: Surface = {
    run: {
      version: around.version,
      intervalMs: source.name === "replay" ? null : settings.intervalMs,
      view: settings.view,
      colorLevel: settings.colorLevel,
    },
    format: createFormat(settings.view),
    signal: ending.signal,
    messages,
    stop: () => stop("quit"),
  };
  const fanout = new Fanout({
    outputs: outputs.map((each) => {
      const { name } = each;
      const { output, ...where } = placeOutput(
        each,
        terminal,
        around.stdout,
        held ?? around.stdout,
      );
      return {
        name,
        output,
        createContext: (lane) =>
          createContext(surface, { name, ...where }, lane),
      };
    }),
    summarize: (why) => tally.summarize(why),
    patience: { ms: PATIENCE_MS, waitForReaders: false },
    onEnd(lane: Lane, end: LaneEnd) {
      if (end.kind === "failed")
        failWith(`${lane.name}: ${describeError(end.error)}`);
      if (end.kind === "hung")
        failWith(`${lane.name}: did not end in time and was left behind`);
    },
    onAllEnded: () =>
      stop(
        fanout.lanes.some((lane) => lane.end?.kind === "broken-pipe")
          ? "broken-pipe"
          : "error",
      ),
  });

  using _background = catchBackgroundErrors((error) => {
    const lane = fanout.lanes[findCulprit(error, outputs)];
    if (lane !== undefined) {
      lane.fail(error);
      return;
    }
    failWith(`unexpected error: ${describeError(error)}${originOf(error)}`);
    // It may be a module's, which must not end the others; without one it is our own, and nothing is certain.
    if (outputs.every((each) => each.codePath === null)) stop("error");
  });

  const restored = fanout.lanes[owner]?.closed.then(async () => {
    screen.dispose();
    await held?.release().catch((error) => failWith(describeError(error)));
  });

  await until(ending.signal, fanout.open());
  for (const notice of source.notices) messages.warn(notice);
  try {
    await deliverSamples(settings, source, fanout, tally, ending.signal);
  } catch (error) {
    failWith(describeError(error));
    stop("error");
  }
  const endedByItself = reason === null;
  stop(tally.samples === settings.count ? "count" : "end-of-input");
  await fanout.close(tally.summarize(reason!), {
    ms: PATIENCE_MS,
    waitForReaders: endedByItself,
  });
  await restored;
  return failed ? 1 : 0;
}

async function deliverSamples(
  pace: Pace,
  source: Source,
  fanout: Fanout,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  for await (const sample of source.samples(pace, signal)) {
    tally.add(sample);
    fanout.deliver(sample);
    // Live time does not wait for slow outputs; a recording does, so that none of its lines is merged into another.
    if (source.name === "replay") await until(signal, fanout.idle());
  }
}

/** Waits for the work, but not longer than for the signal. */
async function until(signal: AbortSignal, work: Promise<void>): Promise<void> {
  if (signal.aborted) return;
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await Promise.race([work, aborted]);
}
