/**
 * Which files in world-writable folders must not be written: those that another user has put there, to have them
 * written with our rights. The rules are those of fs.protected_symlinks, fs.protected_fifos and fs.protected_regular
 * (Linux fs/namei.c, may_follow_link and may_create_in_sticky), which can be turned off.
 */
const S_ISVTX = 0o1000;
const S_IWGRP = 0o020;
const S_IWOTH = 0o002;

export interface Owned {
  readonly uid: number;
  readonly mode: number;
}

/** A symbolic link in such a folder is followed if it belongs to us or to the folder's owner. */
export function mayFollow(link: Owned, folder: Owned, uid: number): boolean {
  return (
    isTrusted(link, folder, uid) || !hasAll(folder.mode, S_ISVTX | S_IWOTH)
  );
}

/** An existing file or FIFO is written by the same rule, also in folders that a group may write to. */
export function mayWrite(file: Owned, folder: Owned, uid: number): boolean {
  return (
    isTrusted(file, folder, uid) ||
    !hasAll(folder.mode, S_ISVTX) ||
    (folder.mode & (S_IWOTH | S_IWGRP)) === 0
  );
}

const isTrusted = (file: Owned, folder: Owned, uid: number): boolean =>
  file.uid === uid || file.uid === folder.uid;

const hasAll = (mode: number, bits: number): boolean => (mode & bits) === bits;
