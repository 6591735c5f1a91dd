/** The keys that are about the task under the cursor, and the one that switches what the kernel counts. */
import { isGroupKey } from "../../../src/model/index.ts";
import type { ScreenState } from "../state.ts";
import { switchDelayAccounting } from "./delay-switch.ts";
import type { HitMap } from "./hit-map.ts";
import type { KeyCommand } from "./key-command.ts";
import { say, type Outcome } from "./outcome.ts";
import { openIoNice } from "./prompts/ionice.ts";
import { openSignal } from "./prompts/signal.ts";
import { move } from "./state-changes.ts";

export const TASK_COMMANDS: readonly KeyCommand[] = [
  {
    press: { enter: toggleDetails, tab: scrollBelow },
    about: "details of the selected task; tab scrolls them",
    now: ({ details }) => (details === null ? "off" : "on"),
    isBasic: true,
  },
  {
    press: { F: toggleFiles },
    about: "files of the selected process, or of all if none is",
    now: ({ details, files, busyFilesTop }) =>
      (details === null ? busyFilesTop !== null : files) ? "on" : "off",
  },
  {
    press: { i: openIoNice },
    about: "I/O priority of the selected task",
  },
  {
    press: { K: openSignal },
    about: "send a signal to the selected process",
  },
  {
    press: { "ctrl-t": switchDelayAccounting },
    about: "switch delay accounting until iotop exits",
  },
];

/** Without a cursor, of the first row that is shown. */
function toggleDetails(state: ScreenState, hits: HitMap): Outcome {
  if (state.details !== null) return { ...state, details: null };
  const { selected } = state.selected === null ? move(state, 0, hits) : state;
  if (selected === null) return state;
  if (isGroupKey(selected.key))
    return say(state, "this row stands for many tasks: y lists them");
  return {
    ...state,
    help: false,
    selected,
    details: { key: selected.key, top: 0 },
  };
}

/** The kernel counts by file only while that is shown, as it costs other programs a little. */
function toggleFiles(state: ScreenState, hits: HitMap): Outcome {
  if (state.details !== null)
    return {
      ...state,
      files: !state.files,
      details: { ...state.details, top: 0 },
    };
  if (state.busyFilesTop !== null) return { ...state, busyFilesTop: null };
  if (state.selected === null)
    return { ...state, help: false, busyFilesTop: 0 };
  return toggleDetails({ ...state, files: true }, hits);
}

/** After the last page comes the first one. */
function scrollBelow(state: ScreenState, hits: HitMap): ScreenState {
  const { details, busyFilesTop, selected } = state;
  if (details === null && busyFilesTop !== null)
    return { ...state, busyFilesTop: hits.paneNext };
  if (details === null || selected === null) return state;
  return {
    ...state,
    details: { key: selected.key, top: hits.paneNext },
  };
}
