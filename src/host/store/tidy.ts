/** What becomes of the files of a store: they are compressed when their time is over, and go when they are too many. */
import type { StoreSettings } from "../../output-options/file-options.ts";
import {
  SHORTEST_PERIOD,
  storeFileName,
  storePeriodEnd,
  type StoreFile,
} from "../../model/store/store-files.ts";
import { chooseExpired } from "../../model/store/store-limits.ts";
import { describeError } from "../../errors.ts";
import { compressFile } from "./compress.ts";
import type { StoreFolder } from "./folder.ts";

export interface TidyOptions {
  readonly settings: StoreSettings;
  /** Permissions of a compressed file; null: its owner's alone. */
  readonly mode: number | null;
  /** Of the newest sample, Unix ms: how old files are. */
  readonly newestMs: number;
  /** What ends before this is over, Unix ms. */
  readonly overMs: number;
  /** The file is being written. */
  isOpen(name: string): boolean;
  /** Somebody waits: the rest is done the next time. */
  isHurried(): boolean;
  warn(text: string): void;
  /** Aborted when nobody waits any more: then what is plain stays so, until the next time. */
  readonly signal: AbortSignal;
}

/** Never throws: what fails is tried again the next time. @param host as in names of files */
export async function tidyStore(
  folder: StoreFolder,
  host: string,
  options: TidyOptions,
): Promise<void> {
  try {
    // What is still to be compressed would count with its whole size.
    if (
      !options.settings.isCompressed ||
      (await compressOver(folder, host, options))
    )
      await removeExpired(folder, host, options);
  } catch (error) {
    options.warn(`${folder.path}: ${describeError(error)}`);
  }
}

/**
 * At least one file, so that a replay closes none faster than they are compressed.
 *
 * @returns whether all are
 */
async function compressOver(
  folder: StoreFolder,
  host: string,
  options: TidyOptions,
): Promise<boolean> {
  const { overMs, isOpen, isHurried, signal } = options;
  let tried = 0;
  for (const file of await folder.list(host)) {
    if (file.form !== "plain" || storePeriodEnd(file) > overMs) continue;
    // Asked each time: it may have been opened meanwhile.
    if (isOpen(file.name)) continue;
    if (signal.aborted || (tried > 0 && isHurried())) return false;
    tried++;
    await tryToCompress(folder, file, options);
  }
  return !signal.aborted;
}

/** Where it fails, the file stays plain. */
async function tryToCompress(
  folder: StoreFolder,
  file: StoreFile,
  { mode, signal, warn }: TidyOptions,
): Promise<void> {
  try {
    await compressFile(folder, file, mode, signal);
  } catch (error) {
    if (signal.aborted) return;
    const name = folder.nameOf(storeFileName(file));
    warn(`${name} stays plain for now: ${describeError(error)}`);
  }
}

/**
 * Sees to the file that has its share of the limit while it is written: it is compressed early, so that the next one of
 * its period begins empty. Never throws.
 *
 * @param file closed just now
 */
export async function cutFile(
  folder: StoreFolder,
  file: StoreFile,
  options: TidyOptions,
): Promise<void> {
  await tidyStore(folder, file.host, options);
  if (!options.settings.isCompressed) return;
  // Where its period is over, it may be compressed already.
  const left = await folder.readFile(storeFileName(file)).catch(() => null);
  await left?.close();
  if (left !== null) await tryToCompress(folder, file, options);
}

async function removeExpired(
  folder: StoreFolder,
  host: string,
  { settings, newestMs, isOpen, warn }: TidyOptions,
): Promise<void> {
  const files = (await folder.list(host)).map((file) => ({
    ...file,
    isOpen: isOpen(file.name),
  }));
  const expired = chooseExpired(files, newestMs, settings);
  for (const { name } of expired) await folder.remove(name);
  const newest = expired.at(-1);
  const isBySize =
    newest !== undefined && storePeriodEnd(newest) > newestMs - settings.keepMs;
  const isAlone = files.length === expired.length + 1;
  if (isBySize && isAlone)
    warn(
      `${folder.nameOf(newest.name)} had to go, so that only what is being written is left: ${adviceForMax(settings)}`,
    );
}

/** For a limit that is too small. */
export const adviceForMax = ({ period }: StoreSettings): string =>
  period === SHORTEST_PERIOD
    ? "give a larger max"
    : "give a larger max, or a shorter every";
