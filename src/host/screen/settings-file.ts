/**
 * The settings file of the screen. As root, it is read only if no other user could have written it: except the one who
 * called sudo, in the own home. It is written in one step, and only there too.
 */
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { SettingsControl } from "../../model/controls.ts";
import {
  isSettingsText,
  replaceSettings,
  type SettingsFile,
} from "../../model/options/setting-lines.ts";
import { homeOfUid } from "../../kernel/passwd.ts";
import { describeError, errorCode } from "../../errors.ts";
import { nearestExisting } from "../files/nearest-existing.ts";
import { findDistrust, trustedUids } from "../modules/module-trust.ts";
import { readPrivileges, type Privileges } from "../run/privileges.ts";

const {
  O_RDONLY,
  O_WRONLY,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_NOCTTY,
  O_DIRECTORY,
} = constants;
/** Many times what all options need. */
const MOST_BYTES = 64 * 1024;
const MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Where iotop-c has it; null if the environment names no home. */
export function settingsPath(
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const config = env["XDG_CONFIG_HOME"] ?? "";
  const home = env["HOME"] ?? "";
  if (isAbsolute(config)) return join(config, "iotop", "iotoprc");
  return isAbsolute(home) ? join(home, ".config", "iotop", "iotoprc") : null;
}

/** Never waits for anybody, whatever has the name of the file. */
export function readSettingsFile(
  path: string | null,
  privileges: Privileges = readPrivileges(),
): SettingsFile {
  const found = (text: string, flaw: string | null): SettingsFile => ({
    path,
    text,
    flaw,
  });
  if (path === null) return found("", null);
  try {
    const distrust = judge(path, path, privileges);
    if (distrust !== null) return found("", distrust);
    return readText(path, found);
  } catch (error) {
    const isAbsent = ["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "");
    return found("", isAbsent ? null : describeError(error));
  }
}

function readText(
  path: string,
  found: (text: string, flaw: string | null) => SettingsFile,
): SettingsFile {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) return found("", "it is not a regular file");
    if (facts.size > MOST_BYTES)
      return found("", `it is longer than ${MOST_BYTES / 1024} KiB`);
    return found(readFileSync(fd, "utf8"), null);
  } finally {
    closeSync(fd);
  }
}

/**
 * Why another user could have written there, where that matters: with rights that such a user does not have.
 *
 * @param at the file, or a folder above it
 * @throws Error as lstat(2) if it does not exist
 */
function judge(
  at: string,
  path: string,
  privileges: Privileges,
): string | null {
  const { uid, atSecure } = privileges;
  if (uid !== 0 && !atSecure) return null;
  const owner = ownerOf(path, privileges);
  const distrust = findDistrust(at, new Set([0, uid, owner]));
  // Whoever reads it knows the path.
  return distrust?.replace(`${path} `, "it ") ?? null;
}

/** Who may own a file of this path besides root: who called sudo, in the own home. */
export function ownerOf(
  path: string,
  { sudoUid, atSecure }: Privileges,
  homeOf: (uid: number) => string | null = homeOfUid,
): number {
  // The caller of a program with more rights can name any user.
  if (atSecure) return 0;
  for (const uid of trustedUids(sudoUid)) {
    const home = uid === 0 ? null : homeOf(uid);
    if (home !== null && path.startsWith(`${home}/`)) return uid;
  }
  return 0;
}

/** The file of this user. */
export const readSettings = (): SettingsFile =>
  readSettingsFile(settingsPath(process.env));

/**
 * What `-W` asks for.
 *
 * @returns what was done, as a line
 * @throws Error if it cannot be done
 */
export function saveSettings({
  path,
  lines,
}: {
  readonly path: string | null;
  readonly lines: readonly string[];
}): string {
  if (path === null)
    throw failed(
      "the settings file has no place, because HOME is not an absolute path",
    );
  const failure = savedSettings(path).save(lines);
  if (failure !== null) throw failed(failure);
  return `saved in ${path}\n`;
}

/** A cause marks errors that are put into words on purpose. */
const failed = (text: string): Error =>
  new Error(text, { cause: "the settings file" });

/** Saves where `readSettingsFile` reads. */
export function savedSettings(
  path: string,
  privileges: Privileges = readPrivileges(),
): SettingsControl {
  return {
    path,
    save(lines) {
      try {
        const { text, flaw: ofFile } = readSettingsFile(path, privileges);
        const flaw =
          ofFile ?? judge(nearestExisting(dirname(path)), path, privileges);
        if (flaw !== null) return `${path} is not written: ${flaw}`;
        const real = resolveLinks(path);
        if (real !== path && !isSettingsText(text))
          return `${path} is not written: it leads to ${real}, which is not a settings file`;
        write(path, real, replaceSettings(text, lines), privileges);
        return null;
      } catch (error) {
        return `${path} cannot be written: ${describeError(error)}`;
      }
    },
  };
}

/**
 * @param real where links of the path lead
 * @throws what the system said, or an error in words
 */
function write(
  path: string,
  real: string,
  text: string,
  privileges: Privileges,
): void {
  // Who keeps it elsewhere and links to it, as those do who have their settings in git, has chosen its mode too.
  const mode = real === path ? MODE : statSync(real).mode & 0o777;
  const folder = dirname(real);
  const owner =
    privileges.uid === 0 ? ownerOf(path, privileges) : privileges.uid;
  // As root in the home of another user: who may move folders there could have one made anywhere.
  if (owner === privileges.uid)
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  else if (!existsSync(folder))
    throw new Error(
      `as root, iotop creates no folder in another user's home: create ${folder} first`,
    );
  const fd = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const { uid, gid } = fstatSync(fd);
    if (privileges.uid === 0 && uid !== owner)
      throw new Error(`${folder} belongs to user ${uid}, not to ${owner}`);
    // The name of the folder may lead elsewhere by now, the descriptor does not.
    const inside = `/proc/self/fd/${fd}`;
    const temporary = join(inside, `.${basename(real)}.${process.pid}`);
    rmSync(temporary, { force: true });
    try {
      const shared = privileges.uid === 0 ? { uid, gid } : null;
      writeNew(temporary, text, mode, shared);
      renameSync(temporary, join(inside, basename(real)));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } finally {
    closeSync(fd);
  }
}

function writeNew(
  path: string,
  text: string,
  mode: number,
  owner: { readonly uid: number; readonly gid: number } | null,
): void {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MODE);
  try {
    if (owner !== null) fchownSync(fd, owner.uid, owner.gid);
    fchmodSync(fd, mode);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;)
      at += writeSync(fd, bytes, at, bytes.length - at);
  } finally {
    closeSync(fd);
  }
}

/** A link to a file elsewhere stays a link; where there is no file, the path itself. */
function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    return path;
  }
}
