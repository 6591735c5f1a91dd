/**
 * Names of the files of a store, a folder of recordings: one file for each host and period. The name says which, so that
 * no index is needed. Within a store of one kind of period, names of one host sort by time.
 */
const MINUTE_MS = 60_000;

/** How much time one file of a store holds, ms. A day and an hour are those of UTC. */
export const STORE_PERIODS = {
  "10m": 10 * MINUTE_MS,
  "1h": 60 * MINUTE_MS,
  "1d": 1440 * MINUTE_MS,
} as const;
export type StorePeriod = keyof typeof STORE_PERIODS;
export const SHORTEST_PERIOD = "10m" satisfies StorePeriod;

/** How much of the time a name has. */
const STAMP_DIGITS = { "1d": 8, "1h": 10, "10m": 12 } as const;

/**
 * Plain while it grows, and compressed by zstd once its period is over, or earlier where space is short. A period may
 * have both: then what is plain is later. "unfinished" is a compressed file in the making, of which a reader takes no notice.
 */
export type StoreForm = "plain" | "compressed" | "unfinished";

const SUFFIXES: Readonly<Record<StoreForm, string>> = {
  plain: ".jsonl",
  compressed: ".jsonl.zst",
  unfinished: ".jsonl.zst.part",
};

export interface StoreFile {
  /** As it stands in the name: see `storeHost`. */
  readonly host: string;
  /** The begin of its period, Unix ms. Its samples end at or after it, and before the end. */
  readonly startMs: number;
  readonly period: StorePeriod;
  readonly form: StoreForm;
}

/** The begin of the period that a moment is in, Unix ms. */
export function storePeriodStart(timeMs: number, period: StorePeriod): number {
  const lengthMs = STORE_PERIODS[period];
  return Math.floor(timeMs / lengthMs) * lengthMs;
}

/** The end of the file's period, which does not belong to it, Unix ms. */
export function storePeriodEnd({
  startMs,
  period,
}: Pick<StoreFile, "startMs" | "period">): number {
  return startMs + STORE_PERIODS[period];
}

/** The longest name of a host on Linux (HOST_NAME_MAX). */
const LONGEST_HOST = 64;

/** The name of a host as it stands in names of files: any text may be a host's name in a recording. */
export function storeHost(hostname: string): string {
  const kept = hostname.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, LONGEST_HOST);
  return kept === "" ? "_" : kept;
}

/** "iotop-web1-20261124T02Z.jsonl"; of ten minutes "…-20261124T0210Z.jsonl", of a day "…-20261124Z.jsonl". */
export function storeFileName({
  host,
  startMs,
  period,
  form,
}: StoreFile): string {
  const digits = new Date(startMs).toISOString().replace(/\D/g, "");
  const day = digits.slice(0, 8);
  const hour = digits.slice(8, STAMP_DIGITS[period]);
  const stamp = hour === "" ? day : `${day}T${hour}`;
  return `iotop-${host}-${stamp}Z${SUFFIXES[form]}`;
}

const NAME =
  /^iotop-([A-Za-z0-9._-]{1,64})-(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)?)?Z(\.jsonl(?:\.zst(?:\.part)?)?)$/;

/** What a name says; null if it is not the name of a file of a store. */
export function parseStoreFileName(name: string): StoreFile | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  const [, host = "", year, month, day, hour, minute, suffix] = match;
  const period =
    hour === undefined ? "1d" : minute === undefined ? "1h" : "10m";
  const startMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
  );
  const forms = Object.keys(SUFFIXES) as StoreForm[];
  const form = forms.find((each) => SUFFIXES[each] === suffix)!;
  const file = { host, startMs, period, form } as const;
  // No such day, or no minute that a period begins at.
  return storeFileName(file) === name &&
    storePeriodStart(startMs, period) === startMs
    ? file
    : null;
}

/** Sorts by time; what is compressed comes before what is plain. */
export function compareStoreFiles(a: StoreFile, b: StoreFile): number {
  return (
    a.startMs - b.startMs ||
    storePeriodEnd(a) - storePeriodEnd(b) ||
    Object.keys(SUFFIXES).indexOf(b.form) -
      Object.keys(SUFFIXES).indexOf(a.form)
  );
}
