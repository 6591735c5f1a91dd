/** Which files are replayed: those that are named, and the recordings in folders that are named. */
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isatty } from "node:tty";
import { wasClosed } from "../../kernel/closed-descriptors.ts";
import {
  parseStoreFileName,
  storeFileName,
  storePeriodEnd,
} from "../../model/store/store-files.ts";
import { Recording, RecordingError, recordingError } from "./recording.ts";

export interface RecordingFile {
  /** "-" is stdin. */
  readonly path: string;
  /** Whether it can be read more than once. */
  readonly isFile: boolean;
  /** Whether it was found in a folder: there may be other files beside recordings. */
  readonly isFound: boolean;
  /** What the name says, if it is that of a file of a store. */
  readonly period: Period | null;
}

export interface Period {
  /** As it stands in the name. */
  readonly host: string;
  /** All samples end at or after this, and before that, Unix ms. */
  readonly beginMs: number;
  readonly endMs: number;
}

/** Those of a store, and those that log rotation leaves: "io.jsonl.1", "io.jsonl-20261124.gz", "io.jsonl.2.zst". */
const NAME = /\.jsonl(?:[.-]\d+)*(?:\.(?:gz|zst))?$/;

/**
 * Each file once, whatever paths lead to it.
 *
 * @throws RecordingError if a path leads nowhere, or to a folder without recordings
 */
export function findRecordings(
  paths: readonly string[],
): readonly RecordingFile[] {
  const found = new Map<string, RecordingFile>();
  for (const path of paths) {
    if (path === "-") {
      found.set("-", { path, isFile: false, isFound: false, period: null });
      continue;
    }
    const stat = statOf(path);
    if (!stat.isDirectory()) {
      add(found, path, false);
      continue;
    }
    const names = readdirSync(path).filter((name) => NAME.test(name));
    const files = names.filter((name) => statOf(join(path, name)).isFile());
    if (files.length === 0)
      throw new RecordingError(
        `${path}: it has no recordings: their names end in .jsonl, .jsonl.gz or .jsonl.zst`,
      );
    for (const name of files.sort()) add(found, join(path, name), true);
  }
  return [...found.values()];
}

function add(
  found: Map<string, RecordingFile>,
  path: string,
  isFound: boolean,
): void {
  const stat = statOf(path);
  const id = `${stat.dev}:${stat.ino}`;
  if (found.has(id)) return;
  const stored = parseStoreFileName(basename(path));
  const period = stored && {
    host: stored.host,
    beginMs: stored.startMs,
    endMs: storePeriodEnd(stored),
  };
  found.set(id, { path, isFile: stat.isFile(), isFound, period });
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw recordingError(path, error);
  }
}

/** @throws RecordingError if it is stdin, and that is closed or a terminal */
export function openRecording({ path }: RecordingFile): Recording {
  // Uses node:fs, because Bun.file refuses devices.
  if (path !== "-") return new Recording(path, createReadStream(placeOf(path)));
  if (wasClosed(0))
    throw new RecordingError(
      "stdin is closed: pipe a recording into --replay -",
    );
  if (isatty(0))
    throw new RecordingError(
      "stdin is a terminal: pipe a recording into --replay -",
    );
  return new Recording(nameOf(path), createReadStream("", { fd: 0 }));
}

/** Where the file is now: the file of a store may have been compressed since it was found. */
export function placeOf(path: string): string {
  const file = parseStoreFileName(basename(path));
  if (file?.form !== "plain" || existsSync(path)) return path;
  return join(dirname(path), storeFileName({ ...file, form: "compressed" }));
}

/** For messages. */
export function nameOf(path: string): string {
  return path === "-" ? "stdin" : path;
}
