/** Who it is: the title of the details, its command and where it comes from. Pure. */
import {
  UNKNOWN,
  describeEnd,
  formatPriority,
  groupName,
  isEndedKey,
  shortenContainerIds,
  type Format,
  type IoPriority,
  type TaskDelta,
  type TaskDetails,
  type TaskInfo,
} from "../../../src/model/index.ts";
import { wrapWords, type Spans } from "./spans.ts";

const WIDE_CELLS = 100;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface Identified {
  readonly row: TaskDelta;
  readonly asProcess: boolean;
  readonly details: TaskDetails | null;
  readonly hasEnded: boolean;
  /** Threads of the process that did something in the interval. */
  readonly activeThreads: number;
  /** Of the sample, Unix ms. */
  readonly timeMs: number;
}

/** The parts of the title, the most important ones first. */
export function titleParts(
  { row, asProcess, details, hasEnded, activeThreads, timeMs }: Identified,
  columns: number,
  format: Format,
): readonly string[] {
  const { task } = row;
  if (isEndedKey(task.key))
    return [format.text(task.comm), endText(row), format.text(task.user)];
  const isWide = columns >= WIDE_CELLS;
  const threads = details?.threadCount ?? (asProcess ? row.count : null);
  const parts = [
    `${asProcess ? task.pid : task.tid} ${format.text(task.comm)}`,
    format.text(task.user),
    priorityText(row, asProcess, details),
    sinceText(task, timeMs, isWide, format),
  ];
  if (hasEnded) parts.splice(1, 0, endText(row));
  if (!asProcess && task.pid !== task.tid) parts.push(`thread of ${task.pid}`);
  if (isWide) parts.push(...placeParts(task, format));
  else if (asProcess && threads !== null && threads > 1)
    parts.push(`${activeThreads} of ${threads} threads active`);
  return parts;
}

function endText(row: TaskDelta): string {
  const text = describeEnd(row, {
    done: "ended",
    failed: (code) => `ended (status ${code})`,
    killed: (signal) => `ended (signal ${signal})`,
    many: (tasks) => `${tasks} ended`,
  });
  return text === "" ? "ended" : text;
}

/** "be/4", or "!be/4 (1 of 6 idle)" if a thread has another one than the main thread. */
function priorityText(
  { task }: TaskDelta,
  asProcess: boolean,
  details: TaskDetails | null,
): string {
  const threads = details?.threads ?? [];
  const id = asProcess ? task.pid : task.tid;
  const own = threads.find(({ tid }) => tid === id)?.ioPriority;
  const text = ioPriorityText(own ?? task.ioPriority);
  if (!asProcess) return text;
  const others = threads
    .map(({ ioPriority }) => ioPriorityText(ioPriority))
    .filter((other) => other !== text && other !== UNKNOWN);
  if (others.length === 0) return text;
  const kinds = new Set(others);
  const what = kinds.size === 1 ? others[0]! : "other";
  return `!${text} (${others.length} of ${threads.length} ${what})`;
}

export function ioPriorityText(priority: IoPriority | null): string {
  if (priority === null) return UNKNOWN;
  return priority.class === "none" ? "-" : formatPriority(priority);
}

/** With the date if it began on another day. */
function sinceText(
  { startMs }: TaskInfo,
  timeMs: number,
  isWide: boolean,
  format: Format,
): string {
  const date = format.date(startMs);
  const day = date === format.date(timeMs) ? "" : `${date} `;
  const age = isWide ? ` (${ageText(timeMs - startMs)})` : "";
  return `since ${day}${format.clock(startMs)}${age}`;
}

function ageText(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${Math.floor(ms / DAY_MS)} d`;
  if (ms >= 2 * HOUR_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  if (ms >= 2 * MINUTE_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  return `${Math.max(0, Math.floor(ms / 1000))} s`;
}

function placeParts(task: TaskInfo, format: Format): readonly string[] {
  return (["unit", "container"] as const).map((kind) => {
    const name = groupName(task, kind);
    const short =
      name === null ? "?" : (shortenContainerIds([name]).get(name) ?? name);
    return `${kind} ${format.text(short)}`;
  });
}

/** The whole command, wrapped: the path of the program too. */
export function commandLines(
  task: TaskInfo,
  details: TaskDetails | null,
  columns: number,
  format: Format,
): readonly Spans[] {
  const cmdline = details?.cmdline ?? task.cmdline;
  const words =
    cmdline !== null && cmdline.length > 0
      ? cmdline.map((word) => format.text(word === "" ? "''" : word))
      : [
          task.isKernelThread
            ? `[${format.text(task.longName ?? task.comm)}]`
            : format.text(task.comm),
        ];
  const [first = ""] = words;
  return wrapWords(words, columns, 2).map((line, i) => {
    if (i > 0 || !line.startsWith(first)) return [{ text: line }];
    return [
      { text: first, style: "strong" },
      { text: line.slice(first.length) },
    ];
  });
}

/** Where it comes from and where it is: facts with names, as many in a line as fit. */
export function placeLines(
  { task }: TaskDelta,
  details: TaskDetails | null,
  columns: number,
  format: Format,
): readonly Spans[] {
  const facts: (readonly [string, string])[] = [];
  if (details !== null) {
    const { parent, cwd } = details;
    facts.push([
      "parent",
      parent === null ? "?" : `${parent.pid} ${format.text(parent.comm)}`,
    ]);
    if (!task.isKernelThread)
      facts.push(["cwd", cwd === null ? "?" : format.text(cwd)]);
    if (saysMore(details, columns))
      facts.push(["exe", format.text(details.exe ?? "?")]);
  } else facts.push(["parent", String(task.ppid)]);
  if (columns >= WIDE_CELLS) {
    const cgroup = details?.cgroup ?? task.cgroup;
    facts.push(["cgroup", cgroup === null ? "?" : format.text(cgroup)]);
  } else
    facts.push(
      ...placeParts(task, format).map((part): [string, string] => {
        const blank = part.indexOf(" ");
        return [part.slice(0, blank), part.slice(blank + 1)];
      }),
    );
  return factLines(facts, columns);
}

/** The command names the program too; after an update, the one that runs may be there no more. */
function saysMore({ exe, cmdline }: TaskDetails, columns: number): boolean {
  if (exe === null || exe === cmdline?.[0]) return false;
  return columns >= WIDE_CELLS || exe.endsWith(" (deleted)");
}

const GAP = "   ";

function factLines(
  facts: readonly (readonly [string, string])[],
  columns: number,
): readonly Spans[] {
  const lines: { text: string; style?: "faint" }[][] = [];
  let used = Infinity;
  for (const [name, value] of facts) {
    const cells = Bun.stringWidth(name) + 1 + Bun.stringWidth(value);
    if (used + GAP.length + cells > columns) {
      lines.push([]);
      used = 0;
    } else {
      lines.at(-1)!.push({ text: GAP });
      used += GAP.length;
    }
    lines.at(-1)!.push({ text: `${name} `, style: "faint" }, { text: value });
    used += cells;
  }
  return lines;
}
