/**
 * Which files in a folder that everybody may write to are not written: those that another user has put there, to have
 * them written with our rights. The rules are those of fs.protected_symlinks, fs.protected_fifos and
 * fs.protected_regular (Linux fs/namei.c, may_follow_link and may_create_in_sticky), which can be turned off.
 */
const S_ISVTX = 0o1000;
const S_IWGRP = 0o020;
const S_IWOTH = 0o002;

export interface Owned {
  readonly uid: number;
  readonly mode: number;
}

/** A symbolic link in such a folder is followed if it is ours, or of the folder's owner. */
export function mayFollow(link: Owned, folder: Owned, uid: number): boolean {
  return (
    isTrusted(link, folder, uid) || !hasAll(folder.mode, S_ISVTX | S_IWOTH)
  );
}

/** A file or FIFO that was there is written by the same rule, in folders that a group may write to as well. */
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
