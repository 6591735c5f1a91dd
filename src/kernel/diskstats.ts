/**
 * /proc/diskstats: the counters of all block devices (Documentation/admin-guide/iostats.rst). The lines of devices that
 * did nothing are the same bytes as before, and are not even parsed.
 */
import { KeptFile } from "./kept-file.ts";

/** Places of the counters that iotop uses. Sectors have 512 bytes, whatever the device says. */
export const DISK = {
  reads: 0,
  readSectors: 2,
  readMs: 3,
  writes: 4,
  writtenSectors: 6,
  writeMs: 7,
  inFlight: 8,
  busyMs: 9,
  queueMs: 10,
} as const;
/** Later kernels have more: discards and flushes. */
const COUNTERS = 11;

const LINE_FEED = 10;
const BLANK = 32;
const ZERO = 48;
const NINE = 57;

const decoder = new TextDecoder();

/** One device, in the last two readings. */
export class DiskLine {
  readonly major: number;
  readonly minor: number;
  readonly name: string;
  readonly before = new Float64Array(COUNTERS);
  readonly now = new Float64Array(COUNTERS);
  /** Any of the counters differs between the two. */
  hasMoved = false;
  /** No reading before the last one had it. */
  isNew = true;

  constructor(major: number, minor: number, name: string) {
    this.major = major;
    this.minor = minor;
    this.name = name;
  }

  /** Nothing was ever counted. */
  get isUnused(): boolean {
    return this.now.every((count) => count === 0);
  }
}

export class Diskstats implements Disposable {
  readonly #file: KeptFile;
  /** Of the reading before: its bytes, and where each of its lines begins; the last entry is its length. */
  #bytes: Uint8Array;
  readonly #starts: number[] = [0];
  readonly #nextStarts: number[] = [];
  /** In the order of the file. The same objects for as long as the devices are there. */
  lines: readonly DiskLine[] = [];
  /** Where the number that was parsed last ends. */
  #at = 0;

  constructor(path = "/proc/diskstats") {
    this.#file = new KeptFile(path);
    this.#bytes = new Uint8Array(new ArrayBuffer(this.#file.content.length));
  }

  /** Reads all lines. @returns false if it cannot be read */
  read(): boolean {
    const length = this.#file.read();
    if (length < 0) {
      this.lines = [];
      this.#starts.length = 1;
      return false;
    }
    this.#parse(this.#file.content, length);
    return true;
  }

  #parse(bytes: Uint8Array, length: number): void {
    const starts = this.#nextStarts;
    starts.length = 0;
    let lines: DiskLine[] | null = null;
    let count = 0;
    for (let at = 0; at < length; count++) {
      const end = endOfLine(bytes, at, length);
      const before = this.lines[count];
      const isSame =
        before !== undefined && this.#equals(count, bytes, at, end);
      const line = isSame ? stay(before) : this.#take(before, bytes, at, end);
      if (line !== before) lines ??= this.lines.slice(0, count);
      lines?.push(line);
      starts.push(at);
      at = end;
    }
    if (count !== this.lines.length) lines ??= this.lines.slice(0, count);
    if (lines !== null) this.lines = lines;
    starts.push(length);
    this.#starts.length = 0;
    for (const start of starts) this.#starts.push(start);
    // The next reading goes where the one before this was.
    this.#file.content = this.#bytes;
    this.#bytes = bytes;
  }

  /** Whether a line of the reading before has these bytes. */
  #equals(at: number, bytes: Uint8Array, from: number, end: number): boolean {
    const start = this.#starts[at]!;
    if (this.#starts[at + 1]! - start !== end - from) return false;
    const shift = start - from;
    // From the end: the counters are there.
    for (let i = end - 1; i >= from; i--)
      if (bytes[i] !== this.#bytes[i + shift]) return false;
    return true;
  }

  /** The line with its new counters: of the device that was in its place, or of another one. */
  #take(
    before: DiskLine | undefined,
    bytes: Uint8Array,
    from: number,
    end: number,
  ): DiskLine {
    const major = this.#number(bytes, from);
    const minor = this.#number(bytes, this.#at);
    let nameAt = this.#at;
    while (bytes[nameAt] === BLANK) nameAt++;
    let nameEnd = nameAt;
    while (nameEnd < end && bytes[nameEnd] !== BLANK) nameEnd++;
    let line: DiskLine | undefined = before;
    if (!isOf(line, major, minor, bytes, nameAt, nameEnd)) {
      line = this.lines.find((each) =>
        isOf(each, major, minor, bytes, nameAt, nameEnd),
      );
    }
    const isNew = line === undefined;
    line ??= new DiskLine(
      major,
      minor,
      decoder.decode(bytes.subarray(nameAt, nameEnd)),
    );
    this.#at = nameEnd;
    this.#count(line, bytes, isNew);
    return line;
  }

  #count(line: DiskLine, bytes: Uint8Array, isNew: boolean): void {
    const { before, now } = line;
    before.set(now);
    for (let i = 0; i < COUNTERS; i++) now[i] = this.#number(bytes, this.#at);
    if (isNew) before.set(now);
    line.isNew = isNew;
    line.hasMoved = now.some((count, i) => count !== before[i]);
  }

  /** The number after these blanks; 0 where there is none. */
  #number(bytes: Uint8Array, at: number): number {
    while (bytes[at] === BLANK) at++;
    let value = 0;
    for (; ; at++) {
      const digit = bytes[at]!;
      if (!(digit >= ZERO && digit <= NINE)) break;
      value = value * 10 + digit - ZERO;
    }
    this.#at = at;
    return value;
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** A device that did nothing between the last two readings. */
function stay(line: DiskLine): DiskLine {
  if (line.hasMoved) {
    line.before.set(line.now);
    line.hasMoved = false;
  }
  line.isNew = false;
  return line;
}

function endOfLine(bytes: Uint8Array, from: number, length: number): number {
  const at = bytes.indexOf(LINE_FEED, from);
  return at < 0 || at >= length ? length : at + 1;
}

function isOf(
  line: DiskLine | undefined,
  otherMajor: number,
  otherMinor: number,
  bytes: Uint8Array,
  from: number,
  end: number,
): line is DiskLine {
  if (line === undefined) return false;
  const { major, minor, name } = line;
  if (major !== otherMajor || minor !== otherMinor) return false;
  if (name.length !== end - from) return false;
  for (let i = 0; i < name.length; i++)
    if (name.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
