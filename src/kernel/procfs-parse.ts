/** Pure parsers of the files of /proc and /sys that iotop reads (Documentation/filesystems/proc.rst). */

/** Not a number, and so unknown, where there is none: never 0. */
const parseNumber = (text: string | undefined): number =>
  text === undefined || text.trim() === "" ? NaN : Number(text);

/** What the block layer moved since boot, bytes. `pgpgin` and `pgpgout` of /proc/vmstat count KiB. */
export interface BlockTotals {
  readonly readBytes: number;
  readonly writeBytes: number;
}

/** @param text the file, or its beginning: only a line that has ended counts */
export function parseVmstat(text: string): BlockTotals | null {
  const read = /^pgpgin (\d+)\n/m.exec(text);
  const write = /^pgpgout (\d+)\n/m.exec(text);
  if (read === null || write === null) return null;
  return {
    readBytes: Number(read[1]) * 1024,
    writeBytes: Number(write[1]) * 1024,
  };
}

/** Time since boot in which some or all tasks were stalled on I/O, µs: the totals of /proc/pressure/io. */
export interface PressureTotals {
  readonly someUs: number;
  readonly fullUs: number;
}

export function parsePressure(text: string): PressureTotals | null {
  const some = /^some .*\btotal=(\d+)/m.exec(text);
  const full = /^full .*\btotal=(\d+)/m.exec(text);
  if (some === null || full === null) return null;
  return { someUs: Number(some[1]), fullUs: Number(full[1]) };
}

/** The last process id assigned, from /proc/loadavg: "0.20 0.18 0.12 1/80 11206"; NaN if it is missing. */
export function parseLastPid(text: string): number {
  return Number(/ (\d+)\n?$/.exec(text)?.[1] ?? NaN);
}

/** Tasks of the machine, the second number of "1/80" in /proc/loadavg; null if it is missing. */
export function parseTaskTotal(text: string): number | null {
  const total = / \d+\/(\d+) \d+\n?$/.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}

/**
 * The process id in /proc/self/status, if it is the only one; NaN if the process has further ids in pid namespaces
 * below that of this /proc, or none. Kernels before 4.1 do not list them.
 */
export function parseOwnPid(text: string): number {
  const ids = /\nNSpid:([\t\d]+)/.exec(text) ?? /\nPid:(\t\d+)/.exec(text);
  return ids === null ? NaN : Number(ids[1]!.slice(1));
}

/** Arguments as execve(2) got them, each ended by NUL. If a process rewrote its title, they are one argument. */
export function parseCmdline(text: string): readonly string[] {
  const end = text.endsWith("\0") ? -1 : text.length;
  const args = text.slice(0, end).split("\0");
  // A title that is shorter than the old arguments is followed by NULs.
  while (args.length > 1 && args.at(-1) === "") args.pop();
  return text === "" ? [] : args;
}

/** Fields of /proc/PID/stat that iotop uses. The name is in parentheses and may contain anything, parentheses too. */
export interface ProcStat {
  readonly comm: string;
  /** R running, D blocked, Z zombie, X dead ... */
  readonly state: string;
  readonly ppid: number;
  /** PF_* flags of the task (linux/sched.h). */
  readonly flags: number;
  /** Threads of the process. */
  readonly threadCount: number;
  /** Clock ticks (1/100 s) after boot. */
  readonly startTicks: number;
  /** Clock ticks (1/100 s) spent waiting for block I/O, field 42; 0 without delay accounting. */
  readonly blockIoTicks: number;
}

export function parseStat(text: string): ProcStat | null {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return null;
  // The first field after the name is number 3 in proc(5).
  const fields = text.slice(close + 2).split(" ");
  const field = (number: number): number => parseNumber(fields[number - 3]);
  return {
    comm: text.slice(open + 1, close),
    state: fields[0] ?? "?",
    ppid: field(4),
    flags: field(9),
    threadCount: field(20),
    startTicks: field(22),
    blockIoTicks: field(42),
  };
}

/** How often a thread was given a CPU, the third number of /proc/PID/schedstat; NaN if it is missing. */
export function parseRunCount(text: string): number {
  return parseNumber(text.split(" ")[2]);
}

const IO_FIELDS = [
  "rchar",
  "wchar",
  "syscr",
  "syscw",
  "read_bytes",
  "write_bytes",
  "cancelled_write_bytes",
] as const;

/** /proc/PID/task/TID/io, with the kernel's names. Its values are exact, without taskstats' rounding. */
export type ProcIo = Readonly<Record<(typeof IO_FIELDS)[number], number>>;

export function parseIo(text: string): ProcIo | null {
  const numbers = new Map<string, number>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0)
      numbers.set(line.slice(0, colon), parseNumber(line.slice(colon + 2)));
  }
  if (!numbers.has("read_bytes")) return null;
  return Object.fromEntries(
    IO_FIELDS.map((field) => [field, numbers.get(field) ?? NaN]),
  ) as ProcIo;
}

/**
 * The real uid, the first number of the line "Uid:" in /proc/PID/status. The kernel escapes line feeds in a name but
 * not carriage returns. An expression that takes both for the end of a line could mistake part of a name for this line.
 */
export function parseStatusUid(text: string): number | null {
  const match = /(?:^|\n)Uid:\t(\d+)/.exec(text);
  return match === null ? null : Number(match[1]);
}
