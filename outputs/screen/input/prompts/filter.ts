/** `f`: the list is narrowed to some users, ids and names, while they are typed. */
import type { View } from "../../../../src/model/index.ts";
import type { ScreenState } from "../../state.ts";
import type { HitMap } from "../hit-map.ts";
import {
  editLine,
  lineOf,
  pasteInto,
  type EditedLine,
} from "../line-editor.ts";
import { countText } from "./find.ts";
import type { FilterField, FilterPrompt } from "./prompt.ts";
import type { PromptKind, PromptPart } from "./prompt-kind.ts";

const FIELDS: readonly FilterField[] = ["user", "pid", "name"];

/** Begins with what is kept, and with -u and -p, so that it can be changed. */
export function openFilter(state: ScreenState, hits: HitMap): ScreenState {
  const { view } = state;
  const { pids, names } = view;
  const lines = {
    user: lineOf([...userNames(view, hits), ...view.users].join(",")),
    pid: lineOf(pids.join(",")),
    name: lineOf(names.join(",")),
  };
  return {
    ...state,
    help: false,
    prompt: { kind: "filter", lines, field: "user" },
  };
}

/** "user backup,man pid 12 name fio"; "" if nothing is filtered. */
export function filterText({ pids, uids, users, names }: View): string {
  const parts = [
    ["user", [...uids, ...users]],
    ["pid", pids],
    ["name", names],
  ] as const;
  return parts
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => `${name} ${list.join(",")}`)
    .join(" ");
}

export const FILTER: PromptKind<FilterPrompt> = {
  draw: ({ lines, field }, { matches }) => ({
    left: [
      { text: "filter " },
      ...FIELDS.flatMap((name): PromptPart[] => [
        { text: ` ${name}: ` },
        { line: lines[name], isActive: name === field },
        { text: " " },
      ]),
    ],
    right: [
      { text: flawOf(lines.pid.text) ?? "" },
      { text: "tab next" },
      { text: "⏎ keep" },
      { text: "esc drop" },
      { text: matches === null ? "" : countText(matches) },
    ],
  }),
  press(prompt, key, state) {
    const { field, lines } = prompt;
    if (key.type === "named")
      switch (key.name) {
        case "escape":
          return { ...narrow(state, NOTHING), prompt: null };
        case "enter":
          // What is wrong cannot be kept: it stays to be mended.
          return flawOf(lines.pid.text) === null
            ? { ...state, prompt: null }
            : state;
        case "tab":
        case "down":
          return { ...state, prompt: { ...prompt, field: beside(field, 1) } };
        case "back-tab":
        case "up":
          return { ...state, prompt: { ...prompt, field: beside(field, -1) } };
      }
    const line = editLine(lines[field], key);
    return line === null ? state : withLine(prompt, line, state);
  },
  paste: (prompt, text, state) =>
    withLine(prompt, pasteInto(prompt.lines[prompt.field], text), state),
};

function beside(field: FilterField, step: 1 | -1): FilterField {
  return FIELDS.at((FIELDS.indexOf(field) + step) % FIELDS.length)!;
}

function withLine(
  prompt: FilterPrompt,
  line: EditedLine,
  state: ScreenState,
): ScreenState {
  const { field } = prompt;
  const isSame = line.text === prompt.lines[field].text;
  const lines = { ...prompt.lines, [field]: line };
  const narrowed = isSame
    ? state
    : narrow(state, {
        users: listOf(lines.user.text),
        // A name may have blanks in it: "tmux: server".
        names: listOf(lines.name.text, /,/),
        pids: listOf(lines.pid.text)
          .filter((id) => PID.test(id))
          .map(Number),
      });
  return { ...narrowed, prompt: { ...prompt, lines } };
}

const PID = /^\d{1,10}$/;

function flawOf(pids: string): string | null {
  const wrong = listOf(pids).find((id) => !PID.test(id));
  return wrong === undefined ? null : `no pid: ${wrong}`;
}

function listOf(text: string, between = /[\s,]/): readonly string[] {
  return text
    .split(between)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const NOTHING = { users: [], names: [], pids: [] } as const;

function narrow(
  state: ScreenState,
  lists: Pick<View, "users" | "names" | "pids">,
): ScreenState {
  // Users of -u are in the line too, by name.
  return { ...state, view: { ...state.view, uids: [], ...lists } };
}

/** Names of the users of -u, as far as they have a row. */
function userNames({ uids }: View, { rows }: HitMap): readonly string[] {
  return uids.map(
    (uid) => rows.find(({ task }) => task.uid === uid)?.task.user ?? `${uid}`,
  );
}
