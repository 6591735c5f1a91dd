/** One line of counts. Each part has its place, which its figures never move. Pure. */
import type {
  Format,
  Pressure,
  ReplayControl,
  Sample,
} from "../../../src/model/index.ts";
import type { Canvas } from "../cells/frame.ts";
import type { Style } from "../cells/theme.ts";
import { shortSpeedText, SPEED_CELLS } from "../input/pace-commands.ts";
import type { ScreenState } from "../state.ts";
import type { List } from "../table/list.ts";

export interface Status {
  readonly sample: Sample;
  readonly format: Format;
  readonly state: ScreenState;
  readonly list: List;
  /** The pace that is asked for, ms; null: that of the samples. */
  readonly everyMs: number | null;
  /** When watching began, Unix ms. */
  readonly sinceMs: number;
  /** Whether it comes from a recording. */
  readonly isRecorded: boolean;
  /** How it is played; null if that is not known. */
  readonly replay?: Pick<ReplayControl, "speed" | "span"> | null;
}

interface Part {
  readonly text: string;
  readonly cells: number;
  readonly style: Style;
  /** Parts with higher ranks leave first if the line is too narrow. */
  readonly rank: number;
}

/** The short ones leave room for three digits. */
const NOUNS = {
  full: { processes: ["process", "processes"], threads: ["thread", "threads"] },
  short: { processes: ["proc", "procs"], threads: ["task", "tasks"] },
} as const;
const HOST_FROM_CELLS = 120;
/** From here on, longer words cost no part that narrower lines have. */
const WORDS_FROM_CELLS = 111;
const FULL_WORDS_FROM_CELLS = 61;
const CLOCK_CELLS = 8;
const DATE_CELLS = 10;
const DATE_FROM_CELLS = 100;

export function drawStatus(canvas: Canvas, y: number, status: Status): void {
  const { columns } = canvas;
  const ofReplay = replayParts(status, columns);
  // Beside what is said of a recording, the others have room as in a narrower line.
  const room = ofReplay.reduce((sum, { cells }) => sum - cells - 1, columns);
  const { left, right } = fitting(
    leftParts(status, room),
    rightParts(status, room, ofReplay),
    columns,
  );
  let x = 0;
  for (const { text, cells, style } of left) {
    canvas.put(x, y, text, style, x + cells);
    x += cells + 1;
  }
  let end = columns;
  for (const { text, cells, style } of right.toReversed()) {
    canvas.put(end - text.length, y, text, style, end);
    end -= cells + 1;
  }
  const hasWords = room >= WORDS_FROM_CELLS;
  drawNotes(canvas, x + (hasWords ? 1 : 0), end, y, status, hasWords);
}

/** Parts leave by their rank, whatever they say: the width alone decides. */
function fitting(
  left: readonly Part[],
  right: readonly Part[],
  columns: number,
): { left: readonly Part[]; right: readonly Part[] } {
  const all = [...left, ...right];
  const needed = all.reduce((sum, { cells }) => sum + cells + 1, -1);
  if (needed <= columns || all.length === 1) return { left, right };
  const most = Math.max(...all.map(({ rank }) => rank));
  const stays = ({ rank }: Part): boolean => rank < most;
  return fitting(left.filter(stays), right.filter(stays), columns);
}

function leftParts(
  { list, state, sample }: Status,
  columns: number,
): readonly Part[] {
  const isShort = columns < FULL_WORDS_FROM_CELLS;
  const nouns = NOUNS[isShort ? "short" : "full"];
  const [one, many] = nouns[state.view.processes ? "processes" : "threads"];
  const noun = list.alive === 1 ? one : many;
  const more = columns >= WORDS_FROM_CELLS ? 2 : 0;
  const host = sample.origin.hostname;
  const parts = [
    // As wide in both views, so that a key moves nothing.
    count(list.alive, noun, (isShort ? 10 : 14) + more, 0),
    count(list.active, "active", 10 + more, 2),
    count(list.ended, "ended", more ? 12 : 9, 5),
    {
      ...count(list.blocked, "blocked", more ? 12 : 11, 3),
      style: list.blocked > 0 ? "extreme" : "faint",
      ...(list.blocked > 0 ? {} : { text: "" }),
    } as const,
  ];
  if (columns < HOST_FROM_CELLS) return parts;
  return [
    { text: host, cells: host.length + 1, style: "strong", rank: 7 },
    ...parts,
  ];
}

function count(
  amount: number,
  noun: string,
  cells: number,
  rank: number,
): Part {
  const digits = cells - noun.length - 1;
  const text = `${shortCount(amount, digits).padStart(digits)} ${noun}`;
  return { text, cells, style: "faint", rank };
}

/** No digit is cut: what is too long is told in thousands. */
function shortCount(amount: number, digits: number): string {
  const text = String(amount);
  return text.length <= digits ? text : `${Math.round(amount / 1000)}k`;
}

function rightParts(
  { sample, format, everyMs, state }: Status,
  columns: number,
  ofReplay: readonly Part[],
): readonly Part[] {
  const every = seconds(everyMs ?? sample.intervalNs / 1e6);
  const text = columns >= WORDS_FROM_CELLS ? `every ${every}` : every;
  const parts: Part[] = [
    { text, cells: text.length - every.length + 4, style: "faint", rank: 4 },
  ];
  // Beside the clock, which is that of the recording.
  parts.push(...ofReplay);
  if (state.clock)
    parts.push({
      text: format.clock(sample.timeMs),
      cells: CLOCK_CELLS,
      style: "faint",
      rank: 6,
    });
  return parts;
}

/**
 * Who takes a recording for the machine looks in vain for what it shows: only the first count is worth more room than the
 * word.
 */
function replayParts(
  { isRecorded, replay = null, sample, format, state }: Status,
  columns: number,
): readonly Part[] {
  if (!isRecorded) return [];
  const place = replay?.span ? placeText(replay.span, sample) : "";
  const text = `replay${place}`;
  const parts: Part[] = [
    { text, cells: text.length, style: "strong", rank: 1 },
  ];
  if (replay !== null)
    parts.push({
      text: shortSpeedText(replay.speed),
      cells: SPEED_CELLS,
      style: "faint",
      rank: 6,
    });
  if (replay !== null && state.clock && columns >= DATE_FROM_CELLS)
    parts.push({
      text: format.date(sample.timeMs),
      cells: DATE_CELLS,
      style: "faint",
      rank: 8,
    });
  return parts;
}

/** "  31 %". */
function placeText(
  { beginMs, endMs }: NonNullable<ReplayControl["span"]>,
  { timeMs }: Sample,
): string {
  const ratio = (timeMs - beginMs) / (endMs - beginMs);
  const percent = Math.round(100 * Math.max(0, Math.min(1, ratio)));
  return ` ${String(percent).padStart(3)} %`;
}

interface Note {
  /** In many words, and in few. */
  readonly texts: readonly [string, string];
  readonly style: Style;
}

/**
 * What else is to be said, in the room between: what is most unusual first. In many words only where the others have
 * room in few: a wider line, whose counts take more room, loses nothing that a narrower one has.
 */
function drawNotes(
  canvas: Canvas,
  from: number,
  to: number,
  y: number,
  status: Status,
  hasWords: boolean,
): void {
  const notes = notesOf(status, Math.max(0, to - from));
  let x = from;
  notes.forEach(({ texts: [long, short], style }, i) => {
    const rest = notes
      .slice(i + 1)
      .reduce((sum, { texts }) => sum + 2 + Bun.stringWidth(texts[1]), 0);
    const isLong = hasWords && x + Bun.stringWidth(long) + rest <= to;
    const text = isLong ? long : short;
    if (x + Bun.stringWidth(text) <= to)
      x = canvas.put(x, y, text, style, to) + 2;
  });
}

function notesOf(
  { state, sample, format, sinceMs }: Status,
  room: number,
): readonly Note[] {
  const { view } = state;
  const notes: Note[] = [];
  const add = (style: Style, long: string, short = long): void =>
    void notes.push({ texts: [long, short], style });
  if (state.frozen) add("warning", "[frozen]");
  for (const text of filterNotes(state)) add("strong", format.text(text, room));
  if (view.lifetime) add("faint", "whole lives");
  else if (view.accumulated || view.mean) {
    const since = `since ${format.clock(sinceMs)}`;
    add("faint", `${view.mean ? "means" : "sums"} ${since}`, since);
  }
  const { pressure } = sample.host;
  if (pressure !== null)
    add(
      stallStyle(pressure),
      stallText(pressure, true),
      stallText(pressure, false),
    );
  return notes;
}

/** What the list is narrowed to. */
function filterNotes({ view }: ScreenState): readonly string[] {
  const notes: string[] = [];
  if (view.pids.length > 0) notes.push(`pid ${view.pids.join(" ")}`);
  if (view.uids.length > 0) notes.push(`uid ${view.uids.join(" ")}`);
  if (view.users.length > 0) notes.push(`user ${view.users.join(" ")}`);
  if (view.names.length > 0) notes.push(`name ${view.names.join(", ")}`);
  if (view.filter !== null) notes.push(`/${view.filter.text}`);
  return notes;
}

function stallText(pressure: Pressure, words: boolean): string {
  const [some, all] = [pressure.someRatio, pressure.fullRatio].map((ratio) =>
    `${Math.round(ratio * 100)}%`.padStart(3),
  );
  return words
    ? `I/O stalls: some ${some}, all ${all}`
    : `stalls ${some} all ${all}`;
}

const MANY_STALLS_RATIO = 0.4;

function stallStyle({ someRatio }: Pressure): Style {
  return someRatio >= MANY_STALLS_RATIO ? "high" : "faint";
}

/** "0.5s", "1s", "60s". */
function seconds(ms: number): string {
  const s = ms / 1000;
  const text = s < 9.95 ? s.toFixed(s < 0.095 ? 2 : 1) : s.toFixed(0);
  return `${text.replace(/\.0$/, "")}s`;
}
