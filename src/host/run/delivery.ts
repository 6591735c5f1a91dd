/** Hands the samples of a source on to the outputs of a run. */
import { until } from "../../kernel/clock.ts";
import type { View } from "../../model/view/view.ts";
import type { Pace, Source } from "../../sources/source.ts";
import type { Fanout } from "../outputs/fanout.ts";
import type { OutputRunner } from "../outputs/output-runner.ts";
import type { RunState } from "./run-state.ts";
import type { SourceWarnings } from "./source-warnings.ts";

export interface Delivery {
  readonly source: Source;
  readonly pace: Pace;
  readonly fanout: Fanout;
  readonly state: RunState;
  readonly warnings: SourceWarnings;
  readonly pids: View["pids"];
  /** Runs the output that owns the terminal, if one does. */
  readonly screen: OutputRunner | undefined;
}

/** The samples of the source; of a recording on the screen, from wherever the user goes, as often as that happens. */
export async function deliverAll(delivery: Delivery): Promise<void> {
  const { source, pace, state, screen } = delivery;
  const { player } = source;
  do {
    await deliverSamples(delivery);
    const isShown = source.name === "replay" && screen?.end === null;
    if (!isShown || state.totals.samples === pace.count) return;
    // The last sample of a recording stays on the screen until the user quits, or goes elsewhere.
    state.messages.warn("end of the recording: press q to quit");
    const ends = [screen.closed, ...(player ? [player.called()] : [])];
    await until(state.signal, Promise.race(ends));
  } while (player?.isCalled && !state.signal.aborted);
}

async function deliverSamples({
  source,
  pace,
  fanout,
  state: { totals, signal },
  warnings,
  pids,
}: Delivery): Promise<void> {
  if (signal.aborted) return;
  for await (const sample of source.samples(pace, signal)) {
    if (totals.samples === 0) warnings.reportAbsent(sample, pids);
    totals.add(sample);
    warnings.reportProblems(sample);
    fanout.deliver(sample);
    // A live source does not wait for slow outputs. A recording does, so that none of its lines is merged into another.
    if (source.name === "replay") await until(signal, fanout.idle());
  }
}
