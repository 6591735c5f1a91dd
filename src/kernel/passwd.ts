/**
 * Login names. /etc/passwd is read first, because a query to the system can wait for a directory server that is down.
 */
import { readSmallFile } from "./files.ts";
import { libc } from "./libc.ts";

export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [name, , uid] = line.split(":");
    if (!name || !uid || !/^\d+$/.test(uid)) continue;
    // The first line with a uid wins, as in getpwuid(3).
    if (!names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

let listed: ReadonlyMap<number, string> | undefined;
const resolved = new Map<number, string>();

function listUsers(): ReadonlyMap<number, string> {
  return (listed ??= parsePasswd(readSmallFile("/etc/passwd") ?? ""));
}

/** The login name of a uid, or the uid as text. Each uid is looked up once. */
export function userOfUid(uid: number): string {
  const known = listUsers().get(uid) ?? resolved.get(uid);
  if (known !== undefined) return known;
  const name = libc().nameOfUid(uid) ?? String(uid);
  resolved.set(uid, name);
  return name;
}

/** The uid of a login name; null if the system knows no such user. */
export function uidOfUser(name: string): number | null {
  for (const [uid, listedName] of listUsers())
    if (listedName === name) return uid;
  return libc().uidOfName(name);
}

/** The home of a user of this machine, as /etc/passwd has it; null for users of a directory server. */
export function homeOfUid(uid: number): string | null {
  for (const line of (readSmallFile("/etc/passwd") ?? "").split("\n")) {
    const [, , id, , , home = ""] = line.split(":");
    if (id === String(uid) && home.startsWith("/")) return home;
  }
  return null;
}
