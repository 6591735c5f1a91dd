/** The keys that change how often samples are taken. */
import { stepInterval } from "./interval-steps.ts";
import type { Action, KeyCommand } from "./key-command.ts";

const RECORDED = "a recording has its own pace";

const changePace =
  (step: 1 | -1): Action =>
  (state) => ({
    act({ controls }) {
      const pace = controls?.pace ?? null;
      if (pace === null) return { state, message: RECORDED };
      const intervalMs = stepInterval(pace.intervalMs, step);
      const seconds = `${intervalMs / 1000} s`;
      if (intervalMs === pace.intervalMs) {
        const end = step > 0 ? "longest" : "shortest";
        return { state, message: `every ${seconds} is the ${end} delay` };
      }
      pace.setIntervalMs(intervalMs);
      return { state, message: `a sample every ${seconds}` };
    },
  });

const sampleNow: Action = (state) => ({
  act({ controls }) {
    const pace = controls?.pace ?? null;
    pace?.sampleNow();
    return { state, message: pace === null ? RECORDED : null };
  },
});

export const PACE_COMMANDS: readonly KeyCommand[] = [
  {
    press: { "+": changePace(1), "-": changePace(-1) },
    about: "longer or shorter delay between samples",
  },
  { press: { f5: sampleNow }, label: "F5", about: "take a sample now" },
];
