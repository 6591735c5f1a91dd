/** Numbers and times for people. */

const UNITS = ["", "K", "M", "G", "T", "P", "E"] as const;

/** Number of decimals with which an amount below 10,000 has at least three digits. */
const decimalsOf = (amount: number): number =>
  amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2;

export interface Sizes {
  /** Bytes in a K. */
  readonly kilo: 1000 | 1024;
}

/** The biggest unit of which there is one, as a power of `kilo`. */
function unitOf(bytes: number, { kilo }: Sizes): number {
  let power = 0;
  for (let left = bytes; left >= kilo && power < UNITS.length - 1; power++)
    left /= kilo;
  return power;
}

function nameOfUnit(power: number, { kilo }: Sizes): string {
  if (power === 0) return "B";
  if (kilo === 1024) return `${UNITS[power]}iB`;
  return `${power === 1 ? "k" : UNITS[power]}B`;
}

/** "0 B", "184 MiB", "1.50 GiB"; with 1,000 bytes in a K "1.50 GB". */
export function formatBytes(bytes: number, sizes: Sizes): string {
  const power = unitOf(bytes, sizes);
  const amount = bytes / sizes.kilo ** power;
  const digits =
    power === 0 ? Math.round(amount) : amount.toFixed(decimalsOf(amount));
  return `${digits} ${nameOfUnit(power, sizes)}`;
}

export const formatRate = (bytesPerS: number, sizes: Sizes): string =>
  `${formatBytes(bytesPerS, sizes)}/s`;

/** All in the unit of the smallest, in which these steps of an axis are round. */
export function formatRates(
  rates: readonly number[],
  sizes: Sizes,
): readonly string[] {
  const power = unitOf(Math.min(...rates.filter((rate) => rate > 0)), sizes);
  const unit = nameOfUnit(power, sizes);
  return rates.map((rate) =>
    rate === 0
      ? "0"
      : `${Number((rate / sizes.kilo ** power).toPrecision(12))} ${unit}/s`,
  );
}

/** Steps of an axis of bytes: round numbers of a unit. */
export const byteSteps = ({ kilo }: Sizes): readonly number[] =>
  UNITS.flatMap((_, power) =>
    [1, 2, 5, 10, 20, 50, 100, 200, 500].map((step) => step * kilo ** power),
  );

/** "0.25 s", "12.3 s", "3 min 20 s", "2 h 5 min". */
export function formatDuration(ns: number): string {
  if (ns === 0) return "0 s";
  const seconds = ns / 1e9;
  if (seconds < 120) return `${seconds.toFixed(decimalsOf(seconds))} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
  ];
  if (hours === 0) return `${minutes} min ${whole % 60} s`;
  if (hours < 48) return `${hours} h ${minutes} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent.toFixed(1)} %`;
}

/** "0.25 tasks", "1 task", "12 tasks": how many did something on average. */
export function formatTasks(tasks: number): string {
  const count = Number(tasks.toFixed(decimalsOf(tasks)));
  return `${count} ${count === 1 ? "task" : "tasks"}`;
}

/** "1,234,567". */
export const formatCount = (count: number): string =>
  String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");

const twoDigits = (part: number): string => String(part).padStart(2, "0");

/** Unix time plus the offset of local time, ms, to "02:13:20"; with parts of a second where these matter. */
export function formatClock(localMs: number, stepMs = 1000): string {
  const time = new Date(localMs);
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()]
    .map(twoDigits)
    .join(":");
  if (stepMs >= 1000) return clock;
  const decimals = stepMs >= 100 ? 1 : stepMs >= 10 ? 2 : 3;
  const fraction = String(time.getUTCMilliseconds()).padStart(3, "0");
  return `${clock}.${fraction.slice(0, decimals)}`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** "24 Nov". */
export function formatDay(localMs: number): string {
  const time = new Date(localMs);
  return `${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]}`;
}

/** "24 Nov 2026". */
export const formatDate = (localMs: number): string =>
  `${formatDay(localMs)} ${new Date(localMs).getUTCFullYear()}`;

/** "UTC", "UTC+01:00". */
export function formatOffset(offsetMs: number): string {
  if (offsetMs === 0) return "UTC";
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  return `UTC${offsetMs < 0 ? "−" : "+"}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
