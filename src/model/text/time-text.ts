/** Times as users write them: "02:13", "2026-11-24 02:13", "yesterday 02:13", "-2h", "@1795600380". Pure. */
import { UNIT_MS } from "./amounts.ts";
import type { LocalTime } from "./format.ts";

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}
type Day = Pick<LocalTime, "year" | "month" | "day">;

/** What was written. Only an instant means the same everywhere. */
export type TimeText =
  | { readonly kind: "instant"; readonly timeMs: number }
  /** Local. */
  | { readonly kind: "date"; readonly day: Day; readonly time: TimeOfDay }
  | { readonly kind: "yesterday" | "time"; readonly time: TimeOfDay }
  | { readonly kind: "before-end"; readonly ms: number };

/** What is accepted, for errors. */
export const TIME_FORMS =
  'must be a time: 02:13, 02:13:20, "2026-11-24 02:13", 2026-11-24T02:13:00Z, "yesterday 02:13", -2h (before the end; s, m, h or d) or @1795600380';

const TIME = "(\\d\\d?):(\\d\\d)(?::(\\d\\d)(\\.\\d+)?)?";
const OF_DAY = new RegExp(`^(?:(yesterday) +)?${TIME}$`);
const DATED = new RegExp(
  `^(\\d{4})-(\\d\\d)-(\\d\\d)(?:[T ]${TIME}(?: ?(Z|[+-]\\d\\d(?::?\\d\\d)?))?)?$`,
);
const BEFORE_END = /^-(\d+(?:\.\d+)?)(?:([smhd])|min)$/;
const UNIX = /^@(\d{1,11}(?:\.\d+)?)$/;

/** Null if it is none of the forms. */
export function parseTimeText(text: string): TimeText | null {
  const unix = UNIX.exec(text);
  if (unix !== null)
    return { kind: "instant", timeMs: Math.round(Number(unix[1]) * 1000) };
  const before = BEFORE_END.exec(text);
  if (before !== null) {
    const unit = (before[2] ?? "m") as keyof typeof UNIT_MS;
    return { kind: "before-end", ms: Number(before[1]) * UNIT_MS[unit] };
  }
  const ofDay = OF_DAY.exec(text);
  if (ofDay !== null) {
    const time = timeOf(ofDay.slice(2));
    const kind = ofDay[1] === undefined ? "time" : "yesterday";
    return time && { kind, time };
  }
  return parseDated(text);
}

function parseDated(text: string): TimeText | null {
  const match = DATED.exec(text);
  if (match === null) return null;
  const [year, month, day] = match.slice(1, 4).map(Number);
  const time = timeOf(match.slice(4, 8));
  const on = { year: year!, month: month!, day: day! };
  if (time === null || !isDay(on)) return null;
  const zone = match[8];
  if (zone === undefined) return { kind: "date", day: on, time };
  const offsetMinutes = zoneMinutes(zone);
  if (offsetMinutes === null) return null;
  return {
    kind: "instant",
    timeMs: asUtc(on, time) - offsetMinutes * 60_000,
  };
}

function timeOf(parts: readonly (string | undefined)[]): TimeOfDay | null {
  const [hour = "0", minute = "0", second = "0", fraction = ""] = parts;
  const time = {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second + fraction),
  };
  return time.hour < 24 && time.minute < 60 && time.second < 60 ? time : null;
}

/** Whether there is such a day: no 30th of February. */
function isDay({ year, month, day }: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function zoneMinutes(zone: string): number | null {
  if (zone === "Z") return 0;
  const [hours, minutes = 0] = zone.slice(1).match(/\d\d/g)!.map(Number);
  if (hours! > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours! * 60 + minutes);
}

/** The Unix time, ms, at which clocks of UTC show this. Days may be less than 1, or more than the month has. */
function asUtc({ year, month, day }: Day, time: TimeOfDay): number {
  const { hour, minute, second } = time;
  return Date.UTC(year, month - 1, day, hour, minute) + second * 1000;
}

/** What times of a day mean in a place. */
export interface Place {
  readonly localTime: (timeMs: number) => LocalTime;
  readonly nowMs: number;
}

/** When something begins and ends, Unix ms. */
export interface Span {
  readonly beginMs: number;
  readonly endMs: number;
}

/** The texts of a window; null: not limited. */
export interface WindowText {
  readonly from: TimeText | null;
  readonly to: TimeText | null;
}

/** Whether its meaning depends on when the recording begins and ends. */
export function needsSpan({ from, to }: WindowText): boolean {
  const isRelative = (text: TimeText | null): boolean =>
    text?.kind === "time" || text?.kind === "before-end";
  // A time is the first such one after the begin, if there is a begin.
  const isAfterFrom = to?.kind === "time" && from !== null;
  return isRelative(from) || (isRelative(to) && !isAfterFrom);
}

/**
 * The window that texts mean. A time without a date is the last such time within the recording; as an end, it is the
 * first after the begin.
 *
 * @param span of the recording; may be null unless `needsSpan`
 * @returns Unix ms; infinite where there is no limit
 */
export function resolveWindow(
  { from, to }: WindowText,
  span: Span | null,
  place: Place,
): { readonly fromMs: number; readonly toMs: number } {
  const fixedTo = to === null || to.kind === "time" ? null : to;
  const toMs = fixedTo && resolve(fixedTo, span, place, "later");
  const until = Math.min(toMs ?? Infinity, span?.endMs ?? Infinity);
  const within = from?.kind === "time" ? { ...span!, endMs: until } : span;
  const fromMs = from && resolve(from, within, place, "earlier");
  return {
    fromMs: fromMs ?? -Infinity,
    toMs: toMs ?? (to && endOf(to, fromMs, span, place)) ?? Infinity,
  };
}

/** The moment that a text means, for a recording. */
export function resolveTime(
  text: TimeText,
  span: Span | null,
  place: Place,
): number {
  return resolve(text, span, place, "earlier");
}

function endOf(
  to: TimeText,
  fromMs: number | null,
  span: Span | null,
  place: Place,
): number {
  if (to.kind !== "time" || fromMs === null)
    return resolve(to, span, place, "later");
  return timesOfDay(to.time, fromMs, place).find((ms) => ms > fromMs)!;
}

/** Where clocks are set back, a local time comes twice: an end is the later, all else the earlier. */
type Choice = "earlier" | "later";

function resolve(
  text: TimeText,
  span: Span | null,
  place: Place,
  choice: Choice,
): number {
  switch (text.kind) {
    case "instant":
      return text.timeMs;
    case "date":
      return fromLocal(text.day, text.time, place, choice);
    case "yesterday": {
      const today = place.localTime(place.nowMs);
      const day = { ...today, day: today.day - 1 };
      return fromLocal(day, text.time, place, choice);
    }
    case "before-end":
      return span!.endMs - text.ms;
    case "time":
      return lastWithin(text.time, span!, place, choice);
  }
}

/** The last such time before the end, or at it for an end; or, if none is within, the one that is nearest. */
function lastWithin(
  time: TimeOfDay,
  { beginMs, endMs }: Span,
  place: Place,
  choice: Choice,
): number {
  const all = timesOfDay(time, endMs, place);
  const isBefore = (ms: number): boolean =>
    ms < endMs || (ms === endMs && choice === "later");
  const before = all.findLast(isBefore)!;
  const after = all.find((ms) => !isBefore(ms))!;
  return before < beginMs && after - endMs < beginMs - before ? after : before;
}

/** Such times of three days around a moment. */
function timesOfDay(
  time: TimeOfDay,
  aroundMs: number,
  place: Place,
): readonly number[] {
  const around = place.localTime(aroundMs);
  return [-1, 0, 1].map((days) =>
    fromLocal({ ...around, day: around.day + days }, time, place, "earlier"),
  );
}

const DAY_MS = 86_400_000;

/** The Unix time, ms, at which local clocks show this. A time that is left out in spring is that of the clock before. */
function fromLocal(
  day: Day,
  time: TimeOfDay,
  { localTime }: Place,
  choice: Choice,
): number {
  const utcMs = asUtc(day, time);
  const offsetAt = (ms: number): number => {
    const local = localTime(ms);
    return asUtc(local, local) - Math.floor(ms / 1000) * 1000;
  };
  const [before, after] = [-DAY_MS, DAY_MS].map((ms) => offsetAt(utcMs + ms));
  const candidates = [utcMs - before!, utcMs - after!].sort((a, b) => a - b);
  const shown = candidates.filter((ms) => ms + offsetAt(ms) === utcMs);
  if (shown.length === 0) return utcMs - before!;
  return choice === "later" ? shown.at(-1)! : shown[0]!;
}
