/** The keys that change how often samples are taken. */
import type { ReplayControl } from "../../../src/model/index.ts";
import { stepInterval } from "./interval-steps.ts";
import type { Action, KeyCommand } from "./key-command.ts";

const RECORDED = "a recording has its own pace";

const SLOWEST = 1 / 16;
const FASTEST = 1024;

function changeSpeed(replay: ReplayControl, step: 1 | -1): string {
  const { speed } = replay;
  if (speed === null && step > 0) return "it plays as fast as it can be shown";
  const wanted = speed === null ? FASTEST : speed * 2 ** step;
  const chosen = Math.max(SLOWEST, Math.min(FASTEST, wanted));
  replay.setSpeed(chosen);
  return `${speedText(chosen)} the recorded speed`;
}

/** "2x", "0.0625x", "max". */
export const speedText = (speed: number | null): string =>
  speed === null ? "max" : `${Number(speed.toPrecision(6))}x`;

export const SPEED_CELLS = 5;

/** The same in at most {@link SPEED_CELLS}: "2x", "1/16x", "33.3x", "86kx". */
export function shortSpeedText(speed: number | null): string {
  if (speed === null) return speedText(speed);
  const rounded = [6, 3, 2].map((digits) => Number(speed.toPrecision(digits)));
  const texts = [
    String(rounded[0]),
    ...(speed < 1 && Number.isInteger(1 / speed) ? [`1/${1 / speed}`] : []),
    ...rounded.map(String),
    ...(speed > 1 ? [`${Math.round(speed / 1000)}k`] : []),
  ];
  const fitting = texts.find((text) => text.length < SPEED_CELLS);
  return `${fitting ?? speed.toExponential(0)}x`;
}

const changePace =
  (step: 1 | -1): Action =>
  (state) => ({
    act({ controls }) {
      const { pace = null, replay = null } = controls ?? {};
      if (replay !== null) return { state, message: changeSpeed(replay, step) };
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
    about: "delay of samples, or speed of a recording",
  },
  { press: { f5: sampleNow }, label: "F5", about: "take a sample now" },
];
