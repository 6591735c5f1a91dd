/**
 * What programs in the kernel and iotop hand each other: the entries of the maps, and where each field is. Pure.
 *
 * All numbers are little-endian, as on every processor that iotop is built for.
 */

/** What happened to the bytes. */
export const KIND = {
  /** A page of a file became dirty: the kernel counts it in write_bytes of the task that wrote. */
  dirtied: 0,
  /** A request went to a device: the kernel counts it in read_bytes. */
  read: 1,
  /** A request went to a device; often from a kernel thread, which writes what others have dirtied. */
  written: 2,
  /** The same two with O_DIRECT, past the page cache. Here the kernel counts the write. */
  directRead: 5,
  directWrite: 6,
} as const;
/** Between a kind and the direct one. */
export const DIRECT = 4;

/** A file: an inode number is used again, with another generation, and is unique on its file system only. */
export const FILE_FIELDS = { inode: 0, generation: 8, fileSystem: 12 } as const;
export const FILE_BYTES = 16;

/** Key of the map `events`. Every byte of it counts, those between the fields too. */
export const EVENT_FIELDS = {
  pid: 0,
  kind: 4,
  /** When the process began, ns since boot: tells it from others that have had its id. */
  processStart: 8,
  /** Of the request; 0 for `dirtied`, as no device has a part in that. */
  device: 16,
  unused: 20,
  file: 24,
} as const;
export const EVENT_BYTES = EVENT_FIELDS.file + FILE_BYTES;
/** Value of `events`: bytes, a number that only grows. */
export const COUNT_BYTES = 8;

/** Value of the map `names`: how far it is done, and a name a level, from the file up to the root of its file system. */
export const NAME_LEVELS = 10;
/** With the zero byte at the end. */
export const LEVEL_BYTES = 72;
export const NAME_BYTES = 8 + NAME_LEVELS * LEVEL_BYTES;
export const NAME_STATE = {
  /** A program is at it. */
  unfinished: 0,
  /** Up to the root. */
  whole: 1,
  /** There are more levels. */
  deeper: 2,
} as const;

/** All three are 0 for what is no file. For pages of a device itself, the device stands for the file system. */
export interface FileId {
  readonly inode: number;
  readonly generation: number;
  readonly fileSystem: number;
}

export const isNoFile = ({ inode, fileSystem }: FileId): boolean =>
  inode === 0 && fileSystem === 0;

export interface EventKey {
  readonly pid: number;
  readonly processStartNs: number;
  readonly kind: number;
  readonly device: number;
  readonly file: FileId;
}

/** As the kernel has it inside: 12 bits and 20 bits (include/linux/kdev_t.h). */
export const majorOf = (device: number): number => device >>> 20;
export const minorOf = (device: number): number => device & 0xfffff;

export function parseEventKey(bytes: Uint8Array): EventKey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, EVENT_BYTES);
  const { pid, kind, processStart, device, file } = EVENT_FIELDS;
  return {
    pid: view.getUint32(pid, true),
    kind: view.getUint32(kind, true),
    processStartNs: readCount(view, processStart),
    device: view.getUint32(device, true),
    file: {
      inode: readCount(view, file + FILE_FIELDS.inode),
      generation: view.getUint32(file + FILE_FIELDS.generation, true),
      fileSystem: view.getUint32(file + FILE_FIELDS.fileSystem, true),
    },
  };
}

/** The part of an event's key that names the file, which is the key of `names`. */
export const fileBytesOf = (eventKey: Uint8Array): Uint8Array =>
  eventKey.subarray(EVENT_FIELDS.file, EVENT_BYTES);

/** A number of 64 bits; exact below 2^53, which is 9 petabytes. */
export const readCount = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;

const decoder = new TextDecoder();
/** Stands for what was left out of a path. */
const CUT = "\u2026";

/** The path on its file system, "/etc/passwd"; null if it is not known, or not yet. */
export function parseName(value: Uint8Array): string | null {
  const view = new DataView(value.buffer, value.byteOffset, NAME_BYTES);
  const state = view.getUint32(0, true);
  if (state === NAME_STATE.unfinished) return null;
  const levels: string[] = [];
  for (let level = 0; level < NAME_LEVELS; level++) {
    const at = 8 + level * LEVEL_BYTES;
    const bytes = value.subarray(at, at + LEVEL_BYTES);
    const length = bytes.indexOf(0);
    if (length <= 0) break;
    const text = decoder.decode(bytes.subarray(0, length));
    // A character that was cut in two is left out.
    levels.unshift(
      length < LEVEL_BYTES - 1 ? text : text.replace(/\ufffd+$/, "") + CUT,
    );
  }
  if (levels.length === 0) return null;
  // The root of a file system is called "/".
  if (state === NAME_STATE.whole) levels.shift();
  else levels.unshift(CUT);
  return `/${levels.join("/")}`;
}
