/** Values of options: text to numbers, with errors that say what is accepted. */
import { UsageError } from "../errors.ts";
import type { View } from "../model/view/view.ts";
import { MUST_BE_DELAY, parseDelay } from "../model/options/delay.ts";

/** The kernel's own limit on 64-bit machines (PID_MAX_LIMIT). */
const MAX_PID = 4_194_304;

/** The last value, 2^32 - 1, is the kernel's "no such user". */
const MAX_UID = 4_294_967_294;

/** Login name to user id; null if the user does not exist. */
export type UidOfUser = (name: string) => number | null;

/** Plain decimal digits only: no sign, no exponent, no hexadecimal. From 2^53 on, the result is approximate. */
function parseWhole(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

/**
 * @param option the option that takes a time, "--report"
 * @throws UsageError
 */
export function parseDelayMs(text: string, option: string): number {
  const delayMs = parseDelay(text);
  if (delayMs === null)
    throw new UsageError(`${option} ${text}: ${MUST_BE_DELAY}`);
  return delayMs;
}

/** @throws UsageError */
export function parseCount(text: string): number {
  const count = parseWhole(text);
  if (count === null || count < 1)
    throw new UsageError(`--iter ${text}: must be a whole number, 1 or more`);
  return count;
}

/** Each of `texts` may be a comma list. @throws UsageError */
export function parsePids(texts: readonly string[]): readonly number[] {
  return items("--pid", texts).map((item) => {
    const pid = parseWhole(item);
    if (pid === null || pid < 1 || pid > MAX_PID) {
      throw new UsageError(
        `--pid ${item}: must be a process or thread id, 1 to ${MAX_PID}`,
      );
    }
    return pid;
  });
}

/**
 * The users of -u, by id. Those of a recording are also known by their names there: here, a name may be unknown, or
 * that of somebody else.
 *
 * @throws UsageError
 */
export function parseUsers(
  texts: readonly string[],
  uidOfUser: UidOfUser,
  isRecorded: boolean,
): Pick<View, "uids" | "users"> {
  if (!isRecorded) return { uids: parseUids(texts, uidOfUser), users: [] };
  const users = items("--user", texts).map((item) =>
    item.replace(/^\+(?=\d+$)/, ""),
  );
  return { uids: [], users };
}

/**
 * Names first, then numbers, as chown does it: a user may be called 1000. "+1000" is always the number. A number
 * needs no entry in the user database, since files and processes do not either.
 */
function parseUids(
  texts: readonly string[],
  uidOfUser: UidOfUser,
): readonly number[] {
  return items("--user", texts).map((item) => {
    const byName = item.startsWith("+") ? null : uidOfUser(item);
    const uid = byName ?? parseWhole(item.replace(/^\+/, ""));
    if (uid === null || uid > MAX_UID)
      throw new UsageError(
        `--user ${item}: no such user; give a login name or a user id`,
      );
    return uid;
  });
}

/** The items of comma lists, each once. @throws UsageError for an empty item */
function items(option: string, texts: readonly string[]): readonly string[] {
  const listed = new Set<string>();
  for (const text of texts)
    for (const item of text.split(",")) {
      if (item === "")
        throw new UsageError(
          `${option} ${text}: an item is empty; write a list as A,B,C`,
        );
      listed.add(item);
    }
  return [...listed];
}
