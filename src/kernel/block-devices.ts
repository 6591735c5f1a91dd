/** What /sys says of a block device: what it is, and on what it lies (Documentation/ABI/stable/sysfs-block). */
import { readdirSync, readlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { readSmallFile } from "./files.ts";
import { KeptFile } from "./kept-file.ts";

/** As in the model, of which this room knows nothing. */
export type BlockDeviceKind =
  "disk" | "stacked" | "partition" | "loop" | "ram" | "zram" | "hidden";

export interface BlockDevice {
  readonly kind: BlockDeviceKind;
  /** Of a mapping its name, of an array its level, of a loop device its file. */
  readonly label: string | null;
  /** Names of the devices on which it lies. */
  readonly liesOn: readonly string[];
  /** 512-byte sectors; NaN if it is not known. */
  readonly sectors: number;
  /** Another number is another device, or another medium; null before Linux 5.15, and for partitions. */
  readonly sequence: string | null;
}

/** Arrays and mappings that lie on nothing yet, and volumes of ZFS, which is no block device itself. */
const STACKED_NAME = /^(zd|md|dm-)\d/;
/** The kernel puts a p between if the name of the disk ends with a digit. */
const PARTITION_NAME = /^(?:((?:sd|hd|vd|xvd)[a-z]+)\d+|(.*\d)p\d+)$/;
const EVENT_COUNT_BYTES = 32;
const SPARE_NAME = /^(loop|zram|ram)\d+$/;

/** Kinds of which there are often many that nobody uses; null for all others. */
export function spareKindOf(name: string): "loop" | "zram" | "ram" | null {
  const [, kind] = SPARE_NAME.exec(name) ?? [];
  return (kind as "loop" | "zram" | "ram" | undefined) ?? null;
}

export class BlockDevices implements Disposable {
  readonly #root: string;
  readonly #events: KeptFile;

  /** @param root /sys, or what stands for it */
  constructor(root = "/sys") {
    this.#root = root;
    this.#events = new KeptFile(`${root}/kernel/uevent_seqnum`);
  }

  /**
   * Changes whenever a device comes, goes or becomes another one (lib/kobject_uevent.c); NaN if it cannot be read, and
   * then it says nothing.
   */
  readEventCount(): number {
    const text = this.#events.textOf(this.#events.readFirst(EVENT_COUNT_BYTES));
    return text === null ? NaN : Number.parseInt(text, 10);
  }

  /** Without /sys, what the name says. */
  describe(major: number, minor: number, name: string): BlockDevice {
    const path = this.#pathOf(`${major}:${minor}`);
    const slaves = list(`${path}/slaves`).map(nameOf);
    const size = this.#read(path, "size");
    const partitionOf = size === null ? diskByName(name) : this.#diskOf(path);
    const isHidden = this.#read(path, "hidden") === "1";
    const kind = kindOf(name, partitionOf !== null, isHidden, slaves);
    return {
      kind,
      label: this.#labelOf(path),
      liesOn: partitionOf === null ? slaves : [partitionOf],
      sectors: Number.parseInt(size ?? "", 10),
      sequence: this.readSequence(major, minor),
    };
  }

  /** "vda" of "254:0"; null if there is none. */
  readName(number: string): string | null {
    try {
      return nameOf(readlinkSync(this.#pathOf(number)));
    } catch {
      return null;
    }
  }

  /** Numbers of the devices on which it lies, "254:0"; none if there is no such device. */
  readNumbersBelow(number: string): readonly string[] {
    const path = this.#pathOf(number);
    const isPartition = this.#read(path, "partition") !== null;
    const below = isPartition
      ? [".."]
      : list(`${path}/slaves`).map((each) => `slaves/${each}`);
    return below
      .map((folder) => this.#read(path, `${folder}/dev`))
      .filter((each) => each !== null);
  }

  readSequence(major: number, minor: number): string | null {
    return this.#read(this.#pathOf(`${major}:${minor}`), "diskseq");
  }

  /** Whether it counts anything: queue/iostats; null for a partition, which counts if its disk does. */
  readCounts(major: number, minor: number): boolean | null {
    const path = this.#pathOf(`${major}:${minor}`);
    const text = this.#read(path, "queue/iostats");
    return text === null ? null : text !== "0";
  }

  /** The disk of a partition; null for all else. */
  #diskOf(path: string): string | null {
    if (this.#read(path, "partition") === null) return null;
    // The link of a partition leads into the folder of its disk.
    try {
      return nameOf(dirname(readlinkSync(path)));
    } catch {
      // It is gone by now.
      return null;
    }
  }

  #labelOf(path: string): string | null {
    return (
      this.#read(path, "dm/name") ||
      this.#read(path, "md/level") ||
      this.#read(path, "loop/backing_file") ||
      null
    );
  }

  #pathOf(number: string): string {
    return `${this.#root}/dev/block/${number}`;
  }

  #read(path: string, file: string): string | null {
    return readSmallFile(`${path}/${file}`)?.replace(/\n$/, "") ?? null;
  }

  [Symbol.dispose](): void {
    this.#events[Symbol.dispose]();
  }
}

function kindOf(
  name: string,
  isPartition: boolean,
  isHidden: boolean,
  slaves: readonly string[],
): BlockDeviceKind {
  if (isPartition) return "partition";
  if (isHidden) return "hidden";
  const isStacked = slaves.length > 0 || STACKED_NAME.test(name);
  return spareKindOf(name) ?? (isStacked ? "stacked" : "disk");
}

/** The same where there is no /sys. */
const diskByName = (name: string): string | null =>
  PARTITION_NAME.exec(name)?.slice(1).find(Boolean) ?? null;

/** In names of files there is an exclamation mark for each slash of the device's name: "cciss!c0d0". */
const nameOf = (path: string): string => basename(path).replaceAll("!", "/");

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
