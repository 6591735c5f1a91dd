/** `i`: the I/O priority of a process, or of one thread. */
import {
  UNKNOWN,
  formatPriority,
  type IoPriority,
  type TaskControl,
} from "../../../../src/model/index.ts";
import type { ScreenState } from "../../state.ts";
import type { HitMap } from "../hit-map.ts";
import type { Key } from "../key-parser.ts";
import type { Act, Outcome } from "../outcome.ts";
import type { Subject } from "../subject.ts";
import type { IoNicePrompt } from "./prompt.ts";
import type { PromptKind, PromptLine, PromptText } from "./prompt-kind.ts";
import { askAbout, closeAndDo } from "./task-question.ts";

const IO_CLASSES = ["rt", "be", "idle"] as const;
const LAST_LEVEL = 7;
const DEFAULT: IoPriority = { class: "be", level: 4 };

export function openIoNice(state: ScreenState, hits: HitMap): Outcome {
  return askAbout(state, hits, question, draw);
}

function question(
  { seen, asProcess }: Subject,
  tasks: TaskControl,
): IoNicePrompt | string {
  const { task } = seen;
  const details = tasks.inspect(seen, asProcess);
  if (details === null) return `${task.pid} ${task.comm} has exited`;
  const id = asProcess ? task.pid : task.tid;
  const before =
    details.threads.find(({ tid }) => tid === id)?.ioPriority ?? null;
  const known = before !== null && before.class !== "none" ? before : DEFAULT;
  return {
    kind: "ionice",
    seen,
    threadCount: details.threadCount ?? 1,
    isWhole: asProcess,
    before,
    class: known.class as IoNicePrompt["class"],
    level: known.class === "idle" ? DEFAULT.level : known.level,
  };
}

export const IONICE: PromptKind<IoNicePrompt> = {
  draw,
  press(prompt, key, state) {
    if (key.type === "named" && key.name === "escape")
      return { ...state, prompt: null };
    if (key.type === "named" && key.name === "enter") return set(prompt, state);
    return { ...state, prompt: change(prompt, key) };
  },
};

function change(prompt: IoNicePrompt, key: Key): IoNicePrompt {
  const { level } = prompt;
  if (key.type === "character") {
    const { character } = key;
    if (/^[0-7]$/.test(character)) return { ...prompt, level: +character };
    return /^t$/i.test(character) && prompt.threadCount > 1
      ? { ...prompt, isWhole: !prompt.isWhole }
      : prompt;
  }
  if (key.type !== "named") return prompt;
  const at = IO_CLASSES.indexOf(prompt.class);
  const last = IO_CLASSES.length - 1;
  switch (key.name) {
    case "left":
      return { ...prompt, class: IO_CLASSES[Math.max(0, at - 1)]! };
    case "right":
      return { ...prompt, class: IO_CLASSES[Math.min(last, at + 1)]! };
    // Level 0 comes first, so it is the upper one.
    case "up":
      return { ...prompt, level: Math.max(0, level - 1) };
    case "down":
      return { ...prompt, level: Math.min(LAST_LEVEL, level + 1) };
    default:
      return prompt;
  }
}

function set(prompt: IoNicePrompt, state: ScreenState): Act {
  const { seen, isWhole } = prompt;
  const priority = wanted(prompt);
  const done = `${subjectText(prompt)}: ${priorityText(priority)} now`;
  return closeAndDo(
    state,
    draw(prompt),
    (tasks) => tasks.setIoPriority(seen, isWhole, priority) ?? done,
  );
}

const wanted = ({ class: name, level }: IoNicePrompt): IoPriority => ({
  class: name,
  level: name === "idle" ? 0 : level,
});

function draw(prompt: IoNicePrompt): PromptLine {
  const { before, threadCount, isWhole, seen } = prompt;
  const { pid, tid, comm } = seen.task;
  const isOne = threadCount < 2;
  const id = isOne || isWhole ? pid : tid;
  const which = isOne ? "" : isWhole ? "all" : "one";
  const other = isOne ? "" : isWhole ? "t one" : "t all";
  const form = (
    subject: string,
    choices: readonly PromptText[],
    ...hints: string[]
  ): PromptLine => ({
    left: [{ text: subject }, ...choices],
    right: hints.map((text) => ({ text })),
  });
  const subject = subjectText(prompt);
  const longOther = other && `${other} thread${isWhole ? "" : "s"}`;
  const words = ["⏎ set", longOther, "esc no", "←→ class"];
  const keys = ["⏎ set", other, "esc no", "←→"];
  const all = allChoices(prompt);
  const one = choice(priorityText(wanted(prompt)), true);
  const title = `ionice ${subject}, ${priorityText(before)} →`;
  return {
    ...form(title, all, ...words),
    narrower: [
      form(`ionice ${subject} →`, all, ...words),
      form(`${subject} →`, all, ...words),
      form(`${subject} →`, all, ...keys),
      form(`${id} ${comm} →`, all, ...keys),
      form(`${id} ${comm}`, one, ...keys),
      form(`${id}`, one, ...keys),
      form(`${id} ${which}`.trim(), one, "⏎ set"),
      form(`${id} ${which}`.trim(), one, "⏎"),
      form(which, one, "⏎"),
    ],
  };
}

/** " rt [be] idle [4] 0-7". */
function allChoices(prompt: IoNicePrompt): readonly PromptText[] {
  const classes = IO_CLASSES.flatMap((name) =>
    choice(name, name === prompt.class),
  );
  return prompt.class === "idle"
    ? classes
    : [...classes, ...choice(String(prompt.level), true), { text: " 0-7" }];
}

/** "18365 fio, 6 threads"; a thread has its own id. */
function subjectText({ seen, isWhole, threadCount }: IoNicePrompt): string {
  const { pid, tid, comm } = seen.task;
  if (threadCount < 2) return `${pid} ${comm}`;
  return isWhole
    ? `${pid} ${comm}, ${threadCount} threads`
    : `${tid} ${comm}, one thread`;
}

function priorityText(priority: IoPriority | null): string {
  return priority === null ? UNKNOWN : formatPriority(priority);
}

/** What is chosen stands out by brackets too, not by its style alone. */
function choice(text: string, isChosen: boolean): readonly PromptText[] {
  return isChosen
    ? [{ text: " " }, { text: `[${text}]`, style: "help-key" }]
    : [{ text: ` ${text}` }];
}
