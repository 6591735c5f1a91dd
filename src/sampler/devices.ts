/** What the block devices did between two readings. A device that did nothing costs the comparison of its line. */
import {
  spareKindOf,
  type BlockDevice,
  type BlockDevices,
} from "../kernel/block-devices.ts";
import { DISK, type DiskLine, type Diskstats } from "../kernel/diskstats.ts";
import type { DeviceDelta } from "../model/sample.ts";
import { sumOfPaths } from "./device-paths.ts";

const SECTOR_BYTES = 512;
/** Times are printed as 32 bits: they wrap after 49.7 days of accumulated time, for 100 requests at once in 12 hours. */
const WRAP_MS = 2 ** 32;
/** Counting can be switched off without a word. A device that moves is known to count; the others are asked this often. */
const ASK_AGAIN_S = 10;
/** The counters that only grow, for as long as it is the same device. */
const GROWING = [
  DISK.reads,
  DISK.readSectors,
  DISK.writes,
  DISK.writtenSectors,
];

interface Entry {
  readonly line: DiskLine;
  /** Null until it is used, if it is one of those that often nobody uses. */
  about: BlockDevice | null;
  /** Null for a partition, and where /sys does not say. */
  counts: boolean | null;
  /** `#eventCount` when it was last known to be the same device. */
  checked: number;
  /** Null while `about` is. */
  delta: DeviceDelta | null;
  /** It had counted nothing since boot when the devices were last listed. */
  wasUnused: boolean;
}

export class DeviceReader implements Disposable {
  readonly #diskstats: Diskstats;
  readonly #sys: BlockDevices;
  #lines: readonly DiskLine[] = [];
  #entries: readonly Entry[] = [];
  #shown: readonly Entry[] = [];
  /** Names of those that have counted nothing since boot, and whether any is a path to another. */
  #unused: ReadonlySet<string> = new Set();
  #hasPaths = false;
  #eventCount = NaN;
  #askedS = -Infinity;
  /**
   * In the order of /proc/diskstats; null if that cannot be read. The same list as before if nothing moved, with the
   * same entries for devices that did not. Loop and memory disks that were never used are left out, and so are devices
   * without a medium.
   */
  deltas: readonly DeviceDelta[] | null = null;

  constructor(diskstats: Diskstats, sys: BlockDevices) {
    this.#diskstats = diskstats;
    this.#sys = sys;
  }

  /** @param nowS on any steady clock */
  read(nowS: number): void {
    if (!this.#diskstats.read()) {
      this.#lines = [];
      this.#entries = [];
      this.deltas = null;
      return;
    }
    this.#eventCount = this.#sys.readEventCount();
    const areSame = this.#diskstats.lines === this.#lines;
    if (!areSame) this.#meet();
    let mustList = !areSame;
    let hasOther = false;
    const mustAsk = nowS - this.#askedS >= ASK_AGAIN_S;
    if (mustAsk) this.#askedS = nowS;
    for (const entry of this.#entries) {
      const { delta, line } = entry;
      if (line.isNew) continue;
      if (line.hasMoved && entry.wasUnused) mustList = true;
      if (line.hasMoved) this.#move(entry);
      else this.#rest(entry, mustAsk);
      if (entry.delta !== delta) hasOther = true;
    }
    if (mustList) this.#list();
    if (!mustList && !hasOther) return;
    const deltas = this.#shown.map(({ delta }) => delta!);
    this.deltas = this.#hasPaths ? sumOfPaths(deltas, this.#unused) : deltas;
  }

  /** Other devices are shown than before. */
  #list(): void {
    for (const entry of this.#entries) entry.wasUnused = entry.line.isUnused;
    this.#shown = this.#entries.filter(isShown);
    this.#hasPaths = this.#shown.some(({ about }) => about?.kind === "hidden");
    const unused = this.#entries.filter(({ wasUnused }) => wasUnused);
    this.#unused = new Set(unused.map(({ line }) => line.name));
  }

  /** The devices are not those of the reading before. */
  #meet(): void {
    const known = new Map(this.#entries.map((entry) => [entry.line, entry]));
    this.#lines = this.#diskstats.lines;
    this.#entries = this.#lines.map((line) => {
      const entry = known.get(line);
      return entry ?? this.#begin(line);
    });
  }

  #begin(line: DiskLine): Entry {
    const entry: Entry = {
      ...{ line, about: null, counts: null, checked: NaN, delta: null },
      wasUnused: line.isUnused,
    };
    const isSpare = spareKindOf(line.name) !== null && entry.wasUnused;
    if (!isSpare) entry.delta = unknownOf(line, this.#describe(entry));
    return entry;
  }

  #describe(entry: Entry): BlockDevice {
    const { major, minor, name } = entry.line;
    entry.counts = this.#sys.readCounts(major, minor);
    entry.checked = this.#eventCount;
    return (entry.about = this.#sys.describe(major, minor, name));
  }

  #move(entry: Entry): void {
    const { line } = entry;
    const isSame =
      GROWING.every((i) => line.now[i]! >= line.before[i]!) &&
      this.#isSame(entry);
    const about =
      isSame && entry.about !== null ? entry.about : this.#describe(entry);
    // It may count again. Or not: the kernel counts flushes all the same.
    if (entry.counts === false)
      entry.counts = this.#sys.readCounts(line.major, line.minor);
    const isKnown = isSame && this.#doesCount(entry, about);
    entry.delta = isKnown ? between(line, about) : unknownOf(line, about);
  }

  /** Whether it is the device that it was, as far as /sys can tell. */
  #isSame(entry: Entry): boolean {
    const { about, line } = entry;
    if (about === null || entry.checked === this.#eventCount) return true;
    entry.checked = this.#eventCount;
    const sequence = this.#sys.readSequence(line.major, line.minor);
    if (sequence !== about.sequence) return false;
    // It may lie on others by now.
    if (about.kind === "stacked") this.#describe(entry);
    return true;
  }

  #rest(entry: Entry, mustAsk: boolean): void {
    const { line, about, delta } = entry;
    if (about === null || delta === null) return;
    // What it does from now on is known then. One that lies on others is looked at when it moves.
    if (about.kind !== "stacked" && !this.#isSame(entry)) {
      entry.delta = unknownOf(line, this.#describe(entry));
      return;
    }
    if (mustAsk) entry.counts = this.#sys.readCounts(line.major, line.minor);
    const isKnown = this.#doesCount(entry, about);
    if (isKnown !== (delta.reads !== null) || !isAtRest(delta))
      entry.delta = isKnown ? between(line, about) : unknownOf(line, about);
  }

  /** A partition counts if its disk does. */
  #doesCount({ counts }: Entry, about: BlockDevice): boolean {
    if (about.kind !== "partition") return counts !== false;
    const disk = this.#entries.find(
      ({ line }) => line.name === about.liesOn[0],
    );
    return disk?.counts !== false;
  }

  [Symbol.dispose](): void {
    this.#diskstats[Symbol.dispose]();
    this.#sys[Symbol.dispose]();
  }
}

/** Not without a medium. */
function isShown({ about, wasUnused }: Entry): boolean {
  return about !== null && !(about.sectors === 0 && wasUnused);
}

/** Nothing moved in it, and nothing is under way that would have to end. */
function isAtRest({
  reads,
  writes,
  busyNs,
  queueNs,
  readBytes,
  writeBytes,
}: DeviceDelta): boolean {
  return !(reads || writes || busyNs || queueNs || readBytes || writeBytes);
}

function between(line: DiskLine, about: BlockDevice): DeviceDelta {
  const { before, now } = line;
  const count = (at: number): number => now[at]! - before[at]!;
  const timeNs = (at: number): number => {
    const ms = count(at);
    return (ms < 0 ? ms + WRAP_MS : ms) * 1e6;
  };
  return {
    ...identityOf(line, about),
    readBytes: count(DISK.readSectors) * SECTOR_BYTES,
    writeBytes: count(DISK.writtenSectors) * SECTOR_BYTES,
    reads: count(DISK.reads),
    writes: count(DISK.writes),
    readNs: timeNs(DISK.readMs),
    writeNs: timeNs(DISK.writeMs),
    busyNs: timeNs(DISK.busyMs),
    queueNs: timeNs(DISK.queueMs),
    inFlight: now[DISK.inFlight]!,
  };
}

function unknownOf(line: DiskLine, about: BlockDevice): DeviceDelta {
  return {
    ...identityOf(line, about),
    ...{ readBytes: null, writeBytes: null, reads: null, writes: null },
    ...{ readNs: null, writeNs: null, busyNs: null, queueNs: null },
    inFlight: null,
  };
}

function identityOf(
  { name }: DiskLine,
  { kind, label, liesOn }: BlockDevice,
): Pick<DeviceDelta, "name" | "label" | "kind" | "liesOn" | "isPhysical"> {
  return { name, label, kind, liesOn, isPhysical: kind === "disk" };
}
