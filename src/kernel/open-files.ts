/**
 * The open files of one process.
 *
 * Nothing here may wait for a file system: the links and the positions are the kernel's own, and the size is asked for
 * only where the file system is a local one, which answers from memory. A file server that is gone would hold us up
 * until it is back.
 */
import { readlinkSync, statSync, type Stats } from "node:fs";
import { parseMountinfo } from "./mountinfo.ts";
import { parseFdInfo, type FdInfo } from "./fd-parse.ts";
import { fileReader, NumberList, readSmallFile } from "./files.ts";
import { MACHINE } from "./libc.ts";

/** More than anybody looks through; each costs some 20 µs. */
const MOST_READ = 256;
const MOST_COUNTED = 4096;
/** Longer ones list what an event queue watches. */
const FDINFO_BYTES = 1024;

/** Their stat(2) reads the inode, which an open file keeps in memory. */
const LOCAL_TYPES: ReadonlySet<string> = new Set([
  ...["ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "bcachefs"],
  ...["vfat", "exfat", "ntfs3", "tmpfs", "squashfs", "erofs", "iso9660", "udf"],
]);
const O_ACCMODE = 3;
const O_PATH = 0o10000000;
const MODES = ["r", "w", "rw"] as const;

export interface OpenFileReading {
  readonly fd: number;
  readonly mode: (typeof MODES)[number] | "path" | null;
  /** Path, or what the kernel calls it: "socket:[1234]". */
  readonly path: string;
  /** Bytes; null for what has no position. */
  readonly position: number | null;
  /** Bytes; null for what is no regular file, and on file systems that may not answer. */
  readonly size: number | null;
}

export interface OpenFilesReading {
  /** Regular files first; not all if there are many. */
  readonly files: readonly OpenFileReading[];
  /** Null if there are too many to count. */
  readonly count: number | null;
}

/**
 * @param folder of the process: "/proc/123"
 * @returns null if iotop may not see them, or the process has ended
 */
export function readOpenFiles(folder: string): OpenFilesReading | null {
  const fds = new NumberList();
  const count = fileReader().listNumbers(`${folder}/fd`, fds, MOST_COUNTED);
  if (count < 0) return null;
  let types: ReadonlyMap<number, string> | undefined;
  const typeOf = (mountId: number): string | undefined =>
    (types ??= readMountTypes(folder)).get(mountId);
  const files: OpenFileReading[] = [];
  for (let i = 0; i < Math.min(fds.length, MOST_READ); i++) {
    const file = readOpenFile(folder, fds.get(i), typeOf);
    if (file !== null) files.push(file);
  }
  return {
    files: files.sort((a, b) => rankOf(a) - rankOf(b) || a.fd - b.fd),
    count: count > MOST_COUNTED ? null : count,
  };
}

/** The type of the file system of each mount, by its id. */
function readMountTypes(folder: string): ReadonlyMap<number, string> {
  const mounts = parseMountinfo(readSmallFile(`${folder}/mountinfo`) ?? "");
  return new Map(mounts.map(({ id, type }) => [id, type]));
}

/** Regular files, then what else has a position, then the rest. */
const rankOf = ({ size, position }: OpenFileReading): number =>
  size !== null ? 0 : position !== null ? 1 : 2;

function readOpenFile(
  folder: string,
  fd: number,
  typeOf: (mountId: number) => string | undefined,
): OpenFileReading | null {
  const link = `${folder}/fd/${fd}`;
  let path: string;
  try {
    path = readlinkSync(link);
  } catch {
    return null;
  }
  // What an event queue watches is in its fdinfo too, which the kernel would write for us at any length.
  if (!path.startsWith("/"))
    return { fd, mode: null, path, position: null, size: null };
  const text = readSmallFile(`${folder}/fdinfo/${fd}`, FDINFO_BYTES);
  const info = text === null ? null : parseFdInfo(text);
  if (info === null)
    return { fd, mode: null, path, position: null, size: null };
  const stat = LOCAL_TYPES.has(typeOf(info.mountId) ?? "")
    ? statOf(link)
    : null;
  return {
    fd,
    mode: modeOf(info),
    path,
    position: hasPosition(info, path, stat) ? info.position : null,
    size: stat?.isFile() ? stat.size : null,
  };
}

function modeOf({ flags }: FdInfo): OpenFileReading["mode"] {
  if ((flags & O_PATH) !== 0) return "path";
  return MODES[flags & O_ACCMODE] ?? null;
}

/** A directory's is a number that means nothing; that of a device that is no disk stays 0. */
function hasPosition(
  { flags, position }: FdInfo,
  path: string,
  stat: Stats | null,
): boolean {
  if ((flags & (O_PATH | MACHINE.O_DIRECTORY)) !== 0) return false;
  if (stat !== null) return stat.isFile() || stat.isBlockDevice();
  return position > 0 || !path.startsWith("/dev/");
}

function statOf(link: string): Stats | null {
  try {
    return statSync(link);
  } catch {
    return null;
  }
}
