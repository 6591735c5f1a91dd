/** What the questions about one task have in common. */
import type {
  OutputContext,
  TaskControl,
} from "../../../../src/model/index.ts";
import type { ScreenState } from "../../state.ts";
import type { HitMap } from "../hit-map.ts";
import type { Act, Reply } from "../outcome.ts";
import { controlOf, subjectOf, type Subject } from "../subject.ts";
import { wholeForm } from "./fitting.ts";
import type { Prompt } from "./prompt.ts";
import type { PromptLine } from "./prompt-kind.ts";

const TOO_NARROW = "too narrow to ask: widen the window";

/**
 * Opens a question about the task under the cursor.
 *
 * @param ask the question, or one sentence that says why it cannot be asked
 * @param draw its line
 */
export function askAbout<P extends Prompt>(
  state: ScreenState,
  hits: HitMap,
  ask: (subject: Subject, tasks: TaskControl, ctx: OutputContext) => P | string,
  draw: (prompt: P) => PromptLine,
): Act {
  const subject = subjectOf(state, hits);
  return {
    act(ctx): Reply {
      const tasks = controlOf(ctx, subject);
      if (typeof tasks === "string" || subject === null)
        return { state, message: tasks as string };
      const prompt = ask(subject, tasks, ctx);
      if (typeof prompt === "string") return { state, message: prompt };
      return hasRoom(draw(prompt), state, ctx)
        ? { state: { ...state, help: false, prompt }, message: null }
        : { state, message: TOO_NARROW };
    },
  };
}

/**
 * Closes the question and does what it asked for, whether that works or not. What the window cannot show is not done: it
 * may have become narrower.
 *
 * @param answer does it, and says so, or why not
 */
export function closeAndDo(
  state: ScreenState,
  line: PromptLine,
  answer: (tasks: TaskControl) => string,
): Act {
  const closed = { ...state, prompt: null };
  return {
    act(ctx): Reply {
      const tasks = ctx.controls?.tasks;
      if (!tasks) return { state: closed, message: null };
      const message = hasRoom(line, state, ctx) ? answer(tasks) : TOO_NARROW;
      return { state: closed, message };
    },
  };
}

function hasRoom(
  line: PromptLine,
  { graph }: ScreenState,
  { terminal }: OutputContext,
): boolean {
  if (terminal === null) return false;
  const unicode = terminal.unicode && graph !== "ascii";
  return wholeForm(line, terminal.columns, unicode) !== null;
}
