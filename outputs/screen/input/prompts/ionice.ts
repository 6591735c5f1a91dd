/** `i`: the I/O priority of a process, or of one thread. */
import type { IoPriority, OutputContext } from "../../../../src/model/index.ts";
import type { ScreenState } from "../../state.ts";
import type { HitMap } from "../hit-map.ts";
import type { Key } from "../key-parser.ts";
import type { Act, Outcome, Reply } from "../outcome.ts";
import { controlOf, subjectOf, type Subject } from "../subject.ts";
import type { IoNicePrompt } from "./prompt.ts";
import type { PromptKind, PromptText } from "./prompt-kind.ts";

export const IO_CLASSES = ["rt", "be", "idle"] as const;
const LAST_LEVEL = 7;
const DEFAULT: IoPriority = { class: "be", level: 4 };

export function openIoNice(state: ScreenState, hits: HitMap): Outcome {
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
  const { seen, asProcess } = subject;
  const { task } = seen;
  const details = tasks.inspect(seen, asProcess);
  if (details === null) return { state, message: `${nameOf(seen)} has ended` };
  const id = asProcess ? task.pid : task.tid;
  const before =
    details.threads.find(({ tid }) => tid === id)?.ioPriority ?? null;
  const known = before !== null && before.class !== "none" ? before : DEFAULT;
  const prompt: IoNicePrompt = {
    kind: "ionice",
    seen,
    threadCount: details.threadCount ?? 1,
    isWhole: asProcess,
    before,
    class: known.class as IoNicePrompt["class"],
    level: known.class === "idle" ? DEFAULT.level : known.level,
  };
  return { state: { ...state, help: false, prompt }, message: null };
}

export const IONICE: PromptKind<IoNicePrompt> = {
  draw: (prompt) => {
    const { before, level, threadCount, isWhole } = prompt;
    const left: PromptText[] = [
      { text: `ionice ${subjectText(prompt)}, ${priorityText(before)} →` },
      ...IO_CLASSES.flatMap((name) => choice(name, name === prompt.class)),
    ];
    if (prompt.class !== "idle")
      left.push(...choice(String(level), true), { text: " 0-7" });
    const other = isWhole ? "t one thread" : "t all threads";
    return {
      left,
      right: [
        { text: "⏎ set" },
        { text: threadCount < 2 ? "" : other },
        { text: "esc no" },
        { text: "←→ class" },
      ],
    };
  },
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

/** Closes the prompt, whether it worked or not. */
function set(prompt: IoNicePrompt, state: ScreenState): Act {
  const closed = { ...state, prompt: null };
  return {
    act(ctx) {
      const tasks = ctx.controls?.tasks;
      if (!tasks) return { state: closed, message: null };
      const level = prompt.class === "idle" ? 0 : prompt.level;
      const priority: IoPriority = { class: prompt.class, level };
      const problem = tasks.setIoPriority(
        prompt.seen,
        prompt.isWhole,
        priority,
      );
      const done = `${subjectText(prompt)}: ${priorityText(priority)} now`;
      return { state: closed, message: problem ?? done };
    },
  };
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
  if (priority === null) return "?";
  const { class: name, level } = priority;
  return name === "idle" || name === "none" ? name : `${name}/${level}`;
}

/** What is chosen stands out by brackets too, not by its style alone. */
function choice(text: string, isChosen: boolean): readonly PromptText[] {
  return isChosen
    ? [{ text: " " }, { text: `[${text}]`, style: "help-key" }]
    : [{ text: ` ${text}` }];
}

const nameOf = ({ task }: Subject["seen"]): string =>
  `${task.pid} ${task.comm}`;
