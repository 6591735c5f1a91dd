/** Ctrl-T: kernel.task_delayacct, by which the kernel counts waits. The host puts it back at the end of the run. */
import type { ScreenState } from "../state.ts";
import type { HitMap } from "./hit-map.ts";
import type { Outcome } from "./outcome.ts";

export function switchDelayAccounting(
  state: ScreenState,
  { countsWaits }: HitMap,
): Outcome {
  const on = !countsWaits;
  return {
    act({ controls }) {
      const tasks = controls?.tasks ?? null;
      if (tasks === null)
        return {
          state,
          message: "this is a recording: nothing can be changed",
        };
      const done = on
        ? "delay accounting is on, for tasks that start from now on; iotop restores it when it exits"
        : "delay accounting is off; iotop restores it when it exits";
      return { state, message: tasks.setDelayAccounting(on) ?? done };
    },
  };
}
