/** The keys that are about time: what figures cover, and which sample is on the screen. */
import { SUMS_MODES, sumsModeOf, withSums } from "../../../src/model/index.ts";
import { GROUPINGS } from "../groups.ts";
import type { Action, KeyCommand } from "./key-command.ts";
import { say } from "./outcome.ts";
import { LIVE, held, openTime, unixText } from "./prompts/time.ts";
import { after } from "./state-changes.ts";

export const SUMS_COMMANDS: readonly KeyCommand[] = [
  {
    press: {
      a: ({ view, ...state }) => ({
        ...state,
        view: withSums(view, after(SUMS_MODES, sumsModeOf(view))),
      }),
    },
    about: "rates, sums or means since the start, lifetime sums",
    now: ({ view }) => sumsModeOf(view),
    isBasic: true,
  },
  {
    press: {
      z: (state) =>
        say(
          { ...state, zeroings: state.zeroings + 1 },
          "sums and means start from now",
        ),
    },
    about: "let sums and means start from now",
  },
];

export const GROUP_COMMANDS: readonly KeyCommand[] = [
  {
    press: {
      y: (state) => ({
        ...state,
        groupBy: after(GROUPINGS, state.groupBy),
        // They are of one task.
        details: null,
      }),
    },
    about: "group by command, user, cgroup, unit, container",
    now: ({ groupBy }) => groupBy,
  },
];

/** A recording stands still with the screen: what comes next is there when it goes on. */
const freeze: Action = (state) => {
  const frozen = !state.frozen;
  return {
    act({ controls }) {
      controls?.replay?.hold(frozen);
      return { state: { ...state, frozen, back: 0 }, message: null };
    },
  };
};

/** A step into the past freezes. In a recording, steps go on beyond the samples that are kept. */
const stepBack =
  (steps: number): Action =>
  (state, { kept, oldestMs }) => ({
    act({ controls }) {
      const replay = controls?.replay ?? null;
      const back = Math.max(0, Math.min(state.back + steps, kept - 1));
      if (back !== state.back) {
        replay?.hold(true);
        return { state: { ...state, frozen: true, back }, message: null };
      }
      if (replay !== null) {
        const message =
          steps > 0 ? replay.goTo(unixText(oldestMs - 1)) : replay.step();
        return { state: { ...state, frozen: true }, message };
      }
      if (!state.frozen) return { state, message: null };
      const message =
        steps > 0
          ? "nothing older is kept"
          : "this is the newest sample: space resumes";
      return { state, message };
    },
  });

const goToBusiest: Action = (state) => ({
  act({ controls }) {
    const replay = controls?.replay ?? null;
    if (replay === null) return { state, message: LIVE };
    const why = replay.goToBusiest();
    return why === null
      ? { state: held(state), message: "looking for the busiest sample" }
      : { state, message: why };
  },
});

export const PAST_COMMANDS: readonly KeyCommand[] = [
  {
    press: { " ": freeze, s: freeze },
    about: "freeze or hold, or resume",
    now: ({ frozen }) => (frozen ? "on" : "off"),
    isBasic: true,
  },
  {
    press: {
      "[": stepBack(1),
      "]": stepBack(-1),
      "{": stepBack(10),
      "}": stepBack(-10),
    },
    about: "one sample back or forward, or ten",
    now: ({ frozen, back }) => (frozen ? `${back} back` : "newest"),
  },
  {
    press: { t: openTime, w: goToBusiest },
    about: "recording: go to a time, or the busiest",
  },
];
