/** `K`: a signal to a process. */
import type { ScreenState } from "../../state.ts";
import type { HitMap } from "../hit-map.ts";
import type { Key } from "../key-parser.ts";
import type { Act, Outcome } from "../outcome.ts";
import type { SignalPrompt } from "./prompt.ts";
import type { PromptKind, PromptLine } from "./prompt-kind.ts";
import { askAbout, closeAndDo } from "./task-question.ts";

/** Their numbers are the same on both processors (asm-generic/signal.h). */
const SIGNALS = [
  { name: "TERM", number: 15 },
  { name: "KILL", number: 9 },
  { name: "INT", number: 2 },
  { name: "HUP", number: 1 },
  { name: "QUIT", number: 3 },
  { name: "STOP", number: 19 },
  { name: "CONT", number: 18 },
  { name: "USR1", number: 10 },
  { name: "USR2", number: 12 },
] as const;

export function openSignal(state: ScreenState, hits: HitMap): Outcome {
  return askAbout(
    state,
    hits,
    ({ seen }, _tasks, { format }) => ({
      kind: "signal",
      seen,
      since: format.clock(seen.task.startMs),
      choice: 0,
    }),
    draw,
  );
}

export const SIGNAL: PromptKind<SignalPrompt> = {
  draw,
  press(prompt, key, state) {
    if (key.type === "named" && key.name === "escape")
      return { ...state, prompt: null };
    if (key.type === "character") {
      const letter = key.character.toLowerCase();
      if (letter === "n") return { ...state, prompt: null };
      return letter === "y" ? send(prompt, state) : state;
    }
    return { ...state, prompt: change(prompt, key) };
  },
};

function change(prompt: SignalPrompt, key: Key): SignalPrompt {
  const step =
    key.type !== "named"
      ? 0
      : key.name === "right"
        ? 1
        : key.name === "left"
          ? -1
          : 0;
  const count = SIGNALS.length;
  return { ...prompt, choice: (prompt.choice + step + count) % count };
}

function send(prompt: SignalPrompt, state: ScreenState): Act {
  const { seen, choice } = prompt;
  const { name, number } = SIGNALS[choice]!;
  const { pid, comm } = seen.task;
  return closeAndDo(
    state,
    draw(prompt),
    (tasks) => tasks.signal(seen, number) ?? `${name} sent to ${pid} ${comm}`,
  );
}

function draw({ seen, since, choice }: SignalPrompt): PromptLine {
  const { pid, comm, user } = seen.task;
  const form = (subject: string, ...hints: string[]): PromptLine => ({
    left: [
      { text: subject },
      { text: `[${SIGNALS[choice]!.name}]`, style: "help-key" },
    ],
    right: hints.map((text) => ({ text })),
  });
  const words = ["y sends", "esc no", "←→ other"];
  const keys = ["y sends", "esc no", "←→"];
  return {
    ...form(`signal ${pid} ${comm} of ${user}, since ${since}:  `, ...words),
    narrower: [
      form(`signal ${pid} ${comm} of ${user}:  `, ...words),
      form(`signal ${pid} ${comm}:  `, ...words),
      form(`${pid} ${comm} `, ...words),
      form(`${pid} ${comm} `, ...keys),
      form(`${pid} `, ...keys),
      form(`${pid} `, "y sends"),
      form(`${pid} `, "y"),
    ],
  };
}
