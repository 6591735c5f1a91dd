/** `K`: a signal to a process. */
import type { OutputContext } from "../../../../src/model/index.ts";
import type { ScreenState } from "../../state.ts";
import type { HitMap } from "../hit-map.ts";
import type { Key } from "../key-parser.ts";
import type { Act, Outcome, Reply } from "../outcome.ts";
import { controlOf, subjectOf, type Subject } from "../subject.ts";
import type { SignalPrompt } from "./prompt.ts";
import type { PromptKind } from "./prompt-kind.ts";

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
  const subject = subjectOf(state, hits);
  return { act: (ctx) => open(state, subject, ctx) };
}

function open(
  state: ScreenState,
  subject: Subject | null,
  ctx: OutputContext,
): Reply {
  const tasks = controlOf(ctx, subject);
  if (typeof tasks === "string" || subject === null)
    return { state, message: tasks as string };
  const { seen } = subject;
  const { pid, comm, user, startMs } = seen.task;
  const since = ctx.format.clock(startMs);
  const prompt: SignalPrompt = {
    kind: "signal",
    seen,
    subject: `${pid} ${comm} of ${user}, since ${since}`,
    choice: 0,
  };
  return { state: { ...state, help: false, prompt }, message: null };
}

export const SIGNAL: PromptKind<SignalPrompt> = {
  draw: ({ subject, choice }) => ({
    left: [
      { text: `signal ${subject}:  ` },
      { text: `[${SIGNALS[choice]!.name}]`, style: "help-key" },
    ],
    right: [{ text: "y sends" }, { text: "esc no" }, { text: "←→ other" }],
  }),
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

/** Closes the prompt, whether it worked or not. */
function send({ seen, choice }: SignalPrompt, state: ScreenState): Act {
  const closed = { ...state, prompt: null };
  return {
    act(ctx) {
      const tasks = ctx.controls?.tasks;
      if (!tasks) return { state: closed, message: null };
      const { name, number } = SIGNALS[choice]!;
      const problem = tasks.signal(seen, number);
      const { pid, comm } = seen.task;
      return {
        state: closed,
        message: problem ?? `${name} sent to ${pid} ${comm}`,
      };
    },
  };
}
