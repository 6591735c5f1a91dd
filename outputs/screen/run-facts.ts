/** What the frame says of the run besides the sample: its pace, and what cannot be had. */
import type { OutputContext } from "../../src/model/index.ts";
import { watchCgroups } from "./cgroups.ts";
import type { Look } from "./compose.ts";
import type { ScreenState } from "./state.ts";

export function runFacts(
  { controls, run }: OutputContext,
  state: ScreenState,
  shown: Look,
) {
  const { pace = null, replay = null } = controls ?? {};
  return {
    everyMs: pace?.intervalMs ?? run.intervalMs,
    replay,
    cgroupProblem: watchCgroups(controls, state, shown),
  };
}
