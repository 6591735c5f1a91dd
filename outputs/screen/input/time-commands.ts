/** The keys that are about time: what figures cover, and which sample is on the screen. */
import { SUMS_MODES, sumsModeOf, withSums } from "../../../src/model/index.ts";
import { GROUPINGS } from "../groups.ts";
import type { Action, KeyCommand } from "./key-command.ts";
import { say } from "./outcome.ts";
import { after } from "./state-changes.ts";

export const SUMS_COMMANDS: readonly KeyCommand[] = [
  {
    press: {
      a: ({ view, ...state }) => ({
        ...state,
        view: withSums(view, after(SUMS_MODES, sumsModeOf(view))),
      }),
    },
    about: "rates, sums or means since the start, whole lives of tasks",
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

const freeze: Action = (state) => ({
  ...state,
  frozen: !state.frozen,
  back: 0,
});

/** A step into the past freezes. */
const stepBack =
  (steps: number): Action =>
  (state, { kept }) => {
    const back = Math.max(0, Math.min(state.back + steps, kept - 1));
    if (back !== state.back) return { ...state, frozen: true, back };
    if (!state.frozen) return state;
    return say(
      state,
      steps > 0
        ? "nothing older is kept"
        : "this is the newest sample: space goes on",
    );
  };

export const PAST_COMMANDS: readonly KeyCommand[] = [
  {
    press: { " ": freeze, s: freeze },
    about: "freeze the screen, or go on",
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
    about: "look one sample back or on, or ten; 300 are kept",
    now: ({ frozen, back }) => (frozen ? `${back} back` : "newest"),
  },
];
